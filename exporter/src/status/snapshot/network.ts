import { countInterfaces, type InterfaceCount } from "./interface-counts.ts";
import { plainName } from "./name.ts";
import type { Reader } from "./reader.ts";
import type { InterfaceState } from "./snapshot.ts";
import { MIN_WINDOW_MS, overWindow } from "./window.ts";

/** systeminformation repeats its last counts when it is asked again sooner, in milliseconds. */
const REPEATS_WITHIN_MS = 500;

/** A reader of the network interfaces and their rates; a container shows its own interfaces. */
export function networkReader(): Reader<readonly InterfaceState[]> {
  return overWindow({
    count: countInterfaces,
    between: interfaceStates,
    minWindowMs: process.platform === "linux" ? MIN_WINDOW_MS : REPEATS_WITHIN_MS,
  });
}

/** The interfaces' state between two counts, by name. */
export function interfaceStates(
  before: readonly InterfaceCount[],
  after: readonly InterfaceCount[],
  seconds: number,
): readonly InterfaceState[] {
  const known = new Map(before.map((count) => [count.name, count]));
  // An interface that is new has no rate yet. One that was made again counts from 0.
  const since = (now: InterfaceCount, what: "received" | "sent" | "errors") =>
    Math.max(0, now[what] - (known.get(now.name)?.[what] ?? now[what]));
  return after
    .map((now) => ({
      name: plainName(now.name),
      up: now.up,
      receivedBytesPerSecond: since(now, "received") / seconds,
      sentBytesPerSecond: since(now, "sent") / seconds,
      errors: since(now, "errors"),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
