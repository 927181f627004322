import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RuleOptions } from "@headroom/alerts/rules/options";
import { prometheusRules } from "@headroom/provisioning/rule-file";
import { addressOf, type PrometheusPlace, prometheusService } from "./services.ts";
import type { Session } from "./session.ts";

/**
 * Starts a Prometheus whose rules differ from the generated ones, for drills and tests.
 *
 * @param place.rules - what they differ in, such as the pace
 * @returns its address
 * @throws Error with the end of its log when it does not become ready
 */
export async function startRuledPrometheus(
  session: Session,
  program: string,
  place: Omit<PrometheusPlace, "ruleFile"> & { readonly rules: Partial<RuleOptions> },
): Promise<string> {
  const folder = join(session.folder.path, "prometheus");
  const ruleFile = join(folder, "rules.yml");
  await mkdir(folder, { recursive: true });
  await writeFile(ruleFile, prometheusRules(place.rules));
  await session.start(await prometheusService(session.folder, program, { ...place, ruleFile }));
  return addressOf(place.port);
}
