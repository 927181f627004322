import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { freePort } from "@headroom/alerts/testing/free-port";
import { PLAIN } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { drawAll } from "./testing/all-tables.ts";
import { startSimulatedExporter } from "@headroom/loadtest/testing/simulated-exporter";
import { makeRunFolder } from "./places.ts";
import { addressOf, prometheusService } from "./services.ts";
import { Session } from "./session.ts";
import { canOpenTerminal, inTerminal, type Shown, tooWide } from "./testing/in-terminal.ts";
import { requireTool } from "./tools/obtain.ts";

const { width } = screenOn();

/** Whether each word of a text stands whole in another; numbers change from run to run. */
function expectWhole(text: string, { lines }: Pick<Shown, "lines">): void {
  const shown = new Set(lines.join("\n").split(/\s+/));
  const words = text.split(/\s+/).filter((word) => /^[A-Za-z]{3,}$/.test(word));
  expect(words.filter((word) => !shown.has(word))).toEqual([]);
}

/** Whether no line holds a piece of a word that the whole text does not. */
function expectKnown(lines: readonly string[], whole: string): void {
  const words = new Set(whole.split(/\s+/));
  const shown = lines.join(" ").split(/\s+/);
  // Before a cell that goes under its row stands the head of its column.
  expect(shown.filter((word) => /^[A-Za-z]{3,}$/.test(word) && !words.has(word))).toEqual([]);
}

describe("every table", () => {
  it.each([40, 80, 120, 200])("fits %i columns, without a broken word", (columns) => {
    const drawn = drawAll({ ...PLAIN, width, columns });
    expect(Object.keys(drawn)).toContain("drill");
    for (const [name, whole] of Object.entries(drawAll({ ...PLAIN, width }))) {
      const lines = drawn[name]!.split("\n");
      expect(tooWide({ lines }, columns)).toEqual([]);
      // What says least is only left out where there is no room.
      if (columns === 200) expectWhole(whole, { lines });
      expectKnown(lines, whole);
    }
  });
});

const inATerminal = canOpenTerminal ? describe : describe.skip;
inATerminal("in a terminal (skipped where no python3 can open one)", () => {
  it.each([80, 120])("npm run doctor fits %i columns, and breaks no word", async (columns) => {
    const env = { HEADROOM_CHAT_MODEL: "auto", NO_COLOR: "1" };
    const shown = await inTerminal(columns, ["stack/doctor.ts"], env).shown;
    expect([0, 1]).toContain(shown.code);
    expect(tooWide(shown, columns)).toEqual([]);
    expect(shown.lines).toContainEqual(expect.stringMatching(/^Ceilings: /));
    expect(shown.lines).toContainEqual(expect.stringMatching(/^Open files +[\d,]+ +1,100 /));
    expectWhole("Machine Processor Platform Container Advice Tools Models", shown);
    expect(shown.raw).not.toContain("\x1b[3");
  });

  it("npm run load --help fits 80 columns", async () => {
    const shown = await inTerminal(80, ["stack/load.ts", "--help"]).shown;
    expect(shown.code).toBe(0);
    expect(tooWide(shown, 80)).toEqual([]);
    expectWhole("throughput breakpoint reference", shown);
  });

  it("COLUMNS is obeyed also in a wider terminal", async () => {
    const shown = await inTerminal(200, ["stack/model.ts", "list"], { COLUMNS: "60" }).shown;
    expect(shown.code).toBe(0);
    expect(tooWide(shown, 60)).toEqual([]);
    expect(shown.lines).toContainEqual(expect.stringMatching(/^smollm2-135m +98 MB/));
  });

  describe("while a load runs", () => {
    const over = new AbortController();
    let faulty = true;
    let session: Session;
    let folder: string;
    let shown: Shown;
    /** Tells Prometheus of a fault, until it is over. */
    const fault = createServer((_, response) => response.end(`fault ${faulty ? 1 : 0}\n`));

    beforeAll(async () => {
      const exporter = await startSimulatedExporter();
      folder = await mkdtemp(join(tmpdir(), "headroom-terminal-"));
      await once(fault.listen(0, "127.0.0.1"), "listening");
      const rules = {
        alert: "HeadroomFault",
        expr: "fault == 1",
        labels: { severity: "critical", instance: new URL(exporter.url).host },
        annotations: {
          summary: "There is a fault",
          action: "Look at it.",
          runbook_url: "http://127.0.0.1:9702/runbooks/HeadroomFault",
        },
      };
      const ruleFile = join(folder, "rules.yml");
      await writeFile(ruleFile, JSON.stringify({ groups: [{ name: "test", rules: [rules] }] }));
      const activity = <T>(_: string, work: () => Promise<T>) => work();
      const running = { activity, signal: over.signal, say: () => {} };
      session = new Session({ ...running, folder: await makeRunFolder(folder) });
      const port = await freePort();
      const program = await requireTool("prometheus", running);
      const incidents = addressOf((fault.address() as AddressInfo).port);
      await session.start(
        await prometheusService(session.folder, program, {
          ...{ port, ruleFile, incidents, exporter: exporter.url },
        }),
      );
      const options = ["--url", exporter.url, "--prometheus", addressOf(port), "--duration", "5m"];
      const load = inTerminal(80, ["stack/load.ts", "smoke", ...options]);
      await load.until(/FIRING/);
      faulty = false;
      await load.until(/RESOLVED[^]*nearest[^\r]* [1-9]\d* msg/);
      load.type("\x03");
      shown = await load.shown;
      await exporter.stop();
    });
    afterAll(async () => {
      await session.stop();
      fault.close();
      await rm(folder, { recursive: true });
    });

    it("says what fires, what to do and when it is over, beside the live line", () => {
      const at = shown.lines.findIndex((line) => / FIRING HeadroomFault /.test(line));
      expect(shown.lines.slice(at, at + 3)).toEqual([
        expect.stringMatching(
          /^\d\d:\d\d:\d\d FIRING HeadroomFault \(critical\): There is a fault$/,
        ),
        "  Do first: Look at it.",
        "  http://127.0.0.1:9702/runbooks/HeadroomFault",
      ]);
      expect(shown.lines).toContainEqual(
        expect.stringMatching(/^\d\d:\d\d:\d\d RESOLVED HeadroomFault \(critical\) after \d+ s$/),
      );
      expect(shown.raw).toContain("\x1b[31m\x1b[1mFIRING");
    });

    it("names the nearest limit first, in the colour of its state", () => {
      expect(shown.raw).toMatch(/\r\x1b\[K\d+\/300 s {3}\x1b\[3[123]m(\x1b\[1m)?nearest: /);
    });

    it("reports what was measured until Ctrl-C, no wider than the terminal", () => {
      expect(shown.code).toBe(130);
      expect(tooWide(shown, 80)).toEqual([]);
      expect(shown.lines).toContain("Limits");
      expect(shown.raw).toMatch(/\x1b\[32mwithin/);
    });
  });
});
