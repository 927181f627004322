import { HeadroomError } from "../errors.ts";

/** Bytes of request bodies that are held at once, over all requests. */
export const MAX_BODY_BYTES_HELD = 64 * 1024 * 1024;

/** How much work is taken on before new work is refused. */
export interface AdmissionBounds {
  /** Messages that are accepted and not yet analysed. */
  readonly messages: number;
  /** Requests that are being read, analysed or answered. */
  readonly requests: number;
  /** Bytes of their bodies. */
  readonly bodyBytes: number;
}

/** The place of one request. */
export interface Place {
  /**
   * Counts bytes of the body as they arrive.
   *
   * @throws HeadroomError `overloaded` when too many bytes are held
   */
  addBytes(count: number): void;
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

/**
 * Bounds the work inside the exporter. Whatever is not admitted is refused at once, so that what
 * is admitted is answered in time and memory stays bounded.
 */
export class Admission {
  readonly #bounds: AdmissionBounds;
  #messages = 0;
  #requests = 0;
  #bodyBytes = 0;

  constructor(bounds: AdmissionBounds) {
    this.#bounds = bounds;
  }

  /** Messages that are accepted and not yet analysed. */
  get messages(): number {
    return this.#messages;
  }

  /** Requests that are being read, analysed or answered. */
  get requests(): number {
    return this.#requests;
  }

  /**
   * Takes a place for a request, before its body is read.
   *
   * @throws HeadroomError `overloaded` when there is none
   */
  enter(): Place {
    if (this.#requests >= this.#bounds.requests) {
      throw overloaded("requests are in work", "requests", this.#bounds.requests);
    }
    this.#requests++;
    let bytes = 0;
    let left = false;
    return {
      addBytes: (count) => {
        if (this.#bodyBytes + count > this.#bounds.bodyBytes) {
          throw overloaded("bytes of requests are held", "bytes", this.#bounds.bodyBytes);
        }
        bytes += count;
        this.#bodyBytes += count;
      },
      addMessages: (count) => this.#addMessages(count),
      leave: () => {
        if (left) return;
        left = true;
        this.#requests--;
        this.#bodyBytes -= bytes;
      },
    };
  }

  #addMessages(count: number): () => void {
    // An idle exporter takes any request, or one that is larger than the bound could never pass.
    if (this.#messages > 0 && this.#messages + count > this.#bounds.messages) {
      throw overloaded("messages wait for the model", "messages", this.#bounds.messages);
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
