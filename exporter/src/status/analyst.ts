import pTimeout from "p-timeout";
import type { AnswerCache } from "../cache/answer-cache.ts";
import { keysOf } from "../cache/key.ts";
import { inTime, LATE } from "../in-time.ts";
import {
  STRATEGY,
  type FallbackReason,
  type Statement,
  type StatusAnswer,
  type StatusEvent,
  type StatusRequest,
  type Summary,
} from "./answer.ts";
import { findingsOf } from "./findings/machine-findings.ts";
import { fingerprintOf } from "./findings/fingerprint.ts";
import { chooseFindings, SCENARIOS, type ScenarioFindings } from "./scenarios.ts";
import type { Snapshot, SnapshotPart } from "./snapshot/snapshot.ts";
import type { Snapshots } from "./snapshot/snapshots.ts";
import { Arrangement } from "./summary/arrangement.ts";
import { TimeLimit } from "./summary/budget.ts";
import type { ModelQueue, QueuedReply } from "./summary/model-queue.ts";
import { statementFrom, summaryOf } from "./summary/summary.ts";
import { Telling } from "./summary/telling.ts";

/** How one request is answered. */
export interface AnswerOptions {
  /** When the request was accepted, on the analyst's clock, in milliseconds. */
  readonly acceptedAt: number;
  readonly cache: "use" | "no-store";
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  readonly onEvent?: (event: StatusEvent) => void;
}

/** What an analyst needs. */
export interface AnalystParts {
  readonly snapshots: Snapshots;
  /** The chat model; undefined while there is none. */
  readonly model: () => ModelQueue | undefined;
  readonly cache: AnswerCache<Summary>;
  readonly observer: {
    /** The model was asked. */
    asked(model: string, reply: QueuedReply): void;
    answered(answer: StatusAnswer): void;
  };
}

/** Answers status requests. */
export interface Analyst {
  /**
   * An answer within the time limit, whatever the model does: what it cannot say in time, the
   * findings say.
   *
   * @throws the signal's reason when it aborts, and nothing else
   */
  answer(request: StatusRequest, options: AnswerOptions): Promise<StatusAnswer>;
}

/** A summary, and what the model replied when it was asked for it. */
interface Summarised {
  readonly summary: Summary;
  readonly reply?: QueuedReply | undefined;
  readonly cached: boolean;
}

/** Creates the analyst. */
export function createAnalyst({ snapshots, cache, observer, model: find }: AnalystParts): Analyst {
  async function answer(request: StatusRequest, options: AnswerOptions): Promise<StatusAnswer> {
    const scenario = SCENARIOS[request.scenario];
    const targetMs = 1000 * scenario.targetSeconds;
    const ms = Math.min(targetMs, request.deadlineMs ?? targetMs);
    const time = new TimeLimit(ms, options.acceptedAt, () => performance.now());
    const before = time.elapsed;
    const snapshot = await takeInTime(scenario.parts, time, options.signal);
    const snapshotMs = time.elapsed - before;

    const found: ScenarioFindings = {
      scenario,
      strategy: STRATEGY[request.strategy],
      language: request.language,
      findings: chooseFindings(scenario, findingsOf(snapshot)),
      isComplete: snapshot.unavailable.length === 0,
    };
    const statement = statementFrom(found, snapshot);
    const telling = new Telling(options.onEvent);
    const model = find();
    const refusal = reasonNotToAsk(model, found);
    const { summary, reply, cached }: Summarised =
      model && !refusal
        ? await summarise(model, found, statement, time, telling, options)
        : { summary: summaryOf(statement, new Arrangement(found), refusal), cached: false };
    telling.finish(summary);

    // A model that may not be asked has no part in the answer; one that failed has.
    const asked = !refusal || refusal === "model_failed" ? model?.generator.model : undefined;
    const totalMs = time.elapsed;
    const answer: StatusAnswer = {
      scenario: request.scenario,
      strategy: request.strategy,
      language: request.language,
      ...summary,
      cached,
      engine: asked?.engine ?? "none",
      model: asked?.id ?? null,
      simulated: asked?.engine === "simulated",
      timingsMs: {
        queue: reply?.queueMs ?? 0,
        snapshot: snapshotMs,
        prefill: 1000 * (reply?.generation?.prefillSeconds ?? 0),
        decode: 1000 * (reply?.generation?.decodeSeconds ?? 0),
        total: totalMs,
      },
      tokens: reply?.generation?.tokens ?? { input: 0, evaluated: 0, output: 0 },
      deadline: { ms, targetMs, met: totalMs <= ms },
      budget: reply?.budget ?? null,
    };
    observer.answered(answer);
    return answer;
  }

  /** A snapshot before the answer is due; all of it is unavailable when the machine is slower. */
  async function takeInTime(
    parts: readonly SnapshotPart[],
    time: TimeLimit,
    signal: AbortSignal,
  ): Promise<Snapshot> {
    const snapshot = await inTime(snapshots.take(parts), time.leftForAnswer, signal);
    if (snapshot !== LATE) return snapshot;
    const reason = "the deadline came first";
    return {
      takenAt: new Date().toISOString(),
      unavailable: parts.map((part) => ({ part, reason })),
    };
  }

  /** The model's summary from the cache or made now; at the deadline the findings' own. */
  async function summarise(
    model: ModelQueue,
    found: ScenarioFindings,
    statement: Statement,
    time: TimeLimit,
    telling: Telling,
    options: AnswerOptions,
  ): Promise<Summarised> {
    const arrangement = new Arrangement(found);
    let reply: QueuedReply | undefined;
    const make = async (signal: AbortSignal): Promise<Summary> => {
      telling.findings(statement);
      const onText = (text: string) => telling.text(text);
      reply = await model.ask(found, time, { arrangement, signal, onText });
      observer.asked(model.generator.model.id, reply);
      return summaryOf(statement, arrangement, reply.fallback);
    };
    const over = AbortSignal.timeout(Math.ceil(time.leftForAnswer));
    const wanted = AbortSignal.any([options.signal, over]);
    try {
      if (options.cache === "no-store") {
        const summary = await pTimeout(make(wanted), { milliseconds: Infinity, signal: wanted });
        return { summary, reply, cached: false };
      }
      const resolve = () =>
        cache.resolve([keyOf(model, found)], async (_, signal) => [await make(signal)], wanted, {
          ttlSeconds: found.strategy.cacheTtlSeconds,
          keep: isWorthKeeping,
        });
      let [resolved] = await resolve();
      // It was shared with somebody who had less time.
      if (resolved!.cached && resolved!.value.fallback === "deadline") [resolved] = await resolve();
      return { summary: resolved!.value, reply, cached: resolved!.cached };
    } catch (error) {
      options.signal.throwIfAborted();
      if (!over.aborted) throw error;
      return { summary: summaryOf(statement, arrangement, "deadline"), reply, cached: false };
    }
  }

  return { answer };
}

function reasonNotToAsk(
  model: ModelQueue | undefined,
  { language, findings }: ScenarioFindings,
): FallbackReason | undefined {
  if (findings.length === 0) return "no_findings";
  if (!model) return "no_model";
  if (!model.generator.model.languages.includes(language)) return "language";
  return model.generator.failure ? "model_failed" : undefined;
}

/** Another try may fare better, except after words that are not allowed: they would not change. */
function isWorthKeeping({ fallback }: Summary): boolean {
  return fallback === undefined || fallback === "ungrounded";
}

function keyOf({ generator }: ModelQueue, found: ScenarioFindings): string {
  const { scenario, strategy, language, findings } = found;
  const { id, fingerprint } = generator.model;
  const names = { scenario: scenario.name, strategy: strategy.name };
  const options = { fingerprint, ...names, language, complete: String(found.isComplete) };
  return keysOf({ task: "status", model: id, options })(fingerprintOf(findings));
}
