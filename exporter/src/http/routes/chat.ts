import type { RequestHandler } from "express";
import type { ChatOperation } from "@headroom/alerts/limits";
import type { ChatEngine } from "../../chat/engine.ts";
import { RequestMeter } from "../../chat/request-timing.ts";
import { HeadroomError } from "../../errors.ts";
import type { ChatMetrics } from "../../metrics/chat.ts";
import { Admission } from "../admission.ts";
import { whileWanted } from "../cancellation.ts";
import type { Drain } from "../drain.ts";
import { observeRequests, outcomeOfProblem } from "../outcome.ts";
import { receiveBody } from "../request-body.ts";

/** The paths of OpenAI's API, by what is asked there. */
export const CHAT_PATHS: Readonly<Record<ChatOperation, string>> = {
  chat: "/v1/chat/completions",
  text_completion: "/v1/completions",
  embeddings: "/v1/embeddings",
};

/** What the routes of OpenAI's API are made of. */
export interface ChatParts {
  readonly chat: ChatEngine;
  /** Bounds what is in work; shared by the three paths. */
  readonly chatAdmission: Admission;
  readonly drain: Drain;
  readonly chatBodyBytes: number;
  /** Within which a request must be answered, to its last token. */
  readonly chatTimeoutSeconds: number;
  /** Within which a request must have arrived. */
  readonly requestTimeoutSeconds: number;
}

const ADVICE =
  "Ask for fewer tokens, send less at once, or allow more time with HEADROOM_CHAT_TIMEOUT_SECONDS.";

/** What these routes leave in `res.locals`. */
export interface ChatLocals {
  meter: RequestMeter;
  /** Errors also have OpenAI's shape. */
  openAi: true;
}

/** Bytes of bodies and of answers under way, over all requests: some of the largest bodies at once. */
export const chatAdmission = (requests: number, largestBody: number): Admission =>
  new Admission({ messages: 0, requests, bytes: 8 * largestBody });

/** Measures every request to a path, also those that are refused before they are read. */
export function measureChat(operation: ChatOperation, metrics: ChatMetrics): RequestHandler {
  const observe = observeRequests<ChatLocals>(({ outcome, seconds }, { meter }) =>
    meter.ended(outcome, seconds),
  );
  return (req, res, next) => {
    Object.assign(res.locals, {
      meter: new RequestMeter(operation, metrics),
      openAi: true,
    } satisfies ChatLocals);
    void observe(req, res, next);
  };
}

/** `POST /v1/chat/completions`, `/v1/completions` and `/v1/embeddings`. */
export function chat(parts: ChatParts, operation: ChatOperation): RequestHandler {
  const bounds = { maxBytes: parts.chatBodyBytes, seconds: parts.requestTimeoutSeconds };
  return async (req, res) => {
    const { meter } = res.locals as ChatLocals;
    const { body, place } = await receiveBody(req, res, parts.chatAdmission, bounds);
    // A model may be silent for longer than a client of the other paths may be.
    req.setTimeout(2000 * parts.chatTimeoutSeconds);
    const answer = (signal: AbortSignal) =>
      parts.chat.answer({ operation, req, res, body, place, meter, signal });
    try {
      await whileWanted(res, parts.drain, parts.chatTimeoutSeconds, answer, ADVICE);
    } catch (error) {
      // An answer that has begun is cut off, and its status says nothing of that.
      if (res.headersSent && error instanceof HeadroomError) {
        meter.outcome ??= outcomeOfProblem(error.code);
      }
      throw error;
    }
  };
}

/** `GET /v1/models`. */
export function models({
  chat,
  drain,
  requestTimeoutSeconds,
}: Pick<ChatParts, "chat" | "drain" | "requestTimeoutSeconds">): RequestHandler {
  return async (_req, res) => {
    Object.assign(res.locals, { openAi: true });
    await whileWanted(res, drain, requestTimeoutSeconds, (signal) => chat.listModels(res, signal));
  };
}
