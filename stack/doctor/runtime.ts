import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isNewEnough, parseVersion } from "../tools/find.ts";

/** Node, and the engine that runs models. */
export interface Runtime {
  readonly node: {
    readonly version: string;
    /** Oldest version that serves, as in package.json. */
    readonly oldest: string;
    readonly newEnough: boolean;
  };
  readonly engine: {
    /** As in `linux-x64`: its binary is made for one. */
    readonly platform: string;
    /** Version of node-llama-cpp; absent when it is not installed. */
    readonly version?: string;
    /** Release of llama.cpp in the binary, as it says itself. */
    readonly release?: string;
    /** Why the binary does not start; absent when it does. */
    readonly problem?: string;
  };
}

/** Starting it takes a third of a second here; a cold disk may need much longer. */
const START_LIMIT_MS = 60_000;

/** Tries it in a process of its own. */
const PROGRAM = join("exporter", "src", "engine", "llama", "try-engine.ts");

/**
 * Looks at Node, and starts the engine once.
 *
 * @param root - folder of the checkout
 */
export async function examineRuntime(root: string): Promise<Runtime> {
  const oldest =
    readJson(join(root, "package.json"))?.engines?.node?.replace(/^>=\s*/, "") ?? "0.0";
  const version = readJson(join(root, "node_modules", "node-llama-cpp", "package.json"))?.version;
  const started = await startEngine(root);
  return {
    node: {
      version: process.versions.node,
      oldest,
      newEnough: isNewEnough(versionIn(process.versions.node), versionIn(oldest)),
    },
    engine: {
      platform: `${process.platform}-${process.arch}`,
      ...(version !== undefined && { version }),
      ...started,
    },
  };
}

/** The release of llama.cpp, or why there is none. */
function startEngine(root: string): Promise<{ release?: string; problem?: string }> {
  const options = { cwd: root, timeout: START_LIMIT_MS };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM], options, (error, stdout, stderr) => {
      const said = lastJson(stdout);
      if (said?.release !== undefined) return resolve({ release: said.release });
      // The error of a missing binary is only a name; what is logged before it says more.
      const logged = /^\[node-llama-cpp\] (.+)$|^(\w*Error.*)$/m.exec(stderr);
      const ended = `it ended with ${error?.signal ?? error?.code ?? "nothing"}`;
      resolve({ problem: logged?.[1] ?? logged?.[2] ?? said?.problem ?? ended });
    });
  });
}

function lastJson(text: string): { release?: string; problem?: string } | undefined {
  try {
    return JSON.parse(text.trim().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}

/** Also of `24`, which stands for 24.0. */
const versionIn = (text: string) => parseVersion(`${text}.0`) ?? ([0, 0] as const);

interface PackageDescription {
  readonly version?: string;
  readonly engines?: { readonly node?: string };
}

function readJson(file: string): PackageDescription | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
