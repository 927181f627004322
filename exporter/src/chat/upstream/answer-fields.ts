import { FINISH_REASONS, type FinishReason } from "../../metrics/chat.ts";
import type { RequestMeter } from "../request-timing.ts";

/** What is looked at in an answer, or in a piece of one; everything in it may be anything. */
interface Answer {
  readonly choices?: unknown;
  readonly usage?: unknown;
  readonly error?: unknown;
}

/** Text in one of these, or calls of tools, is what a user waits for. */
const TEXTS = ["content", "reasoning_content", "reasoning", "refusal"];

/** An object from JSON; undefined when it is anything else. */
export function answerFrom(json: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a piece of an answer carries content: not only a role, an empty text or figures. */
export function hasContent({ choices }: Answer): boolean {
  return listOf(choices).some(({ text, delta }) => {
    if (isFilled(text)) return true;
    if (!isObject(delta)) return false;
    const { tool_calls: calls, function_call: call } = delta;
    return isFilled(calls) || isObject(call) || TEXTS.some((name) => isFilled(delta[name]));
  });
}

/** Notes why the text ended and how many tokens it took, where an answer says so. */
export function noteFigures({ choices, usage }: Answer, meter: RequestMeter): void {
  const reason = listOf(choices).find(({ finish_reason: reason }) => typeof reason === "string");
  if (reason) {
    const told = reason["finish_reason"] as FinishReason;
    meter.finish ??= FINISH_REASONS.includes(told) ? told : "other";
  }
  if (!isObject(usage)) return;
  meter.inputTokens = tokensOf(usage["prompt_tokens"]) ?? meter.inputTokens;
  meter.outputTokens = tokensOf(usage["completion_tokens"]) ?? meter.outputTokens;
}

/** The status that an error in an answer has by its own account; undefined where there is no error. */
export function errorStatus({ error }: Answer): number | undefined {
  if (error === undefined || error === null) return undefined;
  const status = isObject(error) ? Number(error["code"]) : NaN;
  return status >= 400 && status < 500 ? status : 500;
}

function tokensOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isFilled(value: unknown): boolean {
  return (typeof value === "string" || Array.isArray(value)) && value.length > 0;
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
