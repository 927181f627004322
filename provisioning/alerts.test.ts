import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { limitsFor, REFERENCE_MEMORY_BYTES } from "@headroom/alerts/limits";
import { alertsOf, ruleGroups } from "@headroom/alerts/rules/index";
import { DEFAULT_RULE_OPTIONS } from "@headroom/alerts/rules/options";
import type { AlertCase } from "@headroom/alerts/tests/case";
import { alertCases } from "@headroom/alerts/tests/index";
import { prometheusRuleFile } from "./rule-file.ts";
import { type CompanionAnswer, promtool } from "./testing/companion.ts";
import {
  complaint,
  promtoolTest,
  ruleOf,
  sideBySide,
  whatAlertsRead,
} from "./testing/promtool-case.ts";

// The cases are built here, not committed: they depend on the limits, and so the same cases can
// judge the rules of more than one machine and more than one pace.
const machines = [
  [
    "the committed limits",
    { ...DEFAULT_RULE_OPTIONS, limits: limitsFor(REFERENCE_MEMORY_BYTES) },
    () => true,
  ],
  // Only those of memory are other ones.
  [
    "the limits of 192 GB",
    { ...DEFAULT_RULE_OPTIONS, limits: limitsFor(192e9) },
    ({ alert }: AlertCase) => /Memory|Forecast/.test(alert),
  ],
  // What an alert must not fire for has nothing to do with the pace; that it fires and ends in time, has.
  [
    "the limits of 16 GB, at the pace of a drill",
    {
      ...DEFAULT_RULE_OPTIONS,
      limits: limitsFor(16e9),
      pace: {
        windowSeconds: 30,
        patienceSeconds: { warning: 20, critical: 10 },
        returnSeconds: 30,
      },
    },
    ({ alert, moments }: AlertCase) =>
      moments.some(({ firing }) => firing.some((one) => one.alert === alert)),
  ],
] as const;

describe.each(machines)("with %s", (_limits, options, about) => {
  let folder: string;
  const told = new Map<AlertCase, { readonly answer: CompanionAnswer; readonly n: number }>();
  const groups = ruleGroups(options);
  const alerts = alertsOf(groups);
  const cases = alertCases(options).filter(about);
  const withStory = alerts.filter(({ alert }) => cases.some((story) => story.alert === alert));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "headroom-alerts-"));
    await writeFile(join(folder, "rules.yml"), prometheusRuleFile(whatAlertsRead(groups)));
    for (const [number, group] of sideBySide(cases).entries()) {
      const file = join(folder, `${number}.test.yml`);
      await writeFile(file, promtoolTest(group, alerts, "rules.yml"));
      const answer = await promtool("test", "rules", file);
      group.forEach((story, n) => told.set(story, { answer, n }));
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(cases.map((story) => [story.alert, story.title, story] as const))(
    "%s %s",
    (_alert, _title, story) => {
      const { answer, n } = told.get(story)!;
      expect(complaint(answer, n)).toBe("");
    },
  );

  it.each(withStory.map((rule) => [rule.alert, rule.labels.limit ?? "no limit", rule] as const))(
    "%s (%s) has a case in which it fires",
    (name, _limit, rule) => {
      const stories = cases.filter((story) => story.alert === name);
      const fires = stories.some((story) =>
        story.moments.some((moment) =>
          moment.firing.some((firing) => ruleOf(firing, alerts) === rule),
        ),
      );
      expect(fires).toBe(true);
    },
  );
});
