import type { Exposition } from "../prometheus.ts";

/** The samples of one scrape in Prometheus' format, by series as it is written there. */
export async function samplesOf(exposition: Exposition): Promise<ReadonlyMap<string, number>> {
  const { body } = await exposition.text(undefined);
  const lines = body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(" ");
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}
