import { z } from "zod";
import { BYTES_PER_UNIT } from "@headroom/alerts/byte-units";
import { LANGUAGES, type Language } from "../language.ts";

/** "true" or "false", and nothing that merely looks like it. */
export const flag = z.enum(["true", "false"]).transform((text) => text === "true");

/** Any text that is not empty. */
export const text = z.string().min(1);

/** A number in decimal notation from `least` to `most`, both allowed. */
export function number(least: number, most: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most));
}

/** A whole number from `least` to `most`, both allowed. */
export function integer(least: number, most: number): z.ZodType<number, string> {
  return z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(least).max(most));
}

const SIZE = /^(\d+(?:\.\d+)?) ?(|B|kB|[MGT]B|[KMGT]iB)$/;

/** A number of layers; -1 stands for all of them. */
export const layers = z.union([z.literal("-1").transform(() => -1), integer(0, 1_000)]);

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

/** "auto" or a whole number from 1 to `most`; auto is 0. */
export function autoOrInteger(most: number): z.ZodType<number, string> {
  return z.union([z.literal("auto").transform(() => 0), integer(1, most)]);
}

/** Levels of pino, from the most to the least talkative. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** An IP address or a host name to listen on. */
export const host = z.union([z.ipv4(), z.ipv6(), z.hostname()]);

/** A bearer token as RFC 6750 writes it, long enough not to be guessed. */
export const token = z
  .string()
  .min(16)
  .regex(/^[\w\-.~+/]+=*$/);

/** A Redis address; rediss:// is with TLS. */
export const redisUrl = z.url({ protocol: /^rediss?$/ });

/** The address of a web server. */
export const webUrl = z.url({ protocol: /^https?$/ });

/** One or more languages with commas between, each once. */
export const languages: z.ZodType<readonly Language[], string> = z
  .string()
  .transform((written) => written.split(",").map((part) => part.trim()))
  .pipe(z.array(z.enum(LANGUAGES)))
  .refine((list) => new Set(list).size === list.length);
