import type { ChatModel } from "../../chat-model.ts";
import type { Generation } from "../../engine/generator.ts";
import { HeadroomError } from "../../errors.ts";
import { endLargeWith, endWithJson } from "../../http/answer.ts";
import type { ChatMetrics } from "../../metrics/chat.ts";
import type { ModelQueue } from "../../status/summary/model-queue.ts";
import type { ChatEngine, Exchange, ListedModel } from "../engine.ts";
import type { RequestMeter } from "../request-timing.ts";
import { finishOf, headOf, StreamedAnswer, wholeAnswer } from "./answer.ts";
import { parseChat, parseCompletion } from "./request.ts";

/** The chat model, and how it is. */
export type OwnModel = Pick<ChatModel, "queue" | "state" | "ready" | "settled">;

/** Answers with the exporter's own chat model, which also words status answers. */
export function openOwnEngine(model: OwnModel, metrics: Pick<ChatMetrics, "known">): ChatEngine {
  const created = Math.floor(Date.now() / 1000);
  let known: string | undefined;

  // So that its series begin before its first request does.
  void model.settled.then(know);

  function know(): void {
    const id = model.queue?.generator.model.id;
    if (id !== undefined && id !== known) metrics.known([(known = id)]);
  }

  function loaded(): ModelQueue {
    const { queue } = model;
    if (!queue || queue.generator.failure) throw unavailable(model.state);
    know();
    return queue;
  }

  async function answer(exchange: Exchange): Promise<void> {
    const { operation, body, meter, signal, res, place } = exchange;
    if (operation === "embeddings") throw noEmbeddings();
    const asked = operation === "chat" ? parseChat(body) : parseCompletion(body);
    meter.streamed = asked.stream;
    const queue = loaded();
    const { model } = queue.generator;
    if (asked.model !== model.id) throw unknownModel(model.id);
    meter.model = model.id;
    const head = headOf(operation, model);
    const streamed = asked.stream
      ? new StreamedAnswer(exchange, { operation, head, includeUsage: asked.includeUsage })
      : undefined;
    const made = await queue.converse(asked.ask, {
      wishes: asked.wishes,
      signal,
      ...(streamed && { onText: (piece) => streamed.add(piece) }),
    });
    signal.throwIfAborted();
    tell(meter, made);
    if (streamed) return streamed.end(made);
    endLargeWith(res, JSON.stringify(wholeAnswer(operation, head, made)), place);
  }

  return {
    answer,
    async listModels(res) {
      const id = model.queue?.generator.model.id;
      const listed: ListedModel[] =
        id === undefined ? [] : [{ id, object: "model", created, owned_by: "headroom" }];
      endWithJson(res, 200, { object: "list", data: listed });
    },
    get ready() {
      return model.ready;
    },
    get waiting() {
      return model.queue?.clientsWaiting ?? 0;
    },
    close: async () => {},
  };
}

function tell(meter: RequestMeter, made: Generation): void {
  meter.inputTokens = made.tokens.input;
  meter.outputTokens = made.tokens.output;
  meter.finish = finishOf(made);
}

function unavailable({ phase, text }: OwnModel["state"]): HeadroomError {
  const next =
    phase === "missing"
      ? "Set HEADROOM_CHAT_MODEL to a model, or HEADROOM_UPSTREAM_URL to a model server, and start the exporter again."
      : "Try again in a moment; GET /readyz tells when it is ready.";
  const now = {
    ...{ missing: "There is none", fetching: "It is being fetched", loading: "It is being loaded" },
    ...{
      failed: "It failed and is started again where that may help",
      ready: "It is being started again",
    },
  }[phase];
  return new HeadroomError(
    "model_unavailable",
    `No chat model can answer. ${now}: ${text}. ${next}`,
    {
      retryAfterSeconds: phase === "fetching" ? 10 : 1,
    },
  );
}

function unknownModel(id: string): HeadroomError {
  return new HeadroomError(
    "unknown_model",
    `There is no such model here; the one that is loaded is ${id}.`,
    {
      members: { param: "model", allowed: [id] },
    },
  );
}

function noEmbeddings(): HeadroomError {
  return new HeadroomError(
    "unsupported_parameter",
    "The exporter's own chat model makes no embeddings; have a model server answer that does (HEADROOM_UPSTREAM_URL).",
    { members: { param: "model" } },
  );
}
