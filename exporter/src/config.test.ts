import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { limit, LIMITS, REFERENCE_MEMORY_BYTES } from "@headroom/alerts/limits";
import {
  ConfigError,
  configHelp,
  configTable,
  injectedVariables,
  loadConfig,
  type Environment,
} from "./config.ts";

/** The problems of an environment, one a line. */
function problemsOf(env: Environment): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const thisFile = fileURLToPath(import.meta.url);

describe("the configuration without any variable", () => {
  const config = loadConfig({});

  it("listens on loopback and takes the defaults", () => {
    expect(config).toMatchObject({
      host: "127.0.0.1",
      port: 9700,
      token: undefined,
      workers: 0,
      threads: 0,
      batchWaitMs: 0,
      queueMessages: 2048,
      cacheEntries: 50_000,
      cacheTtlSeconds: 3600,
      redisUrl: undefined,
      simulate: false,
      simulateLatencyMs: 0,
      simulateErrorRatio: 0,
      memoryBytes: REFERENCE_MEMORY_BYTES,
      logLevel: "info",
      drainSeconds: 10,
      requestTimeoutSeconds: 30,
    });
  });

  it("runs the embedded model", () => {
    expect(config.model).toMatch(/exporter.models.sentiment.sentiment\.gguf$/);
  });

  it("takes the chat model that suits every machine, and keeps models in the checkout", () => {
    expect(config).toMatchObject({ chatModel: "auto", chatLanguages: undefined });
    expect(config.modelsFolder).toMatch(/[^.]+.\.tools.models$/);
    expect(isAbsolute(config.modelsFolder)).toBe(true);
  });

  it("cannot be changed", () => {
    expect(Object.isFrozen(config)).toBe(true);
  });
});

describe("a wrong configuration", () => {
  it("names each wrong variable, its value and what is allowed, all at once", () => {
    expect(problemsOf({ HEADROOM_PORT: "70000", HEADROOM_LOG_LEVEL: "loud" })).toEqual([
      'HEADROOM_PORT="70000" is not allowed: give a whole number from 0 to 65535',
      'HEADROOM_LOG_LEVEL="loud" is not allowed: give trace, debug, info, warn, error, fatal, silent',
    ]);
  });

  it("says which variable was meant by an unknown one", () => {
    expect(problemsOf({ HEADROOM_CACHE_TTL: "5", HEADROOM_WORKER: "2" })).toEqual([
      expect.stringMatching(/HEADROOM_CACHE_TTL is not a setting/),
      "HEADROOM_WORKER is not a setting: did you mean HEADROOM_WORKERS?",
    ]);
    expect(problemsOf({ HEADROOM_SOMETHING_ELSE: "1" })).toEqual([
      "HEADROOM_SOMETHING_ELSE is not a setting: --help lists all variables",
    ]);
  });

  it("does not mind variables of other programs or of the tools around the exporter", () => {
    expect(problemsOf({ PATH: "/bin", HEADROOM_K6: "/bin/k6" })).toEqual([]);
  });

  it("never shows a secret", () => {
    const secrets = { HEADROOM_TOKEN: "hunter two", HEADROOM_REDIS_URL: "http://u:hunter@h" };
    expect(problemsOf(secrets)).toHaveLength(2);
    expect(problemsOf(secrets).join()).not.toContain("hunter");
  });

  it("is refused for numbers that only look like numbers", () => {
    for (const port of [" 1", "1e3", "0x10", "-1", "1.5", "NaN", "٣"]) {
      expect(problemsOf({ HEADROOM_PORT: port })).toHaveLength(1);
    }
  });

  it("is refused for a model file that is not there, unless the engine is simulated", () => {
    const env = { HEADROOM_MODEL: "./no-such.gguf" };
    expect(problemsOf(env)).toEqual([expect.stringContaining("is not a file")]);
    expect(problemsOf({ ...env, HEADROOM_SIMULATE: "true" })).toEqual([]);
    expect(problemsOf({ HEADROOM_MODEL: thisFile })).toEqual([]);
  });

  it("is refused for a model server's address with a password in it", () => {
    const [problem] = problemsOf({ HEADROOM_UPSTREAM_URL: "http://me:hunter2@127.0.0.1:11434" });
    expect(problem).toContain("HEADROOM_UPSTREAM_KEY");
    expect(problem).not.toContain("hunter2");
    expect(problemsOf({ HEADROOM_UPSTREAM_URL: "http://127.0.0.1:11434/v1" })).toEqual([]);
  });

  it("is refused for one label word without the other, and for two that are the same", () => {
    expect(problemsOf({ HEADROOM_MODEL_POSITIVE: "good" })).toHaveLength(1);
    expect(
      problemsOf({ HEADROOM_MODEL_POSITIVE: "good", HEADROOM_MODEL_NEGATIVE: "good" }),
    ).toHaveLength(1);
    expect(problemsOf({ HEADROOM_MODEL_POSITIVE: "good", HEADROOM_MODEL_NEGATIVE: "bad" })).toEqual(
      [],
    );
  });
});

describe("limits of one's own", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "headroom-config-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const written = async (text: string): Promise<string> => {
    const file = join(folder, "mine.json");
    await writeFile(file, text);
    return file;
  };

  it("take the place of the others, beside the memory of the machine", async () => {
    expect(loadConfig({}).limits).toEqual(LIMITS);
    const file = await written('{"goodput": {"warning": 0.5}}');
    const { limits } = loadConfig({
      HEADROOM_LIMITS_FILE: file,
      HEADROOM_MEMORY_BYTES: "100GB",
    });
    expect(limit("goodput", "warning", limits)).toMatchObject({ lower: 0.5 });
    expect(limit("memory", "warning", limits)).toMatchObject({ upper: 70e9 });
  });

  it("are a problem like any other when they cannot be used", async () => {
    const file = await written('{"goodput": {"warning": 80}}');
    expect(problemsOf({ HEADROOM_LIMITS_FILE: file, HEADROOM_PORT: "x" })).toEqual([
      expect.stringContaining("HEADROOM_PORT"),
      expect.stringMatching(
        /^HEADROOM_LIMITS_FILE: the limits in .+ goodput, warning: give a share/,
      ),
    ]);
    expect(problemsOf({ HEADROOM_LIMITS_FILE: join(folder, "none") })).toEqual([
      expect.stringMatching(/^HEADROOM_LIMITS_FILE: .*ENOENT/),
    ]);
  });
});

describe("an address that other machines can reach", () => {
  const token = "0123456789abcdef";

  it("needs a token or the insecure flag", () => {
    for (const host of ["0.0.0.0", "::", "192.0.2.1", "example.org"]) {
      expect(problemsOf({ HEADROOM_HOST: host })).toHaveLength(1);
      expect(problemsOf({ HEADROOM_HOST: host, HEADROOM_TOKEN: "" })).toHaveLength(1);
      expect(problemsOf({ HEADROOM_HOST: host, HEADROOM_TOKEN: token })).toEqual([]);
      expect(problemsOf({ HEADROOM_HOST: host, HEADROOM_ALLOW_INSECURE: "true" })).toEqual([]);
    }
  });

  it("may have another token for the metrics, and none in place of the first", () => {
    const both = { HEADROOM_TOKEN: token, HEADROOM_METRICS_TOKEN: `${token}-metrics` };
    expect(problemsOf(both)).toEqual([]);
    for (const wrong of [{ HEADROOM_TOKEN: "" }, { HEADROOM_METRICS_TOKEN: token }]) {
      expect(problemsOf({ ...both, ...wrong })).toEqual([
        expect.stringMatching(/set that one too/),
      ]);
    }
  });

  it("may leave probes and metrics open, and no other path", () => {
    expect(loadConfig({ HEADROOM_OPEN_PATHS: "/readyz, /metrics" }).openPaths).toHaveLength(2);
    for (const paths of ["/v1/sentiment", "readyz", "/readyz,/readyz", "*"]) {
      expect(problemsOf({ HEADROOM_OPEN_PATHS: paths })).toHaveLength(1);
    }
  });

  it("is not one of loopback", () => {
    for (const host of ["127.0.0.1", "127.8.8.8", "::1", "localhost"]) {
      expect(problemsOf({ HEADROOM_HOST: host })).toEqual([]);
    }
  });
});

describe("the chat model's settings", () => {
  it("take a folder, seen from where the exporter was started", () => {
    expect(loadConfig({ HEADROOM_MODELS_FOLDER: "models" }).modelsFolder).toBe(resolve("models"));
  });

  it("take a model that is not there yet, since it may be fetched", () => {
    expect(loadConfig({ HEADROOM_CHAT_MODEL: "hf:user/model:Q4_K_M" }).chatModel).toBe(
      "hf:user/model:Q4_K_M",
    );
  });

  it("take languages in the order that they were written", () => {
    expect(loadConfig({ HEADROOM_CHAT_LANGUAGES: "ja" }).chatLanguages).toEqual(["ja"]);
    expect(loadConfig({ HEADROOM_CHAT_LANGUAGES: "ja, en" }).chatLanguages).toEqual(["ja", "en"]);
  });

  it("refuse a language that is not spoken here, or one that is named twice", () => {
    for (const languages of ["fr", "en,", ",", "en,en", "EN", "en ja"]) {
      expect(problemsOf({ HEADROOM_CHAT_LANGUAGES: languages })).toEqual([
        `HEADROOM_CHAT_LANGUAGES=${JSON.stringify(languages)} is not allowed: give en, ja, or both with a comma between`,
      ]);
    }
  });
});

describe("a size", () => {
  const memory = (written: string) => loadConfig({ HEADROOM_MEMORY_BYTES: written }).memoryBytes;

  it("is in bytes, decimal units or binary units", () => {
    expect(memory("2000000")).toBe(2e6);
    expect(memory("16GB")).toBe(16e9);
    expect(memory("16GiB")).toBe(16 * 2 ** 30);
    expect(memory("1.5GB")).toBe(1.5e9);
  });

  it("keeps any whole number of bytes in range", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e6, max: 1e15 }), (bytes) => memory(String(bytes)) === bytes),
    );
  });

  it("is refused with another unit", () => {
    expect(problemsOf({ HEADROOM_MEMORY_BYTES: "16gb" })).toHaveLength(1);
    expect(problemsOf({ HEADROOM_MEMORY_BYTES: "GB" })).toHaveLength(1);
  });
});

describe("the help and the table", () => {
  it("name every variable", () => {
    const named = configTable().match(/HEADROOM_[A-Z_]+(?=`)/g) ?? [];
    expect(new Set(named).size).toBe(configTable().split("\n").length - 3);
    for (const variable of named) expect(configHelp()).toContain(variable);
  });

  it("give defaults that are allowed values", () => {
    for (const [, variable = "", value = ""] of configTable().matchAll(
      /^\| `(\w+)` \| `(.+?)` /gm,
    )) {
      expect(problemsOf({ [variable]: value })).toEqual([]);
    }
  });
});

describe("a pod of Kubernetes", () => {
  // What it sets for services called headroom and headroom-redis.
  const injected = {
    HEADROOM_PORT: "tcp://10.0.0.1:9700",
    HEADROOM_PORT_9700_TCP: "tcp://10.0.0.1:9700",
    HEADROOM_PORT_9700_TCP_PROTO: "tcp",
    HEADROOM_PORT_9700_TCP_PORT: "9700",
    HEADROOM_PORT_9700_TCP_ADDR: "10.0.0.1",
    HEADROOM_SERVICE_HOST: "10.0.0.1",
    HEADROOM_SERVICE_PORT: "9700",
    HEADROOM_SERVICE_PORT_HTTP: "9700",
    HEADROOM_REDIS_PORT: "tcp://10.0.0.2:6379",
    HEADROOM_REDIS_SERVICE_HOST: "10.0.0.2",
    HEADROOM_REDIS_PORT_6379_UDP_ADDR: "10.0.0.2",
  };

  it("may have a service called headroom: its variables are left out, and named", () => {
    expect(loadConfig(injected).port).toBe(loadConfig({}).port);
    expect(injectedVariables({ ...injected, PATH: "/bin", HEADROOM_WORKERS: "2" })).toEqual(
      Object.keys(injected),
    );
  });

  it("still has a port of its own, and is told of one that is wrong", () => {
    expect(injectedVariables({ HEADROOM_PORT: "9800" })).toEqual([]);
    expect(loadConfig({ HEADROOM_PORT: "9800" }).port).toBe(9800);
    expect(() => loadConfig({ HEADROOM_PORT: "http://10.0.0.1:9700" })).toThrow("HEADROOM_PORT");
    expect(() => loadConfig({ HEADROOM_SERVICE_HOTS: "x" })).toThrow("HEADROOM_SERVICE_HOTS");
  });
});
