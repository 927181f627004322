import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Tell } from "../command.ts";
import { openTokens, type Tokens } from "./node-llama-cpp.ts";
import type { Absent, Contender } from "./workload.ts";

/** The version that is compared with; another one may be faster or slower. */
const VERSION = "0.3.36";

/** A virtual environment of Python's own, in the checkout's folder for tools. */
const FOLDER = fileURLToPath(new URL("../../../.tools/llama-cpp-python", import.meta.url));
const PYTHON = join(FOLDER, "bin", "python");

/** What is installed: the engine alone, or its web server as well, and OpenAI's client to ask it. */
const PACKAGES = {
  engine: [`llama-cpp-python==${VERSION}`],
  server: [`llama-cpp-python[server]==${VERSION}`, "openai==3.57.0"],
} as const;
const CHECKS = {
  engine: "import llama_cpp; print(llama_cpp.__version__)",
  server: "import llama_cpp, llama_cpp.server.app, openai; print(llama_cpp.__version__)",
} as const;
const PIP = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];

/** @returns the path of a Python that has llama-cpp-python; undefined where none was installed */
export async function findPython(
  what: keyof typeof PACKAGES = "engine",
): Promise<string | undefined> {
  const said = await promisify(execFile)(PYTHON, ["-c", CHECKS[what]]).catch(() => undefined);
  return said?.stdout.trim() === VERSION ? PYTHON : undefined;
}

/**
 * Builds llama-cpp-python from PyPI, unless it is there.
 *
 * @throws Error with what to do when it cannot be built
 * @throws the signal's reason when it aborts
 */
export async function installPython(
  tell: Tell,
  signal: AbortSignal,
  what: keyof typeof PACKAGES = "engine",
): Promise<void> {
  if (await findPython(what)) return;
  const since = performance.now();
  const title = `building llama-cpp-python ${VERSION} (some 8 minutes)`;
  const seconds = () => Math.round((performance.now() - since) / 1000);
  const timer = setInterval(() => tell(`${title}: ${seconds()} s`), 1_000);
  tell(title);
  const isNew = (await findPython()) === undefined;
  try {
    if (isNew) {
      // What an interrupted installation left would only be in the way.
      await rm(FOLDER, { recursive: true, force: true });
      await run("python3", ["-m", "venv", FOLDER], signal);
    }
    await run(PYTHON, [...PIP, ...PACKAGES[what]], signal);
  } catch (cause) {
    if (isNew) await rm(FOLDER, { recursive: true, force: true });
    signal.throwIfAborted();
    throw new Error(
      `llama-cpp-python could not be built: ${(cause as Error).message}\n` +
        "It needs python3 with venv, a C++ compiler, and a package index that pip can reach.",
      { cause },
    );
  } finally {
    clearInterval(timer);
  }
}

/** Runs a program; with it end the compilers that it starts, which only its group has in common. */
async function run(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(program, args, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
  const end = () => child.pid !== undefined && process.kill(-child.pid, "SIGTERM");
  signal.addEventListener("abort", end, { once: true });
  try {
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new Error(said.trim() || `${program} ended with code ${code}`);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

const PROGRAM = fileURLToPath(new URL("./llama-cpp-python.py", import.meta.url));

/** Longer messages are cut; none of the dataset's is. */
const TOKENS = 512;

const NAME = `llama-cpp-python ${VERSION}`;

/**
 * llama-cpp-python in a process alone, and in as many as the exporter has workers.
 *
 * Its texts are normalised before the time starts, so that its model reads the same words; it tokenizes
 * them itself, within the time.
 *
 * @throws Error when it is there but does not work
 */
export async function llamaCppPython(
  file: string,
  workers: number,
): Promise<(Contender | Absent)[]> {
  const ids = ["python", "pythons"] as const;
  const names = [`${NAME}, one process`, `${NAME}, ${workers} processes`];
  const python = await findPython();
  if (python === undefined) {
    const absent = "not here: npm run bench -- --llama-cpp-python builds it, in some 8 minutes";
    return ids.map((id, i) => ({ id, name: names[i]!, absent }));
  }
  const tokens = await openTokens(file);
  const loops = await Promise.all(
    Array.from({ length: workers }, () => startLoop(python, file, tokens)),
  );
  let texts: readonly string[] = [];
  return ids.map((id, i) => {
    const used = i === 0 ? loops.slice(0, 1) : loops;
    return {
      id,
      name: names[i]!,
      includes: "tokens; words are normalised before",
      share: 1 / 4,
      prepare: (batches) => void (texts = batches.flat().map(tokens.textOf)),
      async run() {
        const part = Math.ceil(texts.length / used.length);
        const sums = await Promise.all(
          used.map((loop, k) => loop.score(texts.slice(k * part, (k + 1) * part))),
        );
        return sums.reduce((sum, one) => sum + one, 0);
      },
      async [Symbol.asyncDispose]() {
        // They have the loops in common, and the last one ends them.
        if (id !== "pythons") return;
        await Promise.all([...loops, tokens].map((one) => one[Symbol.asyncDispose]()));
      },
    };
  });
}

/** Starts a process that answers a list of texts with the sum of their scores. */
async function startLoop(python: string, file: string, tokens: Tokens) {
  const child = spawn(python, [PROGRAM], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
  // Writing to a program that has ended fails; that it has ended is said below.
  child.stdin.on("error", () => {});
  const closed = once(child, "close");
  const lines = createInterface({ input: child.stdout });
  const ended = closed.then(() => {
    throw new Error(`llama-cpp-python ended:\n${said.trim()}`);
  });
  ended.catch(() => {});
  const answerTo = async (value: unknown): Promise<unknown> => {
    const line = once(lines, "line");
    child.stdin.write(`${JSON.stringify(value)}\n`);
    const [text] = (await Promise.race([line, ended])) as [string];
    return JSON.parse(text);
  };
  const { before, positive, negative, unknown = -1 } = tokens;
  await answerTo({ file, tokens: TOKENS, before, positive, negative, unknown });
  return {
    score: async (texts: readonly string[]) => (await answerTo(texts)) as number,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await closed;
    },
  };
}
