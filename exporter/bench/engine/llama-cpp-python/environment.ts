import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The version that is compared with; another one may be faster or slower. */
export const VERSION = "0.3.36";

/** A virtual environment of Python's own, in the checkout's folder for tools. */
const FOLDER = fileURLToPath(new URL("../../../../.tools/llama-cpp-python", import.meta.url));
const PYTHON = join(FOLDER, "bin", "python");

const CHECK = "import llama_cpp; print(llama_cpp.__version__)";
const PIP = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];

/** @returns the path of a Python that has llama-cpp-python; undefined where none was installed */
export async function findPython(): Promise<string | undefined> {
  const said = await promisify(execFile)(PYTHON, ["-c", CHECK]).catch(() => undefined);
  return said?.stdout.trim() === VERSION ? PYTHON : undefined;
}

/**
 * Builds llama-cpp-python from PyPI, unless it is there.
 *
 * @throws Error with what to do when it cannot be built
 * @throws the signal's reason when it aborts
 */
export async function installPython(
  tell: (what: string, done?: number, all?: number) => void,
  signal: AbortSignal,
): Promise<void> {
  if (await findPython()) return;
  // What an interrupted installation left would only be in the way.
  await rm(FOLDER, { recursive: true, force: true });
  const since = performance.now();
  const what = `building llama-cpp-python ${VERSION} (some 8 minutes)`;
  const seconds = () => Math.round((performance.now() - since) / 1000);
  const timer = setInterval(() => tell(`${what}: ${seconds()} s`), 1_000);
  tell(what);
  try {
    await run("python3", ["-m", "venv", FOLDER], signal);
    await run(PYTHON, [...PIP, `llama-cpp-python==${VERSION}`], signal);
  } catch (cause) {
    await rm(FOLDER, { recursive: true, force: true });
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
