import { z } from "zod";

/** Where to ask, and how long an answer may take. */
export interface PrometheusAddress {
  /** Base address; may hold a user and a password. */
  readonly url: string;
  readonly signal: AbortSignal;
}

/** Times in seconds since 1970. */
export interface QueryRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Values by their time in seconds since 1970; those that are not numbers are left out. */
export type Curve = ReadonlyMap<number, number>;

/** Labels of a series, and its value. */
export interface Found {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What is read of an answer that lists series. */
const resultOf = <T>(series: z.ZodType<T>) =>
  z.object({ data: z.object({ result: z.array(series) }) });
const POINT = z.tuple([z.number(), z.string()]);
const CURVES = resultOf(z.object({ values: z.array(POINT) }));
const VALUES = resultOf(z.object({ metric: z.record(z.string(), z.string()), value: POINT }));

/** Prometheus gave no answer that can be used; the message names no address. */
export class NoAnswer extends Error {}

/**
 * The first series of a range query; an empty one when there is none.
 *
 * @throws NoAnswer
 */
export async function queryRange(
  query: string,
  { start, end, step }: QueryRange,
  prometheus: PrometheusAddress,
): Promise<Curve> {
  const parameters = { query, start: String(start), end: String(end), step: String(step) };
  const { data } = await ask("query_range", parameters, CURVES, prometheus);
  const values = data.result[0]?.values ?? [];
  return new Map(
    values.map(([at, text]) => [at, Number(text)] as const).filter(([, v]) => Number.isFinite(v)),
  );
}

/**
 * All series of a query at one time, in seconds since 1970.
 *
 * @throws NoAnswer
 */
export async function querySeries(
  query: string,
  time: number,
  prometheus: PrometheusAddress,
): Promise<readonly Found[]> {
  const { data } = await ask("query", { query, time: String(time) }, VALUES, prometheus);
  return data.result.map(({ metric: labels, value: [, text] }) => ({
    labels,
    value: Number(text),
  }));
}

async function ask<T>(
  path: string,
  parameters: Readonly<Record<string, string>>,
  schema: z.ZodType<T>,
  { url, signal }: PrometheusAddress,
): Promise<T> {
  const address = new URL(`${url.replace(/\/$/, "")}/api/v1/${path}`);
  address.search = String(new URLSearchParams(parameters));
  const answer = await get(address, signal);
  if (!answer.ok) throw new NoAnswer(`it answered with status ${answer.status}`);
  const parsed = schema.safeParse(await answer.json().catch(() => undefined));
  if (!parsed.success) throw new NoAnswer("its answer is not that of a Prometheus");
  return parsed.data;
}

async function get(address: URL, signal: AbortSignal): Promise<Response> {
  const headers = new Headers();
  // fetch refuses addresses with a password in them.
  if (address.username !== "" || address.password !== "") {
    const plain = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
    headers.set("Authorization", `Basic ${Buffer.from(plain).toString("base64")}`);
    address.username = "";
    address.password = "";
  }
  try {
    return await fetch(address, { headers, signal });
  } catch (error) {
    if (signal.aborted) throw new NoAnswer("it did not answer in time");
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    throw new NoAnswer(`it could not be reached${code ? ` (${code})` : ""}`);
  }
}
