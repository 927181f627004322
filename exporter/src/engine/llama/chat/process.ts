/**
 * The process that owns a chat model. A process and not a thread, so that it can run at a lower
 * priority than the exporter, be killed when native code hangs, and crash alone.
 */
import { constants, setPriority } from "node:os";
import { childEnd } from "../../child-end.ts";
import { HeadroomError } from "../../../errors.ts";
import type { DeviceMemory, Generation } from "../../generator.ts";
import { loadChat, type LoadedChat } from "./load-chat.ts";
import type { ChatLoadOptions, FromChat, ToChat } from "./messages.ts";

// Before any thread of llama.cpp is there: on Linux a thread inherits its priority.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const tell = childEnd<FromChat>(latestMemory);

const aborts = new Map<number, AbortController>();
let chat: LoadedChat | undefined;
let memory: DeviceMemory | undefined;

/** What was read at the call before: a driver that hangs keeps nobody from saying that the process lives. */
function latestMemory(): DeviceMemory | undefined {
  chat?.deviceMemory().then(
    (now) => (memory = now),
    () => (memory = undefined),
  );
  return memory;
}

async function load(options: ChatLoadOptions): Promise<void> {
  try {
    chat = await loadChat(options);
    tell({ type: "loaded", loaded: chat.loaded });
  } catch (error) {
    tell({ type: "refused", why: (error as Error).message }, () => process.exit(0));
  }
}

type Call = ToChat & { readonly type: "generate" | "converse" };

async function answer(message: Call): Promise<void> {
  const { id } = message;
  const controller = new AbortController();
  aborts.set(id, controller);
  try {
    const onText = (piece: string) => tell({ type: "text", id, piece });
    tell({ type: "generated", id, generation: await run(message, controller.signal, onText) });
  } catch (error) {
    const { message, code, members } =
      error instanceof HeadroomError
        ? error
        : new HeadroomError("model_failed", (error as Error).message);
    tell({ type: "failed", id, message, code, members });
  } finally {
    aborts.delete(id);
  }
}

function run(
  message: Call,
  signal: AbortSignal,
  onText: (piece: string) => void,
): Promise<Generation> {
  const { lanes } = chat!;
  if (message.type === "converse") {
    return lanes.converse(message.ask, { wishes: message.wishes, signal, onText });
  }
  const { prompt, maxTokens, grammar } = message;
  return lanes.generate(prompt, { maxTokens, ...(grammar && { grammar }), signal, onText });
}

process.on("message", (message: ToChat) => {
  switch (message.type) {
    case "load":
      return void load(message.options);
    case "generate":
    case "converse":
      return void answer(message);
    case "abort":
      return aborts.get(message.id)?.abort();
    case "close":
      // Nothing here needs saving, and the system frees what native code holds.
      return process.exit(0);
  }
});
