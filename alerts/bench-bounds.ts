/** A limit of `npm run memory`; the value must stay below it. */
export interface MemoryCheck {
  readonly title: string;
  readonly unit: "bytes" | "bytes_per_answer" | "ratio";
  readonly upper: number;
}

/**
 * What `npm run memory` allows. Judged when the command is run: these limits do not alert and are no
 * part of `headroom_limit`. Figures were measured with the default chat model on two x86-64 cores.
 */
export const MEMORY_CHECKS = {
  // The chat model's process after loading, as a share of its plan's estimate. What the plan finds
  // to fit must fit, so the estimate is the limit. Measured: 0.71.
  modelLoad: { title: "model load", unit: "ratio", upper: 1 },
  // Our choice: contexts are reserved when the model is loaded, so answers add only pages touched for
  // the first time (15 MB measured) and garbage, of which V8's young generation alone holds up to
  // 48 MB in a process.
  answers: { title: "answers", unit: "bytes", upper: 100e6 },
  // The heap of a full cache as a share of its bound. Sizes are estimated; the bound must hold all
  // the same. Measured: 0.78.
  cacheAtBound: { title: "cache at its bound", unit: "ratio", upper: 1 },
  // Our choice: those who wait are a few kB each, and the sequences have their memory already, so
  // that only garbage is added, as above in one process.
  concurrency: { title: "concurrent use", unit: "bytes", upper: 50e6 },
  // Measured: 19 to 47 kB while the allocators settle; after 550 answers the chat model's process grows
  // no more and the exporter's by 3 kB, ever less. One sampler left behind in each answer would be
  // 590 kB (12 bytes for each of 49,152 tokens).
  leak: { title: "leak", unit: "bytes_per_answer", upper: 50e3 },
  // Our choice: 10,000 batches of messages leave the exporter where it was, but for what its allocators
  // keep. The scores of one left behind in each would be 235 MB.
  batches: { title: "sentiment batches", unit: "bytes", upper: 25e6 },
  // The aim of status answers: all but model and runtime. Measured: 22 MB.
  optimiser: { title: "optimiser part", unit: "bytes", upper: 100e6 },
} as const satisfies Record<string, MemoryCheck>;

/** What the door before a model server may add, for `npm run bench -- --only door`. */
export const DOOR_BOUNDS = {
  /** To the 95th percentile of the time to the first token, in seconds. */
  firstTokenSeconds: 0.002,
  /** Share of the tokens a second of a stream. */
  rateLost: 0.02,
  /** Memory of the exporter for a hundred streams that are open, in bytes. */
  bytesPerHundredStreams: 5e6,
} as const;

/** What `npm run bench` holds the engine against. Judged when it is run: these do not alert. */
export const ENGINE_GOALS = {
  /** The pipeline's rate, of the raw loop's. */
  pipelineOfRaw: 0.7,
  /** The rate over HTTP, of llama-cpp-python's in a process. */
  httpOfPython: 8,
  /** The rate over HTTP, of the saved unbatched one. */
  httpOfUnbatched: 20,
  /** Messages a second over HTTP, for a client that takes little of the machine. */
  httpPerSecond: 9_000,
  /** The most that metrics and attribution's observation may add to the time. */
  observing: 0.01,
  /** The most that a scrape may take, in seconds. */
  scrapeSeconds: 0.005,
} as const;
