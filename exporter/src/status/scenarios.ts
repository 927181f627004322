import { STATUS_TARGET_SECONDS, type StatusScenario } from "@headroom/alerts/limits";
import type { Language } from "../language.ts";
import type { Strategy } from "./answer.ts";
import { severityRank, type Finding, type FindingKind } from "./findings/finding.ts";
import type { SnapshotPart } from "./snapshot/snapshot.ts";

/** What can be asked about this machine. */
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

const MAIN: readonly FindingKind[] = ["cpu", "container-memory", "memory", "disk"];
const MEMORY: readonly FindingKind[] = ["container-memory", "memory", "memory-pressure"];
const PROCESSES: readonly FindingKind[] = ["process-cpu", "process-memory", "process-count"];

function scenario(
  name: StatusScenario,
  en: string,
  ja: string,
  parts: readonly SnapshotPart[],
  kinds: readonly FindingKind[],
): Scenario {
  return { name, targetSeconds: STATUS_TARGET_SECONDS[name], parts, kinds, question: { en, ja } };
}

/** The scenarios by their names. */
export const SCENARIOS: Readonly<Record<StatusScenario, Scenario>> = {
  "quick-status": scenario(
    "quick-status",
    "How is this machine?",
    "このマシンの状態はどうですか?",
    ["cpu", "memory", "disks"],
    MAIN,
  ),
  "detailed-analysis": scenario(
    "detailed-analysis",
    "How is this machine in detail?",
    "このマシンの詳しい状態はどうですか?",
    ["cpu", "memory", "disks", "network", "processes", "uptime", "battery"],
    ["cpu", ...MEMORY, "disk", "load", "swap", "interface", ...PROCESSES, "battery", "uptime"],
  ),
  "process-information": scenario(
    "process-information",
    "What runs on this machine?",
    "このマシンでは何が動いていますか?",
    ["processes"],
    PROCESSES,
  ),
  "memory-status": scenario(
    "memory-status",
    "How is the memory?",
    "メモリの状態はどうですか?",
    ["memory", "processes"],
    [...MEMORY, "swap", "process-memory"],
  ),
  "disk-analysis": scenario(
    "disk-analysis",
    "How are the disks?",
    "ディスクの状態はどうですか?",
    ["disks"],
    ["disk"],
  ),
  "network-status": scenario(
    "network-status",
    "How is the network?",
    "ネットワークの状態はどうですか?",
    ["network"],
    ["interface"],
  ),
  "overall-health": scenario(
    "overall-health",
    "Is this machine healthy?",
    "このマシンは健全ですか?",
    ["cpu", "memory", "disks", "network", "uptime", "battery"],
    [...MAIN, "load", "memory-pressure", "swap", "interface", "battery", "uptime"],
  ),
  "urgent-check": {
    ...scenario(
      "urgent-check",
      "Is anything urgent?",
      "緊急の問題はありますか?",
      ["cpu", "memory", "disks", "battery"],
      [...MAIN, "load", "memory-pressure", "swap", "battery"],
    ),
    onlyTrouble: true,
  },
};

/** Their names, in order. */
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as readonly StatusScenario[];

/** What is found in a scenario, and how it is to be put into words. */
export interface ScenarioFindings {
  readonly scenario: Scenario;
  readonly strategy: Strategy;
  readonly language: Language;
  /** The most important first. */
  readonly findings: readonly Finding[];
  /** Whether all could be read that the findings are about. */
  readonly isComplete: boolean;
}

/**
 * The findings that belong to a scenario: the worst first, then in the scenario's own order of
 * importance. Of those that are ok, one of each kind comes before the second of any, because few may
 * be told.
 */
export function chooseFindings(
  { kinds, onlyTrouble }: Scenario,
  findings: readonly Finding[],
): readonly Finding[] {
  const own = kinds
    .flatMap((kind) => findings.filter((finding) => finding.kind === kind))
    .sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
  const trouble = own.filter(({ severity }) => severity !== "ok");
  if (onlyTrouble && trouble.length > 0) return trouble;
  const nthOfItsKind = (finding: Finding) =>
    own.filter(({ kind }) => kind === finding.kind).indexOf(finding);
  const calm = own
    .filter(({ severity }) => severity === "ok")
    .sort((a, b) => nthOfItsKind(a) - nthOfItsKind(b));
  return [...trouble, ...calm];
}
