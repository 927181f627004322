import type { Limit } from "@headroom/alerts/limits";
import type { DrillStack } from "./drill-stack.ts";

/** What a drill's stack must have for its fault, beyond what every drill has. */
export interface Setup {
  readonly redis?: true;
  /** Settings of the exporter. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What a shell does before it becomes the exporter or the incidents process, such as `ulimit -n 256`. */
  readonly shell?: { readonly [part in "exporter" | "incidents"]?: string };
  /** The limits of its rules, for a machine that uses so many bytes of memory. */
  readonly limits?: (usedBytes: number) => readonly Limit[];
}

/** Something that goes wrong on purpose. */
export interface Fault {
  /** In words, for the table: "half of all batches fail". */
  readonly what: string;
  readonly setup?: Setup;
  /** Brings it about, and gives what ends it. */
  inject(stack: DrillStack): Promise<() => Promise<void>>;
}
