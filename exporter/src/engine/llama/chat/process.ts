/**
 * The process that owns a chat model. A process and not a thread, so that it can run at a lower
 * priority than the exporter, be killed when native code hangs, and crash alone.
 */
import { constants, setPriority } from "node:os";
import { loadChat } from "./load-chat.ts";
import { generateOn } from "./generate.ts";
import type { Lanes } from "./lanes.ts";
import type { FromChat, ToChat } from "./messages.ts";

// Before any thread of llama.cpp is there: on Linux a thread inherits its priority.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const aborts = new Map<number, AbortController>();
let lanes: Lanes | undefined;

const send = (message: FromChat): void => void process.send?.(message);

async function load({ options }: ToChat & { type: "load" }): Promise<void> {
  try {
    const chat = await loadChat(options);
    lanes = chat.lanes;
    send({ type: "loaded", loaded: chat.loaded });
  } catch (error) {
    send({ type: "failed", message: (error as Error).message });
  }
}

async function generate({ id, prompt, maxTokens }: ToChat & { type: "generate" }): Promise<void> {
  const controller = new AbortController();
  aborts.set(id, controller);
  try {
    const generation = await lanes!.use(prompt.system, (chat) =>
      generateOn(chat, prompt, {
        maxTokens,
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

process.on("message", (message: ToChat) => {
  switch (message.type) {
    case "load":
      return void load(message);
    case "generate":
      return void generate(message);
    case "abort":
      return aborts.get(message.id)?.abort();
    case "memory":
      return send({ type: "memory", id: message.id, bytes: process.memoryUsage.rss() });
    case "close":
      // Nothing here needs saving, and the system frees what native code holds.
      return process.exit(0);
  }
});
// The exporter is gone, however it ended.
process.on("disconnect", () => process.exit(0));
// Ctrl-C in a terminal reaches every process of it; the exporter decides when this one ends.
process.on("SIGINT", () => {}).on("SIGTERM", () => {});
