/**
 * Computes the values of the keys at `indexes`. Each value is handed to `settle` as soon as it is
 * known; the promise ends when all are, or rejects when the rest cannot be had.
 *
 * `signal` aborts when nobody waits for any of the values any more. It is not the caller's own
 * signal: others may wait for the same values after the caller has gone.
 */
export type ComputeBatch<V> = (
  indexes: readonly number[],
  settle: (index: number, value: V) => void,
  signal: AbortSignal,
) => Promise<void>;

/** A value, or why there is none. */
type Landing<V> = { readonly value: V } | { readonly failure: unknown };

/** One key that is being computed. */
export class Flight<V> {
  readonly key: string;
  readonly group: FlightGroup<V>;
  /** Whether a caller has claimed it, so that a second one for the same key knows that it shares. */
  taken = false;
  #landed: Landing<V> | undefined;
  /** Made for the first who waits for this key alone: most keys have nobody. */
  #landing: PromiseWithResolvers<Landing<V>> | undefined;

  constructor(key: string, group: FlightGroup<V>) {
    this.key = key;
    this.group = group;
  }

  /** Undefined while it is computed. */
  get landed(): Landing<V> | undefined {
    return this.#landed;
  }

  /** Its value, or why there is none, once it is known; never rejects. */
  get landing(): Promise<Landing<V>> {
    if (this.#landed) return Promise.resolve(this.#landed);
    this.#landing ??= withResolvers();
    return this.#landing.promise;
  }

  land(landed: Landing<V>): void {
    this.#landed = landed;
    this.#landing?.resolve(landed);
  }
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** The keys that one caller computes in one go, and how many callers wait for any of them. */
export class FlightGroup<V> {
  readonly #all: Map<string, Flight<V>>;
  readonly #open = new Set<Flight<V>>();
  readonly #controller = new AbortController();
  readonly #over = withResolvers<void>();
  #waiting = 0;

  /** @param all - every flight of every group, by key */
  constructor(all: Map<string, Flight<V>>) {
    this.#all = all;
  }

  /** Fulfilled when every key has its value, or one has failed; at once when there are none. */
  get over(): Promise<void> {
    return this.#open.size === 0 ? Promise.resolve() : this.#over.promise;
  }

  /** Opens a flight, which others can join from now on. */
  add(key: string): Flight<V> {
    const flight = new Flight(key, this);
    this.#all.set(key, flight);
    this.#open.add(flight);
    return flight;
  }

  /** Starts the computation; a key that it leaves open when it ends has failed. */
  start(flights: ReadonlyMap<number, Flight<V>>, compute: ComputeBatch<V>): void {
    const settle = (index: number, value: V) => {
      const flight = flights.get(index);
      if (!flight) throw new RangeError(`key ${index} is not part of this computation`);
      if (this.#close(flight)) flight.land({ value });
      if (this.#open.size === 0) this.#over.resolve();
    };
    const run = async () => compute([...flights.keys()], settle, this.#controller.signal);
    run().then(
      () => this.#failOpen(new Error("the computation ended without a value for every key")),
      (error: unknown) => this.#failOpen(error),
    );
  }

  join(): void {
    this.#waiting += 1;
  }

  /** When the last one leaves, what is still open is not wanted: the computation is aborted. */
  leave(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0 || this.#open.size === 0) return;
    const reason = new DOMException("nobody waits for these answers any more", "AbortError");
    // First out of the table: whoever asks from now on must not join what is being aborted.
    this.#failOpen(reason);
    this.#controller.abort(reason);
  }

  #failOpen(reason: unknown): void {
    for (const flight of [...this.#open]) {
      if (this.#close(flight)) flight.land({ failure: reason });
    }
    this.#over.resolve();
  }

  #close(flight: Flight<V>): boolean {
    if (this.#all.get(flight.key) === flight) this.#all.delete(flight.key);
    return this.#open.delete(flight);
  }
}
