import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { notFound, plainApp, requireToken } from "../base-app.ts";
import { problemHandler } from "../problem.ts";
import { page } from "./page.ts";

const FILES = {
  "secret.txt": "not for everybody",
  "page/index.html": "<!doctype html>",
  "page/service-worker.js": "self;",
  "page/page/main-ABC.js": "1;",
};

let top: string;
let server: Server;
let port: number;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), "headroom-page-"));
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(top, name)), { recursive: true });
    await writeFile(join(top, name), text);
  }
  const silent = () => {};
  const app = plainApp().use(page(join(top, "page")), requireToken("open-sesame-open"));
  app.use(notFound(["/v1/status"], "others"));
  app.use(problemHandler({ info: silent, warn: silent, error: silent }));
  server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await rm(top, { recursive: true });
});

const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);

/** What comes back for a request that `fetch` would change first. */
async function askRaw(path: string, header = "X-None: none"): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const head = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${header}\r\n\r\n`;
  socket.write(head);
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe("the status page", () => {
  it.each(["/", "/service-worker.js", "/page/main-ABC.js"])(
    "is served without the token, and may load nothing of others: %s",
    async (path) => {
      const response = await ask(path);
      expect(response.status).toBe(200);
      const policy = response.headers.get("content-security-policy")!;
      expect(policy).toMatch(/^default-src 'none';/);
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    },
  );

  it("is asked for anew each time, but for files that never change", async () => {
    const first = await ask("/");
    expect(first.headers.get("cache-control")).toBe("no-cache");
    const etag = first.headers.get("etag")!;
    expect(await askRaw("/", `If-None-Match: ${etag}`)).toMatch(/^HTTP\/1.1 304 /);
    expect((await ask("/page/main-ABC.js")).headers.get("cache-control")).toMatch(/immutable$/);
  });

  it("is only read", async () => {
    expect(await (await ask("/", { method: "HEAD" })).text()).toBe("");
    for (const [method, path] of [
      ["POST", "/"],
      ["DELETE", "/page/main-ABC.js"],
    ] as const) {
      const response = await ask(path, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    }
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/page/..%5c..%5csecret.txt",
    "/%00",
    "/%",
    "/page",
    "/index.html/",
    "//secret.txt",
  ])("gives nothing beside its files: %s", async (path) => {
    const answer = await askRaw(path);
    expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
    expect(answer).not.toContain(FILES["secret.txt"]);
  });

  it("is not there where nothing was built", () => {
    expect(page(join(top, "nothing"))).toHaveProperty("stack", []);
  });
});
