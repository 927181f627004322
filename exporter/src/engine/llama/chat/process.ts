/**
 * The process that owns a chat model. A process and not a thread, so that it can run at a lower
 * priority than the exporter, be killed when native code hangs, and crash alone.
 */
import { constants, setPriority } from "node:os";
import { childEnd } from "../../process/child-end.ts";
import { loadChat, type LoadedChat } from "./load-chat.ts";
import { generateOn } from "./generate.ts";
import type { FromChat, ToChat } from "./messages.ts";

// Before any thread of llama.cpp is there: on Linux a thread inherits its priority.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const send = childEnd<FromChat>();

const aborts = new Map<number, AbortController>();
let chat: LoadedChat | undefined;

async function load({ options }: ToChat & { type: "load" }): Promise<void> {
  try {
    chat = await loadChat(options);
    send({ type: "loaded", loaded: chat.loaded });
  } catch (error) {
    send({ type: "failed", message: (error as Error).message });
  }
}

async function generate(message: ToChat & { type: "generate" }): Promise<void> {
  const { id, prompt, maxTokens, grammar } = message;
  const controller = new AbortController();
  aborts.set(id, controller);
  try {
    const generation = await chat!.lanes.use(prompt.system, (lane) =>
      generateOn(lane, prompt, {
        maxTokens,
        ...(grammar && { grammar }),
        signal: controller.signal,
        onText: (piece) => send({ type: "text", id, piece }),
      }),
    );
    send({ type: "generated", id, generation });
  } catch (error) {
    send({ type: "failed", id, message: (error as Error).message });
  } finally {
    aborts.delete(id);
  }
}

async function tellDevice(id: number): Promise<void> {
  send({ type: "device", id, memory: await chat?.deviceMemory().catch(() => undefined) });
}

process.on("message", (message: ToChat) => {
  switch (message.type) {
    case "load":
      return void load(message);
    case "generate":
      return void generate(message);
    case "abort":
      return aborts.get(message.id)?.abort();
    case "device":
      return void tellDevice(message.id);
    case "close":
      // Nothing here needs saving, and the system frees what native code holds.
      return process.exit(0);
  }
});
