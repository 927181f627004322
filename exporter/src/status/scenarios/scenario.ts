import type { StatusScenario } from "@headroom/alerts/limits";
import type { FindingKind } from "../findings/finding.ts";
import type { Language } from "../../language.ts";
import type { SnapshotPart } from "../snapshot/snapshot.ts";

/** One kind of status analysis. */
export interface Scenario {
  readonly name: StatusScenario;
  /** Time within which it is answered, in seconds. */
  readonly targetSeconds: number;
  /** What must be read of the machine. */
  readonly parts: readonly SnapshotPart[];
  /** Which findings belong to it, the most important first. */
  readonly kinds: readonly FindingKind[];
  /** Whether findings that are ok are left out when there are others. */
  readonly onlyTrouble?: true;
  /** What the model is asked. */
  readonly question: Readonly<Record<Language, string>>;
}
