import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Absent, Contender } from "../contender.ts";
import { openTokens, type Tokens } from "../tokens.ts";
import { findPython, VERSION } from "./environment.ts";

const PROGRAM = fileURLToPath(new URL("./loop.py", import.meta.url));

/** Longer messages are cut; none of the dataset's is. */
const TOKENS = 512;

const NAME = `llama-cpp-python ${VERSION}`;

/** A process that answers a list of texts with the sum of their scores. */
interface PythonLoop {
  score(texts: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

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
      async close() {
        // They have the loops in common, and the last one closes.
        if (id !== "pythons") return;
        await Promise.all([...loops.map((loop) => loop.close()), tokens.dispose()]);
      },
    };
  });
}

async function startLoop(python: string, file: string, tokens: Tokens): Promise<PythonLoop> {
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
    score: async (texts) => (await answerTo(texts)) as number,
    async close() {
      child.stdin.end();
      await closed;
    },
  };
}
