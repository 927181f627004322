import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { DrillStack } from "../../drill/drill-stack.ts";
import { costly, countedInWords, post, sendAlert } from "../ask.ts";
import type { Row } from "../row.ts";

/** Beside the steady load, whose requests are too short to be caught in the middle. */
const IN_FLIGHT = 24;

const kill = (stack: DrillStack, signal: NodeJS.Signals) =>
  process.kill(stack.pidOf("exporter"), signal);

/** Nobody answers until the next process does, which may take longer than the alert waits. */
const RESTARTED = { away: true, mayAlert: ["HeadroomExporterDown", "HeadroomRestarting"] } as const;

/** The exporter itself ends, hangs or cannot start. */
export const EXPORTER_ROWS: readonly Row[] = [
  {
    name: "exporter-sigterm",
    fault: "the exporter is told to end (SIGTERM) in the middle of requests",
    async run(stack) {
      const asking = Array.from({ length: IN_FLIGHT }, (_, i) =>
        post(`${stack.exporter}/v1/sentiment`, costly(i)),
      );
      // Long enough for all to have arrived, and too short for all to be answered.
      await sleep(100);
      kill(stack, "SIGTERM");
      const answers = await Promise.all(asking);
      const lost = answers.filter((answer) => answer === "lost").length;
      return {
        problems: lost === 0 ? [] : [`${lost} requests in flight were not answered`],
        note: `of ${IN_FLIGHT} long requests in flight: ${countedInWords(answers)}`,
      };
    },
    // What comes later is refused in words.
    expect: { ...RESTARTED, errorRatio: 0.5 },
  },
  {
    name: "incidents-sigkill",
    fault: "the incidents process is killed (SIGKILL) three times while it writes alerts",
    async run(stack, signal) {
      const writing = writeAlerts(stack, signal);
      for (let time = 0; time < 3; time++) {
        await sleep(1_500);
        process.kill(stack.pidOf("incidents"), "SIGKILL");
        await sleep(3_000);
      }
      const written = await writing.stop();
      const stored = new Set(
        [...(await stack.incidents.list()).values()].flatMap(({ incident }) =>
          incident.alerts.map(({ fingerprint }) => fingerprint),
        ),
      );
      return {
        lostAlerts: written.filter((fingerprint) => !stored.has(fingerprint)).length,
        problems: written.length === 0 ? ["no alert was acknowledged"] : [],
        note: `${written.length} alerts were acknowledged`,
      };
    },
    // Those who ask the exporter notice nothing.
    expect: { mayAlert: ["HeadroomIncidentsDown"] },
  },
  {
    name: "exporter-sigkill",
    fault: "the exporter is killed (SIGKILL) under load",
    async run(stack) {
      kill(stack, "SIGKILL");
    },
    // What is in flight at that moment dies with it.
    expect: { ...RESTARTED, lost: IN_FLIGHT },
  },
  {
    name: "exporter-port-taken",
    fault: "another program takes the exporter's port for 5 s while it is started again",
    async run(stack) {
      const server = createServer((socket) => socket.destroy());
      kill(stack, "SIGKILL");
      const { hostname, port } = new URL(stack.exporter);
      const canListen = () => {
        server.listen(Number(port), hostname);
        return once(server, "listening").then(
          () => true,
          () => false,
        );
      };
      try {
        // The port is free once the process is gone, and not yet taken by the next one.
        while (!(await canListen())) await sleep(10);
        await sleep(5_000);
      } finally {
        server.close();
      }
    },
    // Who takes the port also takes its connections, and drops them.
    expect: { ...RESTARTED, lost: 200, recoverySeconds: 60 },
  },
  {
    name: "exporter-frozen",
    fault: "the exporter is frozen (SIGSTOP) for 5 s",
    async run(stack) {
      kill(stack, "SIGSTOP");
      await sleep(5_000);
      kill(stack, "SIGCONT");
    },
    expect: {
      p95Ms: 6_000,
      mayAlert: ["HeadroomLatencyHigh", "HeadroomLatencyCritical", "HeadroomExporterDown"],
    },
  },
];

/** Sends one alert after the other, each with a fingerprint of its own, until it is stopped. */
function writeAlerts(stack: DrillStack, signal: AbortSignal) {
  const acknowledged: string[] = [];
  let over = false;
  const send = async (sender: number) => {
    const labels = { alertname: "ChaosAlert", instance: `chaos-${sender}` };
    for (let number = 0; !over && !signal.aborted; number++) {
      const fingerprint = `c${sender}x${number}`;
      const answer = await sendAlert(stack, fingerprint, labels);
      if (answer === 200) acknowledged.push(fingerprint);
      else await sleep(50);
    }
  };
  const sending = Promise.all([0, 1, 2, 3].map(send));
  return {
    /** The fingerprints that were answered with 200. */
    async stop(): Promise<readonly string[]> {
      over = true;
      await sending;
      return acknowledged;
    },
  };
}
