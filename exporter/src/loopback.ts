import { isIPv4 } from "node:net";

/** Whether an address or name is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/**
 * What is wrong when a server would answer other machines without a token.
 *
 * @param prefix - what its variables begin with, such as `HEADROOM`
 * @param found - its settings, as far as each on its own was right
 */
export function openToOthers(
  prefix: string,
  found: {
    readonly host?: string;
    readonly token?: string | undefined;
    readonly allowInsecure?: boolean;
  },
): string[] {
  const { host, token, allowInsecure } = found;
  if (host === undefined || isLoopback(host)) return [];
  if (token !== undefined || allowInsecure !== false) return [];
  return [
    `${prefix}_HOST=${JSON.stringify(host)} lets other machines in: ` +
      `set ${prefix}_TOKEN, or ${prefix}_ALLOW_INSECURE=true to answer anyone`,
  ];
}
