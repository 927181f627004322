/** What exporters told Prometheus within half an hour that is over, as OpenMetrics. */
export interface PastRun {
  readonly text: string;
  /** Milliseconds since 1970; whole minutes. */
  readonly began: number;
}

export const FIRST = "127.0.0.1:9700";
export const SECOND = "127.0.0.1:9800";

const STEP_SECONDS = 5;

/**
 * Two quarters of an hour. In the first, one exporter with a simulated engine is asked for eight minutes; its
 * memory is high from the fifth minute on, an alert of it fires from the sixth on, of which there is an incident,
 * and three more alerts are pending at its end. In the second, two exporters with models are asked all the time.
 */
export function pastRun(now: number): PastRun {
  const began = Math.floor(now / 60_000 - 45) * 60_000;
  const series: string[] = [];
  /** Samples of the minutes `from` to `to`. */
  const tell = (name: string, from: number, to: number, value: (minute: number) => number) => {
    for (let second = 60 * from; second <= 60 * to; second += STEP_SECONDS) {
      series.push(`${name} ${value(second / 60)} ${began / 1_000 + second}`);
    }
  };
  const exporter = (instance: string, simulated: boolean, from: number, to: number) => {
    const own = `instance="${instance}",job="headroom"`;
    tell(`headroom_build_info{${own},simulated="${simulated}"}`, from, to, () => 1);
    tell(`up{${own}}`, from, to, () => 1);
    for (const scope of ["system", "process", "model"]) {
      const isHigh = (minute: number) => simulated && scope === "system" && minute >= 5;
      const used = (minute: number) => (isHigh(minute) ? 3.5e9 : 2e9);
      tell(`headroom_memory_used_bytes{${own},scope="${scope}"}`, from, to, used);
    }
    for (const [severity, limit] of [
      ["warning", 3e9],
      ["critical", 4e9],
    ] as const) {
      const labels = `${own},limit="memory",scope="system",severity="${severity}",bound="upper"`;
      tell(`headroom_limit{${labels}}`, from, to, () => limit);
    }
    const p95 = "instance:sentiment_request_duration_seconds:p95_rate1m";
    tell(`${p95}{${own}}`, from, to, () => 0.05);
    const counter = `sentiment_requests_total{${own},outcome="ok"}`;
    tell(counter, from, to, (minute) => 60 * (simulated ? Math.min(minute, 8) : minute));
  };
  const labelsOf = (name: string) => {
    const own = `alertname="${name}",instance="${FIRST}",job="headroom",severity="warning"`;
    return name === "HeadroomMemoryHigh" ? `${own},limit="memory",scope="system"` : own;
  };
  const alert = (name: string, state: "firing" | "pending", from: number, to: number) =>
    tell(`ALERTS{${labelsOf(name)},alertstate="${state}"}`, from, to, () => 1);
  const holds = (name: string, since: number) =>
    tell(`ALERTS_FOR_STATE{${labelsOf(name)}}`, since, 15, () => began / 1_000 + 60 * since);
  const incident = (name: string, of: string) => {
    const labels = `alert="${name}",exporter="${of}",severity="warning"`;
    const began6 = began / 1_000 + 360;
    tell(`headroom_incident_started_timestamp_seconds{${labels}}`, 6, 15, () => began6);
  };
  exporter(FIRST, true, 0, 15);
  exporter(FIRST, false, 20, 35);
  exporter(SECOND, false, 20, 35);
  alert("HeadroomMemoryHigh", "pending", 5, 5.9);
  alert("HeadroomMemoryHigh", "firing", 6, 15);
  holds("HeadroomMemoryHigh", 5);
  for (const name of ["HeadroomLatencyHigh", "HeadroomErrorRateHigh", "HeadroomNoTraffic"]) {
    alert(name, "pending", 14, 15);
    holds(name, 14);
  }
  incident("HeadroomMemoryHigh", FIRST);
  incident("HeadroomErrorRateHigh", "elsewhere:1");
  // Samples of one metric stand together.
  series.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  return { text: `${series.join("\n")}\n# EOF\n`, began };
}

const nameOf = (line: string): string => line.slice(0, line.indexOf(" "));
