import { asText } from "@headroom/exporter/bench/engine/section";
import { profile } from "@headroom/loadtest/plan/profiles";
import { inTable, type Screen } from "@headroom/loadtest/report/columns";
import { readStatusAnswer } from "@headroom/loadtest/plan/answers";
import { renderTerminal } from "@headroom/loadtest/run";
import { askedAnswer } from "@headroom/loadtest/run/ask-status";
import { exampleStatusAnswer } from "@headroom/loadtest/testing/example-answers";
import { exampleReport, exampleStatusFigures } from "@headroom/loadtest/testing/example-run";
import { exampleStep } from "@headroom/loadtest/testing/example-sweep";
import { STATUS_SCENARIOS } from "@headroom/loadtest/plan/profiles";
import { chaosTable } from "../chaos/report.ts";
import { ROWS } from "../chaos/rows.ts";
import { reportText } from "../doctor/report.ts";
import { HEALTHY } from "../doctor/testing/healthy.ts";
import { DRILLS } from "../drill/drills.ts";
import { DRILL_SHAPE, drillTable } from "../drill/report.ts";
import { checkText } from "../maintenance/report.ts";
import { modelRows } from "../models.ts";

const seen = { lost: 0, answers: 12_345, errors: { 503: 12, 500: 3 }, away: 2, p95Ms: 44 };
const chaos = ROWS.map(({ name, fault }) => ({
  ...{ name, fault, seen, lost: 0, lostAlerts: 0, recoverySeconds: 3.2, problems: [] },
  alerts: ["HeadroomExporterDown", "HeadroomLatencyHigh"],
}));
const seconds = {
  pending: 1,
  firing: 12.3,
  notified: 13,
  incident: 13.2,
  ended: 40,
  resolved: 55.1,
};
const drills = DRILLS.map(({ alert, fault }) => ({
  ...{ alert, fault: fault.what, seconds, problems: [] },
}));
const steps = [1, 2, 4, 8].map((users) => exampleStep(users));
const summary =
  "注意: メモリの使用率は91%です。最大のプロセスはchromeで、3GBを使っています。不要なアプリを閉じてください。";
const reading = readStatusAnswer({ ...exampleStatusAnswer(), summary })!;

/** What the commands print, of example runs, by the command. */
export function drawAll(screen: Screen): Readonly<Record<string, string>> {
  return {
    load: renderTerminal(exampleReport(), screen),
    sweep: renderTerminal(
      exampleReport({ profile: profile("sweep"), sweep: { steps, end: { kind: "last" } } }),
      screen,
    ),
    status: renderTerminal(
      exampleReport(
        {
          profile: profile("status"),
          statusAnswers: STATUS_SCENARIOS.map((one) => askedAnswer(one, 1, { reading, wrong: [] })),
        },
        exampleStatusFigures("urgent-check"),
      ),
      screen,
    ),
    doctor: reportText(HEALTHY, [], screen),
    model: inTable(modelRows(HEALTHY.models.catalogue), screen),
    drill: inTable(drillTable(drills), screen, DRILL_SHAPE),
    chaos: inTable(chaosTable(chaos), screen),
    check: checkText(
      {
        ...{ kind: "weekly", at: "2026-03-04T05:06:07.000Z", url: "http://127.0.0.1:9700" },
        ...{ incidents: "http://127.0.0.1:9702", prometheus: "http://127.0.0.1:9090" },
        simulated: false,
        steps: (["pass", "fail", "unknown"] as const).map((verdict, i) => ({
          ...{ id: `step${i}`, title: "Memory used, system, its trend over two weeks", verdict },
          observed: "17.33 GB, growing by 120 MB a day",
          limit: "below 33.60 GB, and less than 1 % of it a day",
          detail:
            "Look for what grows on the dashboard of memory, then follow the runbook. ".repeat(2),
          runbook: "HeadroomMemoryHigh",
        })),
        counts: { pass: 1, fail: 1, unknown: 1 },
      },
      screen,
    ),
    bench: asText(
      {
        ...{ part: "pairs", title: "Side by side", figures: {} },
        how: ["Prefix scores of real messages, the same messages in turn. ".repeat(3)],
        tables: [
          {
            head: ["what", "messages/s", "", "what is in it"],
            rows: [
              ["exporter over HTTP, own process", "15,002 (13,788 to 15,988)", "████", summary],
            ],
          },
        ],
        conclusions: ["HTTP and JSON take a third of the time of a message. ".repeat(3)],
      },
      screen,
    ),
  };
}
