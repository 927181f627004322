import { BlockList, isIP } from "node:net";
import type { RequestHandler } from "express";
import { Problem } from "./problem.ts";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Whether a host name or address, without a port, always means this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  const version = isIP(name);
  return version > 0 && LOOPBACK.check(name, version === 6 ? "ipv6" : "ipv4");
}

/**
 * Lets pass requests that call this machine by a loopback name. A web page can point its own name to
 * 127.0.0.1 and then read answers as its own (DNS rebinding), but its name stays in the header.
 */
export const requireLoopbackHost: RequestHandler = (req, _res, next) => {
  const host = req.headers.host?.replace(/:\d*$/, "") ?? "";
  if (isLoopback(host)) return next();
  next(
    new Problem(403, "host_not_allowed", "The preview answers to 127.0.0.1 and localhost only."),
  );
};
