/** Where a value of the plan comes from. */
export type PlanSource = "table" | "override" | "model" | "memory";

/** A value of the plan with its origin. */
export interface Planned<T> {
  readonly value: T;
  readonly source: PlanSource;
  /** One sentence: which row of the table, or what capped it. */
  readonly why: string;
}

/** The parameters with which a chat model is run. */
export interface Plan {
  /** Layers on the graphics processor; -1 is all of them. */
  readonly gpuLayers: Planned<number>;
  readonly threads: Planned<number>;
  /** Tokens of one sequence. */
  readonly contextSize: Planned<number>;
  /** Tokens evaluated in one step. */
  readonly batchSize: Planned<number>;
  /** Requests that are generated side by side. */
  readonly sequences: Planned<number>;
  readonly mmap: Planned<boolean>;
  readonly mlock: Planned<boolean>;
  /** Linear rope scaling; 1 leaves the model's own. */
  readonly ropeScale: Planned<number>;
  /** Estimated memory of weights, contexts and buffers in bytes. */
  readonly memoryBytes: number;
}

/**
 * Values that configuration sets instead of the plan. They are taken as they are; the configuration
 * has validated them.
 */
export type PlanOverrides = {
  readonly [Name in keyof Omit<Plan, "memoryBytes">]?: Plan[Name]["value"] | undefined;
};
