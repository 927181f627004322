import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startPreview, type Preview } from "./server.ts";
import { ownMetrics } from "./testing/dashboard.ts";
import { type OwnPrometheus, startPrometheus } from "./testing/prometheus.ts";

let folder: string;
let prometheus: OwnPrometheus;
let preview: Preview;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-dashboards-"));
  await writeFile(join(folder, "own.json"), JSON.stringify(ownMetrics));
  await writeFile(join(folder, "a.json"), JSON.stringify({ uid: "a", title: "A first" }));
  prometheus = await startPrometheus(1);
  preview = await startPreview({
    port: 0,
    prometheusUrl: `${prometheus.url}/`,
    dashboardsFolder: folder,
    scrapeIntervalSeconds: 1,
  });
});
afterAll(async () => {
  await preview?.close();
  await prometheus?.stop();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, init?: RequestInit) => fetch(`${preview.url}${path}`, init);

async function problem(answer: Response) {
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  return (await answer.json()) as { status: number; code: string; detail: string };
}

/** The status for a request with this Host header. */
async function statusFor(host: string): Promise<number> {
  const asked = request(`${preview.url}/api/dashboards`, { headers: { host } }).end();
  const [answer] = (await once(asked, "response")) as [{ statusCode: number; resume(): void }];
  answer.resume();
  return answer.statusCode;
}

describe("the troubles of a run", () => {
  const troubles = async (troublesFile?: string) => {
    const own = await startPreview({
      ...{ port: 0, prometheusUrl: prometheus.url, dashboardsFolder: folder },
      ...(troublesFile !== undefined && { troublesFile }),
    });
    try {
      return await (await fetch(`${own.url}/api/troubles`)).json();
    } finally {
      await own.close();
    }
  };

  it("are those of the file, and none without a file", async () => {
    const known = [{ part: "redis", since: 1, why: "SIGKILL" }];
    await writeFile(join(folder, "troubles"), JSON.stringify(known));
    expect(await troubles(join(folder, "troubles"))).toEqual(known);
    expect(await troubles(join(folder, "no-such-file"))).toEqual([]);
    expect(await troubles()).toEqual([]);
  });
});

describe("the pages", () => {
  it("allow only what comes from this server, and styles with the answer's nonce", async () => {
    for (const path of ["/", "/stage"]) {
      const answer = await get(path);
      const html = await answer.text();
      const nonce = /<meta property="csp-nonce" nonce="([^"]+)"/.exec(html)?.[1];
      expect(answer.headers.get("content-security-policy")).toBe(
        "default-src 'none';script-src 'self';connect-src 'self';img-src 'self' data:;" +
          `font-src 'self';style-src 'self' 'nonce-${nonce}';frame-ancestors 'none';` +
          "base-uri 'none';form-action 'none'",
      );
    }
  });

  it("never have the same nonce", async () => {
    const policies = await Promise.all(
      ["/", "/"].map(async (path) => (await get(path)).headers.get("content-security-policy")),
    );
    expect(policies[0]).not.toBe(policies[1]);
  });

  it("answer to Grafana's addresses of dashboards", async () => {
    const answer = await get("/d/a/title?var-instance=x%3A1&from=now-1h", { redirect: "manual" });
    expect(answer.status).toBe(302);
    const place = new URL(answer.headers.get("location")!, preview.url);
    expect(Object.fromEntries(place.searchParams)).toEqual({
      dashboard: "a",
      "var-instance": "x:1",
      from: "now-1h",
    });
    expect(place.pathname).toBe("/");
  });
});

describe("Prometheus' addresses of its pages", () => {
  const placeOf = async (path: string) => {
    const answer = await get(path, { redirect: "manual" });
    expect(answer.status).toBe(302);
    return new URL(answer.headers.get("location")!, preview.url);
  };

  it.each([
    'sum(rate(x{a="b/c",d=~"..|%2e"}[1m])) > 1',
    "<script>alert(1)</script>\r\nSet-Cookie: a=b",
    "../own",
  ])("lead to a dashboard of the query: %s", async (expression) => {
    const place = await placeOf(`/graph?${new URLSearchParams({ "g0.expr": expression })}`);
    expect([place.origin, place.pathname]).toEqual([preview.url, "/"]);
    const uid = place.searchParams.get("dashboard")!;
    const dashboard = await (await get(`/api/dashboards/${encodeURIComponent(uid)}`)).json();
    expect(dashboard).toMatchObject({ uid, panels: [{ targets: [{ expr: expression }] }] });
  });

  it("lead to the dashboard of alerts, and to some graph where no query is named", async () => {
    expect((await placeOf("/alerts")).searchParams.get("dashboard")).toBe("headroom-operations");
    expect((await placeOf("/graph")).searchParams.get("dashboard")).toBe("query:up");
  });
});

describe("static files", () => {
  it("have Grafana's icons, and a drawing for those that its package lacks", async () => {
    for (const name of ["unicons/sync", "unicons/spinner", "unicons/no-such-icon"]) {
      const answer = await get(`/public/build/img/icons/${name}.svg`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toMatch(/^image\/svg\+xml/);
    }
  });

  it("do not lead out of their folders", async () => {
    for (const path of ["/page/..%2fserver.ts", "/page/%2e%2e/server.ts", "/server.ts"]) {
      expect((await get(path)).status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe("dashboards", () => {
  it("are listed by title", async () => {
    expect(await (await get("/api/dashboards")).json()).toEqual({
      dashboards: [
        { uid: "a", title: "A first" },
        { uid: "own", title: "Own metrics" },
      ],
      scrapeIntervalSeconds: 1,
    });
  });

  it("are read as they are", async () => {
    expect(await (await get("/api/dashboards/own")).json()).toEqual(ownMetrics);
  });

  it("have a problem for a uid that none has, whatever it looks like", async () => {
    for (const uid of ["none", "..%2Fown", "own.json"]) {
      expect(await problem(await get(`/api/dashboards/${uid}`))).toMatchObject({
        status: 404,
        code: "not_found",
      });
    }
  });

  it("are named when a file is none", async () => {
    const file = join(folder, "broken.json");
    await writeFile(file, "{");
    const { code, detail } = await problem(await get("/api/dashboards"));
    await rm(file);
    expect(code).toBe("bad_dashboard");
    expect(detail).toContain("broken.json");
  });
});

describe("queries", () => {
  const query = new URLSearchParams({ query: "up" });

  it("are passed on with GET and POST", async () => {
    const answers = await Promise.all([
      get(`/api/prometheus/api/v1/query?${query}`),
      get("/api/prometheus/api/v1/query", { method: "POST", body: query }),
    ]);
    for (const answer of answers) {
      expect(await answer.json()).toMatchObject({
        status: "success",
        data: { resultType: "vector", result: [{ metric: { __name__: "up" } }] },
      });
    }
  });

  it("come back with Prometheus' own words when it refuses them", async () => {
    const answer = await get("/api/prometheus/api/v1/query?query=rate(up");
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ status: "error", errorType: "bad_data" });
  });

  it("reach nothing but queries", async () => {
    for (const path of ["/api/v1/status/config", "/api/v1/admin/tsdb/snapshot", "/-/quit"]) {
      const answer = await get(`/api/prometheus${path}`, { method: "POST" });
      expect((await problem(answer)).status).toBe(404);
    }
    const deleted = await get("/api/prometheus/api/v1/query", { method: "DELETE" });
    expect((await problem(deleted)).code).toBe("method_not_allowed");
  });

  it("find label values", async () => {
    const answer = await get("/api/prometheus/api/v1/label/job/values");
    expect(await answer.json()).toEqual({ status: "success", data: ["prometheus"] });
  });
});

describe("a Prometheus that is away", () => {
  it("is named, with what to do", async () => {
    const other = await startPreview({
      port: 0,
      prometheusUrl: "http://127.0.0.1:9",
      dashboardsFolder: folder,
    });
    const answer = await fetch(`${other.url}/api/prometheus/api/v1/query?query=up`);
    const { status, code, detail } = await problem(answer);
    await other.close();
    expect({ status, code }).toEqual({ status: 502, code: "prometheus_unreachable" });
    expect(detail).toContain("http://127.0.0.1:9");
  });

  it("is not waited for without end", async () => {
    const silent: Server = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const other = await startPreview({
      port: 0,
      prometheusUrl: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      dashboardsFolder: folder,
      queryTimeoutMs: 50,
    });
    const answer = await fetch(`${other.url}/api/prometheus/api/v1/query?query=up`);
    expect(await problem(answer)).toMatchObject({ status: 504, code: "prometheus_timeout" });
    await other.close();
    silent.closeAllConnections();
    silent.close();
  });
});

describe("whom the preview answers", () => {
  it("is asked by a loopback name only, so that no web page can rebind its own", async () => {
    for (const host of ["localhost", "127.0.0.1:1", "127.8.8.8", "a.localhost:80", "[::1]:9701"]) {
      expect([host, await statusFor(host)]).toEqual([host, 200]);
    }
    for (const host of ["example.com", "127.0.0.1.example.com", "10.0.0.1", "[::2]", "0.0.0.0"]) {
      expect([host, await statusFor(host)]).toEqual([host, 403]);
    }
  });

  it("is never another machine", async () => {
    const own = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address?.family === "IPv4" && !address.internal);
    const { port } = new URL(preview.url);
    expect(preview.url).toBe(`http://127.0.0.1:${port}`);
    for (const address of own) {
      await expect(fetch(`http://${address!.address}:${port}/`)).rejects.toThrow();
    }
  });
});
