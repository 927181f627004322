import type { Examination } from "./examine.ts";
import type { Obstacle } from "./judge.ts";

/** What the doctor found as one JSON document, for programs. */
export function reportJson(examination: Examination, obstacles: readonly Obstacle[]): string {
  const { facts } = examination;
  // Left to itself JSON would drop the value of a machine without a graphics processor.
  const gpu = facts.gpu.known ? { known: true, value: facts.gpu.value ?? null } : facts.gpu;
  const report = {
    ready: obstacles.length === 0,
    obstacles,
    ...examination,
    facts: { ...facts, gpu },
  };
  return JSON.stringify(report, null, 2);
}
