import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { findUpstream, upstreamAddress, upstreamIfWanted } from "./upstream.ts";

const { signal } = new AbortController();

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A model server that answers as it is told; nothing is there at its other paths. */
async function serve(answers: Readonly<Record<string, RequestListener | object>>): Promise<string> {
  server = createServer((req, res) => {
    const answer = answers[req.url!] ?? ((_req, res) => void res.writeHead(404).end());
    if (typeof answer === "function") (answer as RequestListener)(req, res);
    else res.setHeader("Content-Type", "application/json").end(JSON.stringify(answer));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const listOf = (...names: string[]) => ({ object: "list", data: names.map((id) => ({ id })) });

const find = (upstream: string, more: { upstreamModel?: string; key?: string } = {}) => {
  const { key, ...choice } = more;
  return findUpstream({ upstream, ...choice }, { key, signal });
};

const html: RequestListener = (_req, res) => void res.end("<!doctype html><p>It works!</p>");
const elsewhere: RequestListener = (_req, res) =>
  void res.writeHead(302, { Location: "http://192.0.2.1/" }).end();
const forbidden: RequestListener = (_req, res) => void res.writeHead(401).end();
const endless: RequestListener = (_req, res) => {
  const piece = Buffer.alloc(1e6, "x");
  const more = () => void (res.destroyed || res.write(piece, more));
  more();
};

describe("a model server that is found", () => {
  it("is asked for its first model that chats, and its metrics are named", async () => {
    const url = await serve({
      "/v1/models": listOf("nomic-embed-text", "llama3.2:3b", "qwen3:8b"),
      "/metrics": (_req, res) => res.end("# TYPE vllm:num_requests_running gauge\n"),
    });
    const found = { models: ["nomic-embed-text", "llama3.2:3b", "qwen3:8b"], model: "llama3.2:3b" };
    expect(await find(url)).toEqual({ url, ...found, metrics: `${url}/metrics` });
    // With or without the end of its API's address.
    expect(await find(`${url}/v1/`)).toMatchObject({ ...found, metrics: `${url}/metrics` });
    expect((await find(url, { upstreamModel: "qwen3:8b" })).model).toBe("qwen3:8b");
  });

  it("has no metrics where it answers something else in their place", async () => {
    const url = await serve({ "/v1/models": listOf("m"), "/metrics": { error: "no such path" } });
    expect(await find(url)).not.toHaveProperty("metrics");
  });

  it("is asked with the key, which its metrics do not get", async () => {
    const keys: unknown[] = [];
    const note: RequestListener = (req, res) => {
      keys.push(req.headers.authorization);
      res.end(JSON.stringify(listOf("m")));
    };
    await find(await serve({ "/v1/models": note, "/metrics": note }), { key: "abc" });
    expect(keys).toEqual(["Bearer abc", undefined]);
  });
});

describe("a model server that is not as it should be", () => {
  it("is named with the command that starts it, by its port, or with all of them", async () => {
    await expect(find("http://127.0.0.1:11434/")).rejects.toThrow(
      /^No model server answers at http:\/\/127\.0\.0\.1:11434: .*ECONNREFUSED[^]*\n {2}Ollama: +ollama serve$/,
    );
    await expect(find("http://127.0.0.1:9")).rejects.toThrow(/ollama serve[^]*lms server start/);
  });

  it.each([
    ["has another model", listOf("a", "b"), /has no model called c. It has:\n {2}a\n {2}b$/],
    ["has no model at all", listOf(), /has no model\. .*ollama pull/],
    ["answers with something else", { hello: "world" }, /not as a model server .* status 200/],
    ["answers HTML", html, /not as a model server/],
    ["sends one elsewhere", elsewhere, /not as a model server .* status 302/],
    ["wants a key", forbidden, /asks for a key \(401\).*HEADROOM_UPSTREAM_KEY/],
    ["never ends its answer", endless, /an answer of more than 8 MB/],
    ["hangs up", (req: { destroy(): void }) => req.destroy(), /No model server answers/],
  ] as const)("is said to be so when it %s", async (_what, answer, words) => {
    const url = await serve({ "/v1/models": answer as RequestListener | object });
    await expect(find(url, { upstreamModel: "c" })).rejects.toThrow(words);
  });
});

describe("the address of a model server", () => {
  it.each([
    ["llama.example", /no http or https address/],
    ["ftp://127.0.0.1/", /no http or https address/],
    ["http://me:secret@127.0.0.1:1", /HEADROOM_UPSTREAM_KEY/],
    ["http://192.0.2.1:11434", /another machine.*--allow-remote 192\.0\.2\.1$/],
    ["http://127.0.0.1.example:1", /another machine/],
  ])("is refused when it is %s", (upstream, words) => {
    expect(() => upstreamAddress({ upstream })).toThrow(words);
  });

  it("may be of another machine that is named again, and of no other one", () => {
    const upstream = "http://gpu.example:8000";
    expect(upstreamAddress({ upstream, allowRemote: "gpu.example" }).host).toBe("gpu.example:8000");
    const six = "http://[2001:db8::1]:8000";
    expect(upstreamAddress({ upstream: six, allowRemote: "2001:db8::1" }).port).toBe("8000");
    expect(() => upstreamAddress({ upstream, allowRemote: "cpu.example" })).toThrow(/another/);
  });

  it.each(["http://localhost:1234", "http://[::1]:8080/v1", "http://127.0.0.1:11434"])(
    "may be %s",
    (upstream) => void upstreamAddress({ upstream }),
  );
});

describe("a command", () => {
  const running = { activity: <T>(_title: string, work: () => Promise<T>) => work(), signal };

  it("says what it found, and looks for nothing when it was given nothing", async () => {
    const url = await serve({ "/v1/models": listOf("m", "n") });
    const said: string[] = [];
    const with_ = { ...running, say: (line: string) => void said.push(line) };
    expect(await upstreamIfWanted({}, with_)).toBeUndefined();
    await upstreamIfWanted({ upstream: url }, with_);
    expect(said).toEqual([
      `The model server at ${url} has m, one of 2 (--upstream-model names another). It shows no metrics of its own.`,
    ]);
    await expect(upstreamIfWanted({ upstreamModel: "m" }, with_)).rejects.toThrow(/--upstream </);
  });
});
