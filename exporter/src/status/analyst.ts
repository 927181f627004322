import type { AnswerCache } from "../cache/answer-cache.ts";
import { keysOf } from "../cache/key.ts";
import { linkSignals } from "../linked-signal.ts";
import { unlessAborted } from "../unless-aborted.ts";
import type { FallbackReason, StatusAnswer } from "./answer.ts";
import { Arrangement } from "./arrangement.ts";
import type { Question, Reply } from "./ask-model.ts";
import { findingsOf } from "./findings/findings-of.ts";
import { fingerprintOf } from "./findings/fingerprint.ts";
import type { ModelQueue } from "./model-queue.ts";
import type { StatusEvent, StatusRequest } from "./request.ts";
import { chooseFindings } from "./scenarios/choose-findings.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import type { Snapshots } from "./snapshot/snapshots.ts";
import { STRATEGY } from "./strategies.ts";
import {
  NO_COST,
  statementFrom,
  summaryOf,
  type Statement,
  type Summary,
  type SummaryCost,
} from "./summary.ts";
import { takeInTime } from "./snapshot-in-time.ts";
import { Telling } from "./telling.ts";
import { TimeLimit } from "./time-limit.ts";

/** How one request is analysed. */
export interface AnalyseOptions {
  /** When the request was accepted, on the analyst's clock, in milliseconds. */
  readonly acceptedAt: number;
  readonly cache: "use" | "no-store";
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  readonly onEvent?: (event: StatusEvent) => void;
}

/** What {@link createAnalyst} puts together. */
export interface AnalystParts {
  readonly snapshots: Snapshots;
  /** The chat model; undefined while there is none. */
  readonly model: () => ModelQueue | undefined;
  readonly cache: AnswerCache<Summary>;
  readonly observer: AnalystObserver;
  /** Milliseconds on a steady clock; only tests bring another. */
  readonly now?: () => number;
}

/** Is told what the analyst does. */
export interface AnalystObserver {
  /** The model was asked. */
  asked(model: string, reply: Reply & { readonly queueMs: number }): void;
  answered(answer: StatusAnswer): void;
}

/** Answers status requests. */
export interface Analyst {
  /**
   * An answer within the time limit, whatever the model does: what it cannot say in time, the
   * findings say.
   *
   * @throws the signal's reason when it aborts, and nothing else
   */
  analyse(request: StatusRequest, options: AnalyseOptions): Promise<StatusAnswer>;
}

/** Creates the analyst. */
export function createAnalyst(parts: AnalystParts): Analyst {
  const { snapshots, cache, observer, now = () => performance.now() } = parts;

  async function analyse(request: StatusRequest, options: AnalyseOptions): Promise<StatusAnswer> {
    const scenario = SCENARIOS[request.scenario];
    const targetMs = 1000 * scenario.targetSeconds;
    const time = new TimeLimit(
      Math.min(targetMs, request.deadlineMs ?? targetMs),
      options.acceptedAt,
      now,
    );
    const before = time.elapsed;
    const snapshot = await takeInTime(snapshots, scenario.parts, time, options.signal);
    const snapshotMs = time.elapsed - before;
    const question: Question = {
      scenario,
      strategy: STRATEGY[request.strategy],
      language: request.language,
      findings: chooseFindings(scenario, findingsOf(snapshot)),
      isComplete: snapshot.unavailable.length === 0,
    };
    const telling = new Telling(options.onEvent);
    const model = parts.model();
    const refusal = reasonNotToAsk(model, question);
    const statement = statementFrom(question, snapshot);
    const { summary, cost, cached } =
      refusal || !model
        ? {
            summary: summaryOf(statement, new Arrangement(question), refusal),
            cost: NO_COST,
            cached: false,
          }
        : await summarise(model, question, statement, time, telling, options);
    telling.finish(summary);

    // A model that may not be asked has no part in the answer; one that failed has.
    const asked = refusal === undefined || refusal === "model_failed" ? model : undefined;
    const totalMs = time.elapsed;
    const answer: StatusAnswer = {
      scenario: request.scenario,
      strategy: request.strategy,
      language: request.language,
      ...summary,
      cached,
      engine: asked?.generator.model.engine ?? "none",
      model: asked?.generator.model.id ?? null,
      simulated: asked?.generator.model.engine === "simulated",
      timingsMs: {
        queue: cost.queueMs,
        snapshot: snapshotMs,
        prefill: cost.prefillMs,
        decode: cost.decodeMs,
        total: totalMs,
      },
      tokens: cost.tokens,
      deadline: { ms: time.ms, targetMs, met: totalMs <= time.ms },
      budget: cost.budget,
    };
    observer.answered(answer);
    return answer;
  }

  /** The model's summary from the cache or made now; at the deadline the findings' own. */
  async function summarise(
    model: ModelQueue,
    question: Question,
    statement: Statement,
    time: TimeLimit,
    telling: Telling,
    options: AnalyseOptions,
  ): Promise<{ summary: Summary; cost: SummaryCost; cached: boolean }> {
    let cost = NO_COST;
    const arrangement = new Arrangement(question);
    const make = async (signal: AbortSignal): Promise<Summary> => {
      telling.findings(statement);
      const reply = await model.ask(question, time, {
        arrangement,
        signal,
        onText: (text) => telling.text(text),
      });
      observer.asked(model.generator.model.id, reply);
      cost = costOf(reply);
      return summaryOf(statement, arrangement, reply.fallback);
    };
    const wanted = linkSignals([options.signal], time.leftForAnswer);
    try {
      if (options.cache === "no-store") {
        const summary = await unlessAborted(make(wanted.signal), wanted.signal);
        return { summary, cost, cached: false };
      }
      const resolve = () =>
        cache.resolve(
          [keyOf(model, question)],
          async (_, signal) => [await make(signal)],
          wanted.signal,
          { ttlSeconds: question.strategy.cacheTtlSeconds, keep: isWorthKeeping },
        );
      let [resolved] = await resolve();
      // It was shared with somebody who had less time.
      if (resolved!.cached && resolved!.value.fallback === "deadline") [resolved] = await resolve();
      return { summary: resolved!.value, cost, cached: resolved!.cached };
    } catch (error) {
      options.signal.throwIfAborted();
      if (!wanted.timedOut) throw error;
      return { summary: summaryOf(statement, arrangement, "deadline"), cost, cached: false };
    } finally {
      wanted.release();
    }
  }

  return { analyse };
}

function reasonNotToAsk(
  model: ModelQueue | undefined,
  { language, findings }: Question,
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

function keyOf({ generator }: ModelQueue, question: Question): string {
  const { scenario, strategy, language, findings } = question;
  const { id, fingerprint } = generator.model;
  const names = { scenario: scenario.name, strategy: strategy.name };
  const options = { fingerprint, ...names, language, complete: String(question.isComplete) };
  return keysOf({ task: "status", model: id, options })(fingerprintOf(findings));
}

function costOf({ generation, budget, queueMs }: Reply & { queueMs: number }): SummaryCost {
  return {
    queueMs,
    prefillMs: 1000 * (generation?.prefillSeconds ?? 0),
    decodeMs: 1000 * (generation?.decodeSeconds ?? 0),
    tokens: generation?.tokens ?? NO_COST.tokens,
    budget,
  };
}
