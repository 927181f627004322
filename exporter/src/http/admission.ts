import { HeadroomError } from "../errors.ts";

/** Bytes of request bodies and answers that are held at once, over all requests. */
export const MAX_BYTES_HELD = 64 * 1024 * 1024;

/**
 * How much is taken on before new requests are refused. What a request costs the model, and whether it would be
 * answered in time, is looked at later, in `sentiment/admission-by-cost.ts`. The numbers are settings, in
 * `config/settings.ts`.
 */
export interface AdmissionBounds {
  /** Messages that are accepted and not yet analysed. */
  readonly messages: number;
  /** Requests that are being read, analysed or answered. */
  readonly requests: number;
  /** Bytes of their bodies, and of answers that their clients have not taken yet. */
  readonly bytes: number;
}

/** The place of one request. */
export interface Place {
  /**
   * Counts bytes that the client sends.
   *
   * @throws HeadroomError `overloaded` when too many bytes are held
   */
  addBytes(count: number): void;
  /** The client has sent all: from now on it waits, and its place is safe. */
  received(): void;
  /** Counts bytes for which the exporter waits until the client takes them. */
  addAnswer(count: number): void;
  /** The client took some of them. */
  taken(count: number): void;
  /**
   * Is called when another client gets this place, because this one does nothing while it is waited for.
   */
  onEvict: ((why: HeadroomError) => void) | undefined;
  /**
   * Counts the request's messages until the returned function is called.
   *
   * @throws HeadroomError `overloaded` when too many messages wait
   */
  addMessages(count: number): () => void;
  /** Frees the place and its bytes; messages are freed on their own. Calling it again does nothing. */
  leave(): void;
}

const RETRY_AFTER_SECONDS = 1;

/** A client that does nothing for so long loses its place when another one needs it. */
const IDLE_SECONDS = 1;

/** A share of the bound on messages is kept for requests of a few, whom large ones must not lock out. */
const FEW_MESSAGES = 16;
const KEPT_SHARE = 1 / 8;

interface Entry {
  readonly place: Place;
  bytes: number;
  /** When the client did something last, in seconds; undefined while it waits for the exporter. */
  movedAt: number | undefined;
}

const seconds = () => performance.now() / 1000;

/**
 * Bounds the work inside the exporter. Whatever is not admitted is refused at once, so that what is admitted
 * is answered in time and memory stays bounded. A client for which the exporter waits, because it does not
 * send its request or does not read its answer, only has its place as long as nobody else needs it.
 */
export class Admission {
  readonly #bounds: AdmissionBounds;
  readonly #entries = new Set<Entry>();
  #messages = 0;
  #bytes = 0;

  constructor(bounds: AdmissionBounds) {
    this.#bounds = bounds;
  }

  /** Messages that are accepted and not yet analysed. */
  get messages(): number {
    return this.#messages;
  }

  /** Requests that are being read, analysed or answered. */
  get requests(): number {
    return this.#entries.size;
  }

  /** Bytes of bodies and answers. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes a place for a request, before its body is read.
   *
   * @throws HeadroomError `overloaded` when there is none
   */
  enter(): Place {
    if (this.#entries.size >= this.#bounds.requests && !this.#evictIdlest()) {
      throw overloaded("requests are in work", "requests", this.#bounds.requests);
    }
    const place: Place = {
      addBytes: (count) => {
        entry.movedAt = seconds();
        while (this.#bytes + count > this.#bounds.bytes) {
          if (this.#evictIdlest()) continue;
          throw overloaded("bytes of requests are held", "bytes", this.#bounds.bytes);
        }
        this.#add(entry, count);
      },
      received: () => (entry.movedAt = undefined),
      addAnswer: (count) => {
        entry.movedAt = seconds();
        this.#add(entry, count);
        // What was made is not thrown away; it only takes the room of those who do not move.
        while (this.#bytes > this.#bounds.bytes && this.#evictIdlest());
      },
      taken: (count) => {
        entry.movedAt = seconds();
        this.#add(entry, -count);
      },
      onEvict: undefined,
      addMessages: (count) => this.#addMessages(count),
      leave: () => {
        if (this.#entries.delete(entry)) this.#bytes -= entry.bytes;
      },
    };
    const entry: Entry = { place, bytes: 0, movedAt: seconds() };
    this.#entries.add(entry);
    return place;
  }

  #add(entry: Entry, count: number): void {
    if (!this.#entries.has(entry)) return;
    entry.bytes += count;
    this.#bytes += count;
  }

  /** @returns whether there was one to evict */
  #evictIdlest(): boolean {
    let idlest: Entry | undefined;
    for (const entry of this.#entries) {
      if (entry.movedAt === undefined || !entry.place.onEvict) continue;
      if (idlest === undefined || entry.movedAt < idlest.movedAt!) idlest = entry;
    }
    if (!idlest || seconds() - idlest.movedAt! < IDLE_SECONDS) return false;
    idlest.place.leave();
    const error = new HeadroomError(
      "request_timeout",
      `Nothing moved on this connection for ${IDLE_SECONDS} s or more, and another client needs its ` +
        "place. Send the request again, without a pause.",
      { members: { limit: IDLE_SECONDS, unit: "seconds" } },
    );
    idlest.place.onEvict?.(error);
    return true;
  }

  #addMessages(count: number): () => void {
    const { messages } = this.#bounds;
    const open = count > FEW_MESSAGES ? Math.ceil(messages * (1 - KEPT_SHARE)) : messages;
    // An idle exporter takes any request, or one that is larger than the bound could never pass.
    if (this.#messages > 0 && this.#messages + count > open) {
      throw overloaded("messages wait for the model", "messages", messages);
    }
    this.#messages += count;
    let freed = false;
    return () => {
      if (freed) return;
      freed = true;
      this.#messages -= count;
    };
  }
}

function overloaded(what: string, unit: string, limit: number): HeadroomError {
  return new HeadroomError(
    "overloaded",
    `As many ${what} as the exporter takes on (${limit}), so this request was not started. ` +
      `Send it again after ${RETRY_AFTER_SECONDS} s, or send less at once.`,
    { retryAfterSeconds: RETRY_AFTER_SECONDS, members: { limit, unit } },
  );
}
