import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "..");
const DIST = join(ROOT, "dist");
/** What the panel shares with report, terminal and page. */
const HEADROOM = join(ROOT, "..", "alerts", "headroom.ts");
const json = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
const bundle = readFileSync(join(DIST, "module.js"), "utf8");

/** Grafana loads the whole bundle before the first picture. Measured: 54 kB. */
const MOST_BYTES = 80_000;

/**
 * What Grafana asks of a panel's plugin.json.
 * Source: docs/sources/developers/plugins/plugin.schema.json in github.com/grafana/grafana; the keys
 * `suggestions` and `buildMode` from PanelPluginMeta and PluginMeta of @grafana/data 13.1.1.
 */
const PluginJson = z.strictObject({
  $schema: z.string().optional(),
  type: z.literal("panel"),
  name: z.string().min(1),
  id: z.string().regex(/^[0-9a-z]+-([0-9a-z]+-)?panel$/),
  buildMode: z.enum(["production", "development"]).optional(),
  suggestions: z.boolean().optional(),
  info: z.strictObject({
    author: z.strictObject({ name: z.string() }),
    keywords: z.array(z.string()).min(1),
    description: z.string(),
    logos: z.strictObject({
      small: z.string().endsWith(".svg"),
      large: z.string().endsWith(".svg"),
    }),
    links: z.array(z.strictObject({ name: z.string(), url: z.url() })),
    screenshots: z.array(z.strictObject({ name: z.string(), path: z.string() })),
    version: z.string().regex(/^(\d+\.\d+\.\d+|%VERSION%)$/),
    updated: z.string().regex(/^(\d{4}-\d{2}-\d{2}|%TODAY%)$/),
  }),
  dependencies: z.strictObject({
    grafanaDependency: z.string().regex(/^>=\d+\.\d+\.\d+$/),
    plugins: z.array(z.never()),
  }),
});

describe("plugin.json", () => {
  it.each([
    ["source", join(ROOT, "src", "plugin.json")],
    ["built", join(DIST, "plugin.json")],
  ])("is what Grafana asks for: %s", (_, file) => {
    expect(PluginJson.safeParse(json(file)).error).toBeUndefined();
  });

  it("is filled in by the build, and its pictures are there", () => {
    const { info, buildMode } = PluginJson.parse(json(join(DIST, "plugin.json")));
    const { version } = json(join(ROOT, "package.json")) as { version: string };
    expect(info.version).toBe(version);
    expect(buildMode).toBe("production");
    for (const path of [info.logos.small, ...info.screenshots.map((shot) => shot.path)]) {
      expect(statSync(join(DIST, path)).size).toBeGreaterThan(100);
    }
  });

  it("does not pass with a key that Grafana does not know", () => {
    const wrong = { ...(json(join(ROOT, "src", "plugin.json")) as object), sponsor: "x" };
    expect(PluginJson.safeParse(wrong).success).toBe(false);
  });
});

describe("the bundle", () => {
  it("is small", () => {
    expect(Buffer.byteLength(bundle)).toBeLessThan(MOST_BYTES);
  });

  it("takes from Grafana what Grafana shares, and brings none of it along", () => {
    const [, list = ""] = /define\(\[([^\]]*)\]/.exec(bundle)!;
    const grafana = ["@grafana/data", "@grafana/runtime", "@grafana/ui"];
    const shared = ["@emotion/css", ...grafana, "react", "react/jsx-runtime"];
    expect(list.replaceAll('"', "").split(",").sort()).toEqual([...shared, "module"].sort());
  });

  it("holds the calculation of headroom that report and terminal use", () => {
    expect(bundle).toContain("times the limit");
  });

  it("asks no server for anything", () => {
    expect(bundle).not.toMatch(/\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon/);
    expect(bundle.match(/https?:\/\/[^\s"'`]+/g) ?? []).toEqual([]);
  });

  it("is written for one Grafana: every package of it is pinned to the same version", () => {
    const { dependencies } = json(join(ROOT, "package.json")) as {
      dependencies: Record<string, string>;
    };
    const versions = Object.entries(dependencies).filter(([name]) => name.startsWith("@grafana/"));
    expect(versions.length).toBeGreaterThan(3);
    for (const [name, version] of versions) {
      expect(version).toBe("13.1.1");
      const { version: installed } = json(
        join(ROOT, "..", "node_modules", name, "package.json"),
      ) as { version: string };
      expect(installed).toBe(version);
    }
  });

  it("is the build of the sources as they are", () => {
    const newest = (folder: string): number =>
      Math.max(
        ...readdirSync(folder, { withFileTypes: true, recursive: true })
          .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
          .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
      );
    const built = statSync(join(DIST, "module.js")).mtimeMs;
    expect(built).toBeGreaterThan(newest(join(ROOT, "src")));
    expect(built).toBeGreaterThan(statSync(HEADROOM).mtimeMs);
  });
});
