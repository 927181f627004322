import { FlightGroup, type ComputeBatch, type Flight } from "./flight.ts";
import { unlessAborted } from "../unless-aborted.ts";

/** A value, and whether another computation than this caller's own gave it. */
export interface Shared<V> {
  readonly value: V;
  readonly shared: boolean;
}

type Outcome<V> = Shared<V> | { readonly failure: unknown };

/**
 * Computes the value of a key once, however many callers want it at the same time.
 *
 * When a computation fails, its own caller gets the error. Callers who only waited for it try the
 * key once more, because the error may be about something else in that caller's batch or about its
 * place in the queue; a second failure is theirs. So nobody sits through more than two failures.
 */
export class SingleFlight<V> {
  readonly #flights = new Map<string, Flight<V>>();

  /**
   * The value of each key, in order.
   *
   * @throws the signal's reason when it aborts; values that others wait for are still computed
   * @throws what `compute` threw
   */
  async run(
    keys: readonly string[],
    compute: ComputeBatch<V>,
    signal: AbortSignal,
  ): Promise<Shared<V>[]> {
    const all = [...keys.keys()];
    const outcomes = await this.#round(keys, all, compute, signal);
    const failed = all.filter((index) => "failure" in outcomes[index]!);
    if (failed.length > 0) {
      const again = await this.#round(keys, failed, compute, signal);
      failed.forEach((index, position) => (outcomes[index] = again[position]!));
    }
    return outcomes.map((outcome) => {
      if ("failure" in outcome) throw outcome.failure;
      return outcome;
    });
  }

  async #round(
    keys: readonly string[],
    indexes: readonly number[],
    compute: ComputeBatch<V>,
    signal: AbortSignal,
  ): Promise<Outcome<V>[]> {
    signal.throwIfAborted();
    const own = new FlightGroup<V>(this.#flights);
    const owned = new Map<number, Flight<V>>();
    const flights = indexes.map((index) => {
      const key = keys[index]!;
      const flight = this.#flights.get(key) ?? own.add(key);
      if (flight.group === own && !flight.taken) owned.set(index, flight);
      flight.taken = true;
      return flight;
    });

    const groups = new Set(flights.map((flight) => flight.group));
    const waiting = own.over.then(async () => {
      const failed = flights.find(
        ({ group, landed }) => group === own && landed && "failure" in landed,
      );
      if (failed) throw (failed.landed as { failure: unknown }).failure;
      const outcomes: Outcome<V>[] = [];
      for (const [position, flight] of flights.entries()) {
        const landed = flight.landed ?? (await flight.landing);
        const shared = !owned.has(indexes[position]!);
        outcomes.push("failure" in landed ? landed : { value: landed.value, shared });
      }
      return outcomes;
    });
    for (const group of groups) group.join();
    if (owned.size > 0) own.start(owned, compute);
    const leave = () => {
      for (const group of groups) group.leave();
      groups.clear();
    };
    try {
      return await unlessAborted(waiting, signal, leave);
    } finally {
      leave();
    }
  }
}
