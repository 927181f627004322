import type { IncomingMessage } from "node:http";

/** Are about one connection only (RFC 9110, section 7.6.1), or are what gives those their name. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Are set anew, are for Headroom, or have been answered by it. */
const NOT_ASKED = [
  ...["host", "content-length", "accept-encoding", "expect"],
  ...["authorization", "cookie"],
];

/** Name the model server's own sessions and addresses, which clients of this one have no part in. */
const NOT_ANSWERED = ["set-cookie", "alt-svc"];

/** Who answers for whom. */
export interface Credentials {
  /** What the model server is to be told instead of what the client says. */
  readonly own: string | undefined;
  /** Whether what the client says is the exporter's own token, which is nobody else's business. */
  readonly hasToken: boolean;
}

/** Names and values in turn, as Node writes them. */
export type HeaderList = readonly string[];

/**
 * The headers of a client's request as they are passed on. What the model server answers is read along, so
 * it is asked not to compress it.
 */
export function requestHeaders(
  { rawHeaders, headers }: Pick<IncomingMessage, "rawHeaders" | "headers">,
  { own, hasToken }: Credentials,
): string[] {
  const authorization = own ?? (hasToken ? undefined : headers.authorization);
  return [
    ...without(rawHeaders, headers.connection, NOT_ASKED),
    ...["Accept-Encoding", "identity"],
    // Section 7.6.3: with it a request that goes in circles is seen.
    ...["Via", "1.1 headroom"],
    ...(authorization === undefined ? [] : ["Authorization", authorization]),
  ];
}

/** The headers of an answer as they are passed on. */
export function answerHeaders({
  rawHeaders,
  headers,
}: Pick<IncomingMessage, "rawHeaders" | "headers">): string[] {
  return without(rawHeaders, headers.connection, NOT_ANSWERED);
}

function without(raw: HeaderList, connection = "", more: readonly string[]): string[] {
  const named = connection.toLowerCase().split(",");
  const left = new Set([...HOP_BY_HOP, ...more, ...named.map((name) => name.trim())]);
  return raw.flatMap((name, i) =>
    i % 2 === 0 && !left.has(name.toLowerCase()) ? [name, raw[i + 1]!] : [],
  );
}
