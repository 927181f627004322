import type { Fact } from "./facts.ts";

/** A fact that is known. */
export function known<T>(value: T): Fact<T> {
  return { known: true, value };
}

/** The fact that a reading gives; unknown, with the error's message as the reason, when it throws. */
export async function attempt<T>(reading: () => T | Promise<T>): Promise<Fact<T>> {
  try {
    return known(await reading());
  } catch (error) {
    return { known: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The value of a fact; undefined when it is not known. */
export function valueOf<T>(fact: Fact<T>): T | undefined {
  return fact.known ? fact.value : undefined;
}

/** The value of a fact that another one needs. @throws Error with the fact's reason */
export function need<T>(fact: Fact<T>): T {
  if (!fact.known) throw new Error(fact.reason);
  return fact.value;
}
