import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

const COMMITTED = fileURLToPath(new URL("../../../alerts/runbooks", import.meta.url));
/** What browsers send for a page. */
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

const RUNBOOK = `# MemoryHigh

## Meaning

More is used
than \`allowed\`.

## Impact

See [DiskFull](DiskFull).
`;

let folder: string;
let server: TestServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "runbooks-"));
  await writeFile(join(folder, "MemoryHigh.md"), RUNBOOK);
  await writeFile(join(folder, "DiskFull.md"), "# DiskFull\n");
  await writeFile(join(folder, "notes.md"), "not a runbook");
  server = await startTestServer(folder);
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const get = (path: string, accept?: string): Promise<Response> =>
  fetch(server.url + path, accept === undefined ? {} : { headers: { Accept: accept } });

describe("a runbook", () => {
  it("is a page for a browser", async () => {
    const response = await get("/runbooks/MemoryHigh", BROWSER);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const html = await response.text();
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain("<title>MemoryHigh - Headroom runbook</title>");
    expect(html).toContain("<h1>MemoryHigh</h1>");
    expect(html).toContain('<a href="DiskFull">DiskFull</a>');
    expect(html).toContain("prefers-color-scheme: dark");
  });

  it.each([undefined, "*/*", "text/markdown", "text/plain", "text/html;q=0.5, text/markdown"])(
    "is Markdown for a client that accepts %s",
    async (accept) => {
      const response = await get("/runbooks/MemoryHigh", accept);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
      expect(response.headers.get("vary")).toBe("Accept");
      expect(await response.text()).toBe(RUNBOOK);
    },
  );

  it("may show its own style and do nothing else", async () => {
    const response = await get("/runbooks/MemoryHigh", BROWSER);
    const policy = response.headers.get("content-security-policy")!;
    const html = await response.text();
    const hash = (text: string) => createHash("sha256").update(text).digest("base64");
    const [, style = ""] = /<style>([^]*)<\/style>/.exec(html)!;
    const [, script = ""] = /<script type="module">([^]*)<\/script>/.exec(html)!;
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      ...[`style-src 'sha256-${hash(style)}'`, `script-src 'sha256-${hash(script)}'`],
      ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
    ]);
  });

  it.each([
    ...[
      "Other",
      "notes",
      "..%2FMemoryHigh",
      "MemoryHigh.md",
      "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    ],
    ...["MemoryHigh%00", "x".repeat(8_000), "__proto__"],
  ])("is, where there is none, a problem, and for a browser the list of all: %s", async (name) => {
    const problem = await get(`/runbooks/${name}`, "application/json");
    expect(problem.status).toBe(404);
    expect(await problem.json()).toMatchObject({
      code: "not_found",
      detail: expect.stringContaining("GET /runbooks lists all"),
    });
    const page = await get(`/runbooks/${name}`, BROWSER);
    expect(page.status).toBe(404);
    const html = await page.text();
    expect(html).toContain('<a href="MemoryHigh">MemoryHigh</a>: More is used');
    // What somebody else wrote into the address is not said again.
    expect(html).not.toMatch(/alert\(1\)|xxxx|__proto__/);
  });

  it.each(["/runbooks/%E0%A4%A", "/runbooks/a/b", "/<b>"])(
    "is a page that says what is wrong for a browser that asks for %s",
    async (path) => {
      const page = await get(path, BROWSER);
      expect(page.status).toBeGreaterThanOrEqual(400);
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(await page.text()).toMatch(/<h1>.+<\/h1>\n<p>.+<\/p>/);
      expect((await get(path)).headers.get("content-type")).toBe("application/problem+json");
    },
  );

  it("has the addresses and logs of the run that is known, in both forms", async () => {
    const text = "```sh\ncurl http://127.0.0.1:9700/x\ntail .runs/*/logs/exporter.log\n```\n";
    await writeFile(join(folder, "Known.md"), text);
    const runFile = join(folder, "run.json");
    const run = { addresses: { exporter: "http://127.0.0.1:9799" }, logs: "/a b/logs" };
    await server.close();
    server = await startTestServer(folder, { runFile });
    expect(await (await get("/runbooks/Known")).text()).toBe(text);
    await writeFile(runFile, JSON.stringify(run));
    for (const accept of [BROWSER, "text/markdown"]) {
      const here = await (await get("/runbooks/Known", accept)).text();
      expect(here).toContain("curl http://127.0.0.1:9799/x");
      expect(here).toMatch(/tail ('|&#39;)\/a b\/logs\/exporter\.log\1/);
    }
  });
});

describe("the list of runbooks", () => {
  it("names each with what its alert means, as Markdown", async () => {
    const response = await get("/runbooks");
    expect(response.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
    const lines = (await response.text()).split("\n").filter((line) => line.startsWith("- "));
    expect(lines).toEqual([
      "- [DiskFull](runbooks/DiskFull)",
      "- [MemoryHigh](runbooks/MemoryHigh): More is used than `allowed`.",
    ]);
  });

  it("links each as a page, and each page links the list", async () => {
    const list = await get("/runbooks", BROWSER);
    const [, href] = /<a href="([^"]*MemoryHigh)">/.exec(await list.text())!;
    const page = await fetch(new URL(href!, list.url), { headers: { Accept: BROWSER } });
    const html = await page.text();
    expect(html).toContain("<h1>MemoryHigh</h1>");
    const [, back] = /<a href="([^"]*)">All runbooks<\/a>/.exec(html)!;
    expect(new URL(back!, page.url).href).toBe(list.url);
  });

  it("takes only GET and HEAD", async () => {
    const response = await fetch(`${server.url}/runbooks`, { method: "POST" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    const head = await fetch(`${server.url}/runbooks`, { method: "HEAD" });
    expect({ status: head.status, text: await head.text() }).toEqual({ status: 200, text: "" });
  });
});

describe("the committed runbooks", () => {
  beforeEach(async () => {
    await server.close();
    server = await startTestServer(COMMITTED);
  });

  it("are all listed with a meaning", async () => {
    const files = (await readdir(COMMITTED)).filter((name) => name.endsWith(".md"));
    const listed = (await (await get("/runbooks")).text()).match(/^- \[\w+\]\(\S+\): \S.+$/gm);
    expect(listed).toHaveLength(files.length);
  });

  it("link only to pages that are there", async () => {
    const list = await get("/runbooks", BROWSER);
    const pages = [...(await list.text()).matchAll(/<a href="([^"]*)">/g)].map(
      ([, href]) => new URL(href!, list.url).href,
    );
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) {
      const response = await fetch(page, { headers: { Accept: BROWSER } });
      expect({ page, status: response.status }).toEqual({ page, status: 200 });
      for (const [, href] of (await response.text()).matchAll(/<a href="([^"]*)">/g)) {
        const target = new URL(href!, page);
        if (target.origin !== new URL(page).origin) continue;
        expect({ page, href, status: (await fetch(target)).status }).toEqual({
          ...{ page, href, status: 200 },
        });
      }
    }
  });
});
