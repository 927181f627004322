import { AnnotationQueryBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { COLOURS } from "./colours.ts";
import { DATA_SOURCE } from "./data-source.ts";
import { series } from "./expressions.ts";
import { K6_REQUESTS } from "./k6.ts";

/**
 * What is marked on the time axis of every graph: load runs, firing alerts and open incidents. Grafana
 * makes one region of the samples above 0 that follow each other by `step`.
 */
export function annotations(): readonly AnnotationQueryBuilder[] {
  return [
    // The virtual users would not do: those at work are 0 whenever answers are quick, and what k6 sent
    // last stays for five minutes after its run. A range forgets it sooner.
    mark("Load runs", `sum(rate(${K6_REQUESTS}[15s]))`, COLOURS.inside).titleFormat("Load run"),
    mark(
      "Alerts firing",
      series("ALERTS", 'alertname=~"Headroom.*"', 'alertstate="firing"'),
      COLOURS.critical,
    )
      .titleFormat("{{alertname}}")
      .textFormat("{{limit}} {{instance}}")
      .tagKeys("severity"),
    // An incident begins with its alert, but stays until all of them have resolved or it is closed.
    mark("Incidents", "headroom_incidents_open", COLOURS.warning)
      .titleFormat("Incident open")
      .textFormat("{{severity}}")
      .tagKeys("severity"),
  ];
}

function mark(name: string, expr: string, colour: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATA_SOURCE)
    .enable(true)
    .iconColor(colour)
    .expr(expr)
    .step("5s");
}
