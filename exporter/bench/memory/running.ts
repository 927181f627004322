import type { Language } from "../../src/language.ts";
import type { CacheBounds } from "./cache-at-bound.ts";
import {
  startExporterProcess,
  type ExporterChoice,
  type ExporterProcess,
} from "./exporter-process.ts";

/** How much is asked. */
export interface Amounts {
  /** Whose growth is measured. */
  readonly answers: number;
  readonly atOnce: number;
  /** Before a leak is searched: until then memory is used for the first time, and kept. */
  readonly warmUp: number;
  /** Over which a leak is searched. */
  readonly repeated: number;
  /** Of messages, after a tenth as many that are not counted. */
  readonly batches: number;
}

/** What is measured, and how. */
export interface Bench {
  /** In which the model is asked. */
  readonly language: Language;
  readonly cache: CacheBounds;
  readonly amounts: Amounts;
  /** Is told what is done, and how far it is. */
  readonly tell: (what: string, done?: number, all?: number) => void;
  readonly signal: AbortSignal;
}

/** A bench with an exporter that runs. */
export interface Running extends Bench {
  readonly exporter: ExporterProcess;
}

/** Measures something on an exporter that is started for it and stopped after it. */
export async function withExporter<T>(
  bench: Bench,
  choice: Partial<ExporterChoice>,
  measure: (running: Running) => Promise<T>,
): Promise<T> {
  bench.tell("starting an exporter");
  const { language, signal } = bench;
  const exporter = await startExporterProcess({ language, signal, ...choice });
  try {
    return await measure({ ...bench, exporter });
  } finally {
    await exporter.stop();
  }
}
