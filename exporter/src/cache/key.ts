import { hash } from "node:crypto";

/** What an answer depends on, besides the text. */
export interface KeyScope {
  /** What was asked, such as "sentiment". */
  readonly task: string;
  /** The model. Two files that answer differently need two ids, or an option that tells them apart. */
  readonly model: string;
  /** Everything else that changes the answer, such as the attribution method. */
  readonly options: Readonly<Record<string, string>>;
}

/** Raised when the shape of the values changes, so that old ones in Redis are never read. */
const FORMAT = 3;

/** 128 of the digest's 256 bits; two of a billion texts meet with a probability below 1e-20. */
const BASE64_DIGITS_OF_128_BITS = 22;

/**
 * Makes the cache keys of one kind of request. A key holds the scope in clear and the text only as
 * SHA-256, cut to 128 bits, so that no text can be read from Redis, and nobody can
 * craft a text that gets another one's answer.
 */
export function keysOf(scope: KeyScope): (text: string) => string {
  const options = Object.entries(scope.options)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  const where = [scope.task, scope.model].map(encodeURIComponent).join(":");
  const prefix = `headroom:${FORMAT}:${where}:${options}:`;
  return (text) => prefix + hash("sha256", text, "base64url").slice(0, BASE64_DIGITS_OF_128_BITS);
}
