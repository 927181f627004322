import type { ChildProcess } from "node:child_process";
import { HeadroomError } from "../../../errors.ts";
import { forkProgram } from "../../../fork-program.ts";
import type { ChatLoaded, ChatLoadOptions, FromChat, ToChat } from "./messages.ts";

/** A model's process that has loaded its model. */
export interface ChatChild {
  readonly child: ChildProcess;
  readonly loaded: ChatLoaded;
}

/**
 * Starts a process and has it load a model.
 *
 * @throws HeadroomError `model_failed` when the model cannot be loaded
 * @throws the signal's reason when it aborts before that; no process is left then
 */
export async function startChatChild(
  options: ChatLoadOptions,
  signal: AbortSignal,
): Promise<ChatChild> {
  signal.throwIfAborted();
  const child = forkProgram(new URL("./process.ts", import.meta.url), "chat");
  const kill = () => child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    child.send({ type: "load", options } satisfies ToChat);
    return { child, loaded: await whenLoaded(child) };
  } catch (error) {
    kill();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

/** What to tell whoever waits for a process that is no more. */
export function endOf(code: number | null, signal: NodeJS.Signals | null): HeadroomError {
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
  return new HeadroomError("model_failed", `The chat model's process ${how}.`);
}

function whenLoaded(child: ChildProcess): Promise<ChatLoaded> {
  return new Promise((resolve, reject) => {
    child.once("message", (message: FromChat) => {
      if (message.type === "loaded") resolve(message.loaded);
      if (message.type === "failed") reject(new HeadroomError("model_failed", message.message));
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(endOf(code, signal)));
  });
}
