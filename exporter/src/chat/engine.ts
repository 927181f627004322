import type { Request, Response } from "express";
import type { ChatOperation } from "@headroom/alerts/limits";
import type { Place } from "../http/admission.ts";
import type { RequestMeter } from "./request-timing.ts";

/** One request of OpenAI's API, from its body to its last byte. */
export interface Exchange {
  readonly operation: ChatOperation;
  readonly req: Request;
  readonly res: Response;
  readonly body: Buffer;
  /** For the bytes that wait until the client takes them. */
  readonly place: Place;
  readonly meter: RequestMeter;
  /** Aborts when the client is gone, the time is over, or the exporter stops; the reason says which. */
  readonly signal: AbortSignal;
}

/** A model that OpenAI's `GET /v1/models` lists. */
export interface ListedModel {
  readonly id: string;
  readonly object: "model";
  /** Seconds since 1970. */
  readonly created: number;
  readonly owned_by: string;
}

/** Who answers the requests of OpenAI's API: the model server behind the exporter, or its own chat model. */
export interface ChatEngine {
  /**
   * Answers a request to its end. For a streamed answer nothing leaves, no header either, before the first
   * piece of content does.
   *
   * @throws HeadroomError while nothing was sent; whatever goes wrong later ends the connection
   * @throws the signal's reason
   */
  answer(exchange: Exchange): Promise<void>;
  /**
   * Answers `GET /v1/models`.
   *
   * @throws HeadroomError `upstream_failed` when the model server does not answer
   */
  listModels(res: Response, signal: AbortSignal): Promise<void>;
  /** Whether requests can be answered now; undefined where nobody would: no server and no model. */
  readonly ready: boolean | undefined;
  /** Requests that wait for a model of its own; undefined for a model server. */
  readonly waiting: number | undefined;
  close(): Promise<void>;
}
