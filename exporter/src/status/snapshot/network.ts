import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { networkStats } from "systeminformation";
import { amount, overWindow, plainName, type Reader } from "./reader.ts";
import type { InterfaceState } from "./snapshot.ts";

/** What an interface has counted since it was made. */
export interface InterfaceCount {
  readonly name: string;
  readonly up: boolean;
  /** Bytes. */
  readonly received: number;
  /** Bytes. */
  readonly sent: number;
  /** Errors and drops, both directions. */
  readonly errors: number;
}

/** Loopback, and the host's ends of containers' cables: their traffic shows at the bridge. */
const LEFT_OUT = /^(lo\d*|veth.*)$/;

/** systeminformation repeats its last counts when it is asked again sooner, in milliseconds. */
const REPEATS_WITHIN_MS = 500;

/**
 * A reader of the network interfaces, without loopback, and their rates; a container shows its own.
 *
 * Linux has all counts in one file. systeminformation starts eight processes an interface for them,
 * and many more, while the event loop waits, when an interface comes or goes.
 */
export function networkReader(): Reader<readonly InterfaceState[]> {
  return process.platform === "linux"
    ? overWindow(countOnLinux, interfaceStates)
    : overWindow(countElsewhere, interfaceStates, REPEATS_WITHIN_MS);
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

/**
 * Reads the table of `/proc/net/dev`: a name, then 8 columns each for receiving and sending, which
 * begin with bytes, packets, errors, drops. Source: proc_pid_net(5).
 */
export function parseNetDev(text: string): readonly Omit<InterfaceCount, "up">[] {
  return text.split("\n").flatMap((line) => {
    const [, name, columns] = /^\s*(\S+):\s*(.+)$/.exec(line) ?? [];
    if (name === undefined || columns === undefined || LEFT_OUT.test(name)) return [];
    const values = columns.trim().split(/\s+/).map(Number);
    const at = (index: number) => amount(values[index]);
    return [{ name, received: at(0), sent: at(8), errors: at(2) + at(3) + at(10) + at(11) }];
  });
}

async function countOnLinux(): Promise<readonly InterfaceCount[]> {
  const counted = parseNetDev(await readFile("/proc/net/dev", "utf8"));
  return Promise.all(
    counted.map(async (count) => ({ ...count, up: isUp(await state(count.name)) })),
  );
}

/** The operational state (RFC 2863) of an interface of Linux; it may be gone by now. */
async function state(name: string): Promise<string> {
  return readFile(`/sys/class/net/${name}/operstate`, "utf8").catch(() => "down");
}

async function countElsewhere(): Promise<readonly InterfaceCount[]> {
  const names = Object.keys(networkInterfaces()).filter((name) => !LEFT_OUT.test(name));
  // An empty list would mean the default interface.
  if (names.length === 0) return [];
  return (await networkStats(names.join(","))).map((stats) => ({
    name: stats.iface,
    up: isUp(stats.operstate),
    received: amount(stats.rx_bytes),
    sent: amount(stats.tx_bytes),
    errors: [stats.rx_errors, stats.rx_dropped, stats.tx_errors, stats.tx_dropped]
      .map(amount)
      .reduce((sum, count) => sum + count),
  }));
}

/** Tunnels and some virtual cards never tell; they say unknown while they work. */
function isUp(operstate: string): boolean {
  return ["up", "unknown"].includes(operstate.trim());
}
