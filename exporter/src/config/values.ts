import { z } from "zod";
import { BYTES_PER_UNIT } from "@headroom/alerts/byte-units";
import { LANGUAGES, type Language } from "../language.ts";

// What a variable may be set to. The description of each says so, after "give" in an error.

/** "true" or "false", and nothing that merely looks like it. */
export const flag = z
  .enum(["true", "false"])
  .transform((text) => text === "true")
  .describe("true or false");

/** Any text that is not empty. */
export const text = z.string().min(1).describe("any text");

/** One of some words. */
export function oneOf<const W extends readonly string[]>(words: W): z.ZodType<W[number], string> {
  return z.enum(words).describe(words.join(", "));
}

/** A number in decimal notation from `least` to `most`, both allowed. */
export function number(least: number, most: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .describe(`a number from ${least} to ${most}`);
}

/** A whole number from `least` to `most`, both allowed. */
export function integer(least: number, most: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.int().min(least).max(most))
    .describe(`a whole number from ${least} to ${most}`);
}

/** A number of layers; -1 stands for all of them. */
export const layers = z
  .union([z.literal("-1").transform(() => -1), integer(0, 1_000)])
  .describe("a whole number from 0 to 1000, or -1 for all");

/** "auto" or a whole number from 1 to `most`; auto is 0. */
export function autoOrInteger(most: number): z.ZodType<number, string> {
  return z
    .union([z.literal("auto").transform(() => 0), integer(1, most)])
    .describe(`auto, or a whole number from 1 to ${most}`);
}

const SIZE = /^(\d+(?:\.\d+)?) ?(|B|kB|[MGT]B|[KMGT]iB)$/;

/** A size such as 48000000000, 48GB (1 GB = 1e9 bytes) or 16GiB, in whole bytes. */
export function size(least: number, most: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(SIZE)
    .transform((written) => {
      const [, amount = "", unit = ""] = SIZE.exec(written) ?? [];
      return Math.round(Number(amount) * (BYTES_PER_UNIT[unit || "B"] ?? Number.NaN));
    })
    .pipe(z.number().min(least).max(most));
}

/** Levels of pino, from the most to the least talkative. */
export const logLevel = oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"]);

/** An IP address or a host name to listen on. */
export const host = z
  .union([z.ipv4(), z.ipv6(), z.hostname()])
  .describe("an IP address or host name");

/** A bearer token as RFC 6750 writes it, long enough not to be guessed. */
export const token = z
  .string()
  .min(16)
  .regex(/^[\w\-.~+/]+=*$/)
  .describe("16 or more letters, digits or - . _ ~ + /");

/** A Redis address; rediss:// is with TLS. */
export const redisUrl = z
  .url({ protocol: /^rediss?$/ })
  .describe("a redis:// or rediss:// address");

/** The address of a web server. */
export const webUrl = z.url({ protocol: /^https?$/ }).describe("an http:// or https:// address");

/** A key that some service gave out. */
export const key = z
  .string()
  .regex(/^[\x21-\x7e]+$/)
  .describe("printable ASCII without spaces");

/** Names with commas between them. */
export const names: z.ZodType<readonly string[], string> = z
  .string()
  .transform((written) => [...new Set(written.split(",").map((part) => part.trim()))])
  .pipe(z.array(z.string().min(1)).max(32))
  .describe("up to 32 names with commas between");

/** One or more of some words with commas between, each once. */
const someOf = <const W extends string>(words: readonly W[]): z.ZodType<readonly W[], string> =>
  z
    .string()
    .transform((written) => written.split(",").map((part) => part.trim()))
    .pipe(z.array(z.enum(words)))
    .refine((list) => new Set(list).size === list.length);

/** One or more languages. */
export const languages: z.ZodType<readonly Language[], string> = someOf(LANGUAGES).describe(
  "en, ja, or both with a comma between",
);

/** Paths that tell of the exporter and of no message. */
export const openPaths = someOf(["/readyz", "/metrics"]).describe(
  "/readyz, /metrics, or both with a comma between",
);
