import type { StatusScenario } from "@headroom/alerts/limits";
import type { StrategyName } from "./answer.ts";
import type { Language } from "../language.ts";
import type { Statement } from "./summary.ts";

/** What is asked for. */
export interface StatusRequest {
  readonly scenario: StatusScenario;
  readonly strategy: StrategyName;
  readonly language: Language;
  /** The caller's own limit in milliseconds; only one below the scenario's target has an effect. */
  readonly deadlineMs?: number | undefined;
}

/** What happens on the way to an answer, in this order; a client that streams is told. */
export type StatusEvent =
  /** the state of the machine, before there is a summary */
  | { readonly type: "findings"; readonly statement: Statement }
  /** the next piece of the summary; all of them are the summary */
  | { readonly type: "delta"; readonly text: string };
