import { statSync } from "node:fs";
import type { z } from "zod";
import { isLoopback } from "../loopback.ts";
import type { settings } from "./settings.ts";

/** What the environment says, as far as each value on its own was right. */
export type ValidSettings = Partial<z.output<typeof settings>>;

/** What is wrong with settings that are right one by one but not together. */
export function brokenRules(found: ValidSettings): string[] {
  const problems: string[] = [];
  const { host, token, allowInsecure, model, modelPositive, modelNegative } = found;
  if (host !== undefined && !isLoopback(host) && token === undefined && allowInsecure === false) {
    problems.push(
      `HEADROOM_HOST=${JSON.stringify(host)} lets other machines in: ` +
        "set HEADROOM_TOKEN, or HEADROOM_ALLOW_INSECURE=true to answer anyone",
    );
  }
  if ((modelPositive === undefined) !== (modelNegative === undefined)) {
    problems.push("HEADROOM_MODEL_POSITIVE and HEADROOM_MODEL_NEGATIVE: set both or neither");
  } else if (modelPositive !== undefined && modelPositive === modelNegative) {
    problems.push("HEADROOM_MODEL_POSITIVE and HEADROOM_MODEL_NEGATIVE must differ");
  }
  if (model !== undefined && !found.simulate && !isFile(model)) {
    problems.push(
      `HEADROOM_MODEL=${JSON.stringify(model)} is not a file that can be read: ` +
        "give the path of a GGUF file, or leave it out for the embedded model",
    );
  }
  return problems;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
