import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { request } from "node:http";
import { afterEach, describe, expect, it } from "@jest/globals";
import { GOALS } from "@headroom/alerts/goals";
import { LIMITS } from "@headroom/alerts/limits";
import { escapeHtml } from "@headroom/alerts/markdown";
import type { AppParts } from "./app.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
afterEach(() => server.close());

async function start(overrides: Partial<AppParts> = {}): Promise<TestServer> {
  server = await startTestServer(overrides);
  return server;
}

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url + path, { headers });

describe("the paths", () => {
  it("serve the limits with the goals", async () => {
    await start();
    expect(await (await get("/v1/limits")).json()).toEqual({ limits: LIMITS, goals: GOALS });
  });

  it("serve the metrics in the format that is asked for", async () => {
    await start();
    const response = await get("/metrics", { Accept: "application/openmetrics-text" });
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4");
    expect(await response.text()).toBe("# application/openmetrics-text\n");
  });

  it("tell alive from ready", async () => {
    await start({ readiness: () => ({ state: "not_ready", parts: { model: "loading" } }) });
    expect((await get("/healthz")).status).toBe(200);
    const response = await get("/readyz");
    expect(response.status).toBe(503);
    const told = { ready: false, state: "not_ready", parts: { model: "loading" } };
    expect(await response.json()).toMatchObject(told);
  });

  it("are ready while one part stands in for another", async () => {
    await start({ readiness: () => ({ state: "degraded", parts: { model: "1 of 2 works" } }) });
    const response = await get("/readyz");
    expect(response.status).toBe(200);
    const told = { ready: true, state: "degraded", parts: { model: "1 of 2 works" } };
    expect(await response.json()).toMatchObject(told);
  });

  it.each(["/v1", "/v1/sentiment/", "/V1/sentiment", "/runbooks/MemoryHigh", "/%ff"])(
    "answer 404 for %s",
    async (path) => {
      await start();
      const response = await get(path);
      expect(response.status).toBe(404);
      const allowed: unknown = expect.arrayContaining(["/", "/v1/status"]);
      expect(await response.json()).toMatchObject({ code: "not_found", allowed });
      expect(server.observed).toEqual([]);
    },
  );

  it.each([
    ["GET", "/v1/sentiment", "POST"],
    ["OPTIONS", "/v1/sentiment", "POST"],
    ["POST", "/v1/limits", "GET, HEAD"],
    ["DELETE", "/metrics", "GET, HEAD"],
  ])("answer 405 for %s %s and name what is allowed", async (method, path, allow) => {
    await start();
    const response = await fetch(server.url + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
    expect(await response.json()).toMatchObject({ code: "method_not_allowed" });
  });
});

describe("a browser", () => {
  const BROWSER = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

  it.each(["/v1/sentiment", "/v1/chat/completions", "/v1/status/it's;reboot"])(
    "that opens %s, which is only sent something, is told the command that does it",
    async (path) => {
      await start();
      const page = await fetch(server.url + path, { headers: BROWSER });
      expect([page.status, page.headers.get("allow")]).toEqual([405, "POST"]);
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(page.headers.get("vary")).toBe("Accept");
      const problem = (await (await get(path)).json()) as { example: string };
      expect(await page.text()).toContain(`<code>${escapeHtml(problem.example)}</code>`);
      const { stdout } = await promisify(execFile)("sh", [
        "-c",
        `printf '%s\\n' ${problem.example}`,
      ]);
      const words = stdout.split("\n");
      expect(words.slice(0, 3)).toEqual(["curl", "-s", `${server.url}${path.replace("'", "%27")}`]);
      expect(words[5]).toBe("-d");
      expect(JSON.parse(words[6]!)).toBeInstanceOf(Object);
      if (path === "/v1/sentiment") {
        const sent = { method: "POST", headers: { "content-type": "application/json" } };
        const answer = await fetch(words[2]!, { ...sent, body: words[6]! });
        expect(answer.status).toBe(200);
      }
    },
  );

  it.each(["/nowhere", "/<script>alert(1)</script>", "/%E0%A4%A", `/${"x".repeat(8_000)}`])(
    "gets a page that says what is wrong with %s, and a program JSON",
    async (path) => {
      await start();
      const page = await fetch(server.url + path, { headers: BROWSER });
      expect(page.status).toBeGreaterThanOrEqual(400);
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      const html = await page.text();
      expect(html).toMatch(/<h1>.+<\/h1>\n<p>.+<\/p>/);
      expect(html).not.toContain("alert(1)");
      for (const accept of ["*/*", "application/json", "application/json, text/html;q=0.5"]) {
        const answer = await fetch(server.url + path, { headers: { accept } });
        expect(answer.headers.get("content-type")).toBe("application/problem+json");
      }
    },
  );
});

describe("a token", () => {
  it("is asked for by every path but /healthz", async () => {
    await start({ token: "open-sesame" });
    expect((await get("/healthz")).status).toBe(200);
    for (const path of ["/readyz", "/metrics", "/v1/limits", "/nowhere"]) {
      const response = await get(path);
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
    }
    for (const authorization of [
      "Bearer open-sesam",
      "Basic open-sesame",
      "Bearer",
      "open-sesame",
    ]) {
      expect((await get("/metrics", { authorization })).status).toBe(401);
    }
    expect((await get("/metrics", { authorization: "bearer open-sesame" })).status).toBe(200);
  });

  it("of the metrics opens them and nothing else", async () => {
    await start({ token: "open-sesame", metricsToken: "count-us" });
    const scraping = { authorization: "Bearer count-us" };
    expect((await get("/metrics", scraping)).status).toBe(200);
    expect((await get("/metrics", { authorization: "Bearer open-sesame" })).status).toBe(200);
    expect((await get("/metrics")).status).toBe(401);
    for (const path of ["/readyz", "/v1/limits", "/metrics/", "/metrics?", "/METRICS"]) {
      expect([path, (await get(path, scraping)).status]).toEqual([
        path,
        path.endsWith("?") ? 200 : 401,
      ]);
    }
  });

  it("is not asked for by the paths that are named", async () => {
    await start({ token: "open-sesame", openPaths: ["/readyz"] });
    expect((await get("/readyz")).status).toBe(200);
    for (const path of ["/metrics", "/readyz/", "//readyz", "/v1/limits"]) {
      expect([path, (await get(path)).status]).toEqual([path, 401]);
    }
  });

  it("is checked before a body is read, and the refused request is observed", async () => {
    await start({ token: "open-sesame" });
    expect((await server.post({ messages: ["good"] })).status).toBe(401);
    expect(await server.outcomes(1)).toEqual(["client_error"]);
    const headers = { Authorization: "Bearer open-sesame" };
    expect((await server.post({ messages: ["good"] }, { headers })).status).toBe(200);
  });
});

describe("the host name", () => {
  const statusFor = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(`${server.url}/v1/limits`, { headers: { Host: host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });

  it("must be a local one when only this machine is served", async () => {
    await start();
    for (const host of [
      "localhost",
      "LOCALHOST:1",
      "127.0.0.1:9700",
      "[::1]:9700",
      "a.localhost",
    ]) {
      expect(await statusFor(host)).toBe(200);
    }
    for (const host of [
      "evil.example",
      "127.0.0.1.evil.example",
      "localhost.evil.example:80",
      "10.0.0.1",
    ]) {
      expect(await statusFor(host)).toBe(421);
    }
  });

  it("may be any when other machines are served", async () => {
    await start({ localNamesOnly: false });
    expect(await statusFor("exporter.example")).toBe(200);
  });
});

describe("a failure inside", () => {
  it("is logged and answered without details", async () => {
    await start();
    server.analyser.failure = new Error("weights.gguf is gone");
    const response = await server.post({ messages: ["good"] });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: "internal_error" });
    expect(text).not.toContain("gguf");
    expect(server.logged.join()).toContain("weights.gguf is gone");
    expect(await server.outcomes(1)).toEqual(["server_error"]);
  });

  it("that is not even an error is answered too", async () => {
    await start();
    server.analyser.failure = null;
    expect((await server.post({ messages: ["good"] })).status).toBe(500);
  });

  it("of the metrics is a problem like any other", async () => {
    await start({ metrics: { text: () => Promise.reject(new Error("no registry")) } });
    expect((await get("/metrics")).status).toBe(500);
  });
});
