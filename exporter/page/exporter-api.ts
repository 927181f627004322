import { EventSourceParserStream } from "eventsource-parser/stream";
import type { StatusScenario } from "@headroom/alerts/limits";
import type { TypeOf } from "../src/type-of.ts";
import type { STATUS_LIST } from "../src/http/routes/status.ts";
import type { Language } from "../src/language.ts";
import type { Statement, StatusAnswer, StrategyName } from "../src/status/answer.ts";
import { token } from "./kept.ts";

/** What can be asked, and within which time it is answered. */
export type StatusList = TypeOf<typeof STATUS_LIST>;

/** What keeps an answer from coming. */
export type TroubleKind =
  /** nobody answers at the address */
  | "unreachable"
  /** somebody does, and says nothing any more */
  | "silent"
  /** the connection ended before the answer did */
  | "brokenOff"
  /** a token is asked for */
  | "noToken"
  /** another token is asked for */
  | "wrongToken"
  /** too many ask, or the exporter stops */
  | "busy"
  /** everything else that the exporter refuses */
  | "refused";

/** No answer, or no whole one. */
export class Trouble extends Error {
  readonly kind: TroubleKind;

  /** @param detail - the exporter's own words, in English; else empty */
  constructor(kind: TroubleKind, detail = "") {
    super(detail);
    this.kind = kind;
  }
}

/** What is told of an answer while it arises. */
export type AnswerEvent =
  | { readonly event: "findings"; readonly data: Statement }
  | { readonly event: "delta"; readonly data: { readonly text: string } }
  | { readonly event: "done"; readonly data: StatusAnswer };

/** How long the exporter may say nothing beyond what it promised, in milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * Sends a status request, and gives each event as it comes, `done` last.
 *
 * @param request - with the seconds within which the exporter means to answer
 * @throws Trouble in every case, or the reason of `signal`
 */
export async function* ask(
  request: {
    readonly scenario: StatusScenario;
    readonly strategy: StrategyName;
    readonly language: Language;
    readonly targetSeconds: number;
  },
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const { scenario, strategy, language, targetSeconds } = request;
  const late = AbortSignal.timeout(1_000 * targetSeconds + PATIENCE_MS);
  const whenLate = (otherwise: TroubleKind) => {
    signal.throwIfAborted();
    return new Trouble(late.aborted ? "silent" : otherwise);
  };
  const response = await send(`/v1/status/${scenario}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ strategy, language, stream: true }),
    signal: AbortSignal.any([signal, late]),
  }).catch((error: unknown) => {
    throw error instanceof Trouble ? error : whenLate("unreachable");
  });
  const events = response
    .body!.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (let next = await events.read(); !next.done; next = await events.read()) {
      const { event, data } = next.value;
      const told = { event, data: JSON.parse(data) as unknown } as AnswerEvent;
      yield told;
      if (told.event === "done") return;
    }
  } catch {
    throw whenLate("brokenOff");
  }
  throw whenLate("brokenOff");
}

/**
 * Reads something as JSON.
 *
 * @throws Trouble
 */
export async function get<T>(path: string): Promise<T> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    return (await (await send(path, { signal })).json()) as T;
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(signal.aborted ? "silent" : "unreachable");
  }
}

/** @throws Trouble for every answer that is none, and what `fetch` throws */
async function send(path: string, init: RequestInit & { readonly signal: AbortSignal }) {
  const given = token();
  const response = await fetch(path, {
    ...init,
    cache: "no-store",
    headers: { ...init.headers, ...(given !== undefined && { Authorization: `Bearer ${given}` }) },
  });
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { readonly detail?: string };
  const kind =
    response.status === 401
      ? given === undefined
        ? "noToken"
        : "wrongToken"
      : response.status === 503
        ? "busy"
        : "refused";
  throw new Trouble(kind, problem.detail ?? `HTTP ${response.status}`);
}
