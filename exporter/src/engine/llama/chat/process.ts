/**
 * The process that owns a chat model. A process and not a thread, so that it can run at a lower
 * priority than the exporter, be killed when native code hangs, and crash alone.
 */
import { writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { loadChat, type LoadedChat } from "./load-chat.ts";
import { generateOn } from "./generate.ts";
import type { FromChat, ToChat } from "./messages.ts";

// Before any thread of llama.cpp is there: on Linux a thread inherits its priority.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
dieFirst();

const aborts = new Map<number, AbortController>();
let chat: LoadedChat | undefined;

const send = (message: FromChat): void => void process.send?.(message);

/**
 * Has Linux end this process before all others when memory runs out (proc(5), oom_score_adj): the
 * exporter goes on without a chat model, and starts it again. Raising the score needs no privilege.
 */
function dieFirst(): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // Some containers have /proc read-only; then the kernel chooses by size.
  }
}

async function load({ options }: ToChat & { type: "load" }): Promise<void> {
  try {
    chat = await loadChat(options);
    send({ type: "loaded", loaded: chat.loaded });
  } catch (error) {
    send({ type: "failed", message: (error as Error).message });
  }
}

async function generate({ id, prompt, maxTokens }: ToChat & { type: "generate" }): Promise<void> {
  const controller = new AbortController();
  aborts.set(id, controller);
  try {
    const generation = await chat!.lanes.use(prompt.system, (lane) =>
      generateOn(lane, prompt, {
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
// The exporter is gone, however it ended.
process.on("disconnect", () => process.exit(0));
// Ctrl-C in a terminal reaches every process of it; the exporter decides when this one ends.
process.on("SIGINT", () => {}).on("SIGTERM", () => {});
