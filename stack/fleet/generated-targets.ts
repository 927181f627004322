import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A page of metrics, and when it was read, in seconds. */
export interface Scrape {
  readonly text: string;
  readonly at: number;
}

/** Addresses at which metrics are shown. */
export interface Targets {
  readonly urls: readonly string[];
  close(): void;
}

/** So long all targets show the same page: they cost next to nothing beside who scrapes them. */
const PAGE_MS = 500;

/**
 * Shows a real exporter's metrics at many addresses, as a fleet would: what counts goes on growing as
 * between the two scrapes, the rest stays as it was.
 */
export async function serveTargets(
  count: number,
  scrapes: readonly [Scrape, Scrape],
): Promise<Targets> {
  const page = goingOn(scrapes);
  let [shown, until] = ["", 0];
  const servers = Array.from({ length: count }, () =>
    createServer((_request, answer) => {
      if (performance.now() > until) {
        [shown, until] = [page(performance.now() / 1000), performance.now() + PAGE_MS];
      }
      answer.setHeader("Content-Type", "text/plain; version=0.0.4").end(shown);
    }).listen(0, "127.0.0.1"),
  );
  await Promise.all(servers.map((server) => once(server, "listening")));
  return {
    urls: servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    close() {
      for (const server of servers) server.close().closeAllConnections();
    },
  };
}

const COUNTS = /_(total|bucket|count|sum)(\{|$)/;

/** The page as it is at some time, in seconds of the same clock as `at`, or of another that goes on from it. */
function goingOn([before, after]: readonly [Scrape, Scrape]): (now: number) => string {
  const valuesOf = ({ text }: Scrape) =>
    new Map(
      text.split("\n").map((line) => [nameOf(line), Number(line.slice(nameOf(line).length))]),
    );
  const first = valuesOf(before);
  const seconds = after.at - before.at;
  const lines = after.text.split("\n").map((line) => {
    const name = nameOf(line);
    const value = Number(line.slice(name.length));
    if (line.startsWith("#") || !COUNTS.test(name)) return { line, growth: 0, name, value };
    return { line, name, value, growth: (value - (first.get(name) ?? value)) / seconds };
  });
  return (now) =>
    lines
      .map(({ line, name, value, growth }) =>
        growth > 0 ? `${name} ${value + growth * (now - after.at)}` : line,
      )
      .join("\n");
}

/** A line without its value. */
const nameOf = (line: string): string => line.slice(0, Math.max(0, line.lastIndexOf(" ")));
