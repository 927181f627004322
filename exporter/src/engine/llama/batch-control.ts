/** How the evaluation of a batch is led from outside. */
export interface BatchControl {
  /** Asked before each call of the engine; what it throws ends the batch. */
  throwIfCancelled(): void;
  /** Does a step of the work when it is this batch's turn. */
  turn<T>(step: () => Promise<T>): Promise<T>;
}

/** One batch that nothing else runs beside. */
export const ALONE: BatchControl = { throwIfCancelled: () => {}, turn: (step) => step() };

/** Lets one step be done at a time; steps that wait are done in the order in which they came. */
export function takingTurns(): BatchControl["turn"] {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const done = last.then(step);
    last = done.catch(() => {});
    return done;
  };
}
