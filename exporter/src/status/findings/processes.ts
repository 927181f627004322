import type { ProcessesState, ProcessState } from "../snapshot/snapshot.ts";
import type { Finding } from "./finding.ts";
import { byName, canBeStated, stateFinding } from "./state-finding.ts";

/** How many of the heaviest processes are told of, by each measure. */
const MOST_PROCESSES = 3;

/** A process that uses less of a core is not worth a sentence. */
const LEAST_CPU_SHARE = 0.01;

/**
 * How many processes there are and which are the heaviest. None of it has a limit: a process that
 * uses a whole core does what it was started for, and what is too much for the machine shows in the
 * findings about the processors and memory.
 */
export function processFindings(state: ProcessesState): readonly Finding[] {
  const byCpu = heaviest(state.topByCpu, ({ cpuShare }) => cpuShare, LEAST_CPU_SHARE);
  const byMemory = heaviest(state.topByMemory, ({ memoryBytes }) => memoryBytes, 1);
  const nameOf = namesOf([...byCpu, ...byMemory]);
  return [
    ...(canBeStated(state.count) ? [countFinding(state.count)] : []),
    ...byCpu.map((process) => cpuFinding(nameOf(process), process)),
    ...byMemory.map((process) => memoryFinding(nameOf(process), process)),
  ];
}

/** What each process is called: by its name, and by its id too where others have that name. */
function namesOf(all: readonly ProcessState[]): (process: ProcessState) => string {
  return ({ name, pid }) =>
    all.some((other) => other.name === name && other.pid !== pid) ? `${name} (${pid})` : name;
}

function heaviest(
  processes: readonly ProcessState[],
  measure: (process: ProcessState) => number,
  least: number,
): readonly ProcessState[] {
  return processes
    .filter((process) => canBeStated(measure(process)) && measure(process) >= least)
    .sort((a, b) => measure(b) - measure(a) || byName(a.name, b.name) || a.pid - b.pid)
    .slice(0, MOST_PROCESSES);
}

function countFinding(count: number): Finding {
  return stateFinding({
    kind: "process-count",
    values: [{ name: "count", value: count, unit: "count" }],
    words: {
      en: (number) => (count === 1 ? `${number} process runs` : `${number} processes run`),
      ja: (number) => `${number}個のプロセスが動作しています。`,
    },
  });
}

function cpuFinding(name: string, { cpuShare }: ProcessState): Finding {
  return stateFinding({
    kind: "process-cpu",
    subject: name,
    values: [{ name: "cpu_share", value: cpuShare, unit: "ratio" }],
    words: {
      en: (share) => `Process ${name} uses ${share} of a core`,
      ja: (share) => `プロセス ${name} は1コアの${share}を使用しています。`,
    },
  });
}

function memoryFinding(name: string, { memoryBytes }: ProcessState): Finding {
  return stateFinding({
    kind: "process-memory",
    subject: name,
    values: [{ name: "memory", value: memoryBytes, unit: "bytes" }],
    words: {
      en: (size) => `Process ${name} uses ${size} of memory`,
      ja: (size) => `プロセス ${name} は${size}のメモリを使用しています。`,
    },
  });
}
