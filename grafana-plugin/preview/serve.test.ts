import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { requireBuilt } from "./places.ts";

beforeAll(() => requireBuilt());

/** Runs the command until it ends; `onLine` sees what it prints. */
async function serve(args: readonly string[], onLine: (line: string, stop: () => void) => void) {
  const file = join(import.meta.dirname, "serve.ts");
  const child = spawn(process.execPath, [file, ...args]);
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    onLine(text, () => child.kill("SIGTERM"));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
}

describe("the command that serves the preview", () => {
  it("says where it listens, and stops when it is told to", async () => {
    const answers: Promise<number>[] = [];
    const { code, said } = await serve(
      ["--port", "0", "--dashboards", import.meta.dirname],
      (line, stop) => {
        const url = /http:\S+/.exec(line)?.[0];
        const status = fetch(`${url}/stage`).then((answer) => answer.status);
        answers.push(status);
        void status.finally(stop);
      },
    );
    expect(await Promise.all(answers)).toEqual([200]);
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });

  it("says what is wrong with its arguments", async () => {
    const { code, said } = await serve(["--port", "x"], () => {});
    expect(code).toBe(1);
    expect(said).toMatch(/could not be started: .*port/);
  });
});
