import type { Finding, FindingUnit } from "../findings/finding.ts";

/** A number that a text states. */
export interface Claim {
  readonly index: number;
  readonly length: number;
  /** As written, without separators. */
  readonly value: number;
  /** Digits after the point. */
  readonly decimals: number;
  /** What it is a number of, and how much one of the written unit is; undefined without a unit. */
  readonly unit: { readonly of: FindingUnit; readonly size: number } | undefined;
}

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  バイト: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

const SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  秒: 1,
  minute: 60,
  分: 60,
  hour: 3_600,
  時間: 3_600,
  day: 86_400,
  日: 86_400,
};

/** A number with separators and decimals, not inside a word, and the unit behind it. */
const NUMBER = new RegExp(
  "(?<![\\p{Script=Latin}\\d_.])(?<digits>\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)(?:\\.(?<decimals>\\d+))?" +
    "\\s*(?:(?<percent>%|percent\\b|パーセント)" +
    `|(?<bytes>${Object.keys(BYTES)
      .sort((a, b) => b.length - a.length)
      .join("|")})(?![a-z])(?<rate>\\s*(?:/\\s*s(?:ec(?:ond)?)?\\b|per second|毎秒))?` +
    "|(?<time>second|minute|hour|day|秒|分|時間|日)s?(?![a-z]))?",
  "giu",
);

/** "45 % of 1 core" says what the share is of, and no number. */
const ONE_CORE = /(?<!\d)1\s*(?:cores?\b|コア)/giu;

/** The numbers that a text states, in order. */
export function claimsIn(text: string): Claim[] {
  const plain = text.replace(ONE_CORE, (phrase) => "_".repeat(phrase.length));
  return [...plain.matchAll(NUMBER)].map((match) => {
    const { digits = "", decimals = "", percent, bytes, rate, time } = match.groups ?? {};
    return {
      index: match.index,
      length: match[0].length,
      value: Number(`${digits.replaceAll(",", "")}.${decimals || "0"}`),
      decimals: decimals.length,
      unit: unitOf(percent, bytes?.toLowerCase(), rate, time?.toLowerCase()),
    };
  });
}

function unitOf(
  percent: string | undefined,
  bytes: string | undefined,
  rate: string | undefined,
  time: string | undefined,
): Claim["unit"] {
  if (percent) return { of: "ratio", size: 0.01 };
  if (bytes) return { of: rate ? "bytes_per_second" : "bytes", size: BYTES[bytes]! };
  if (time) return { of: "seconds", size: SECONDS[time]! };
  return undefined;
}

/**
 * Whether a finding says the number: one of its values or its limit, rounded to the digits that
 * were written. A rate may lack its "per second" and a count has no unit; any other number without
 * its unit says nothing.
 */
export function saysNumber(finding: Finding, claim: Claim): boolean {
  const judged = finding.values[0];
  const limits = judged && finding.limit !== undefined ? [{ ...judged, value: finding.limit }] : [];
  return [...finding.values, ...limits].some(({ value, unit }) => {
    if (!claim.unit) return unit === "count" && rounds(value, claim);
    if (unit === "seconds" && claim.unit.of === "seconds") return saysDuration(value, claim);
    const sameUnit =
      unit === claim.unit.of || (unit === "bytes_per_second" && claim.unit.of === "bytes");
    return sameUnit && rounds(value / claim.unit.size, claim);
  });
}

function rounds(actual: number, { value, decimals }: Claim): boolean {
  // A little more than half a unit of the last digit: 0.5 itself may be rounded either way.
  return Math.abs(actual - value) <= 0.5 * 10 ** -decimals + 1e-6;
}

/** "3 days 4 hours" says two numbers, each a part of the duration; or one rounds the whole. */
function saysDuration(seconds: number, claim: Claim): boolean {
  const size = claim.unit!.size;
  const next = Math.min(...Object.values(SECONDS).filter((larger) => larger > size));
  const part = Math.floor(Number.isFinite(next) ? (seconds % next) / size : seconds / size);
  return claim.value === part || rounds(seconds / size, claim);
}
