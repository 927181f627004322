import { describe, expect, it } from "@jest/globals";
import { counter, createExposition } from "./prometheus.ts";

const OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";

function withCounter() {
  const exposition = createExposition();
  const { registry } = exposition;
  counter(registry, { name: "things_total", help: "Things.", labels: {} }).inc(3);
  return exposition;
}

describe("exposition", () => {
  it("writes the Prometheus format unless OpenMetrics is asked for", async () => {
    const { contentType, body } = await withCounter().text(undefined);
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toBe("# HELP things_total Things.\n# TYPE things_total counter\nthings_total 3\n");
  });

  it("writes OpenMetrics, where the counter's family has no _total, and an end mark", async () => {
    const { contentType, body } = await withCounter().text(OPENMETRICS);
    expect(contentType).toMatch(/^application\/openmetrics-text/);
    expect(body).toBe("# HELP things Things.\n# TYPE things counter\nthings_total 3\n# EOF\n");
  });

  it("gives scrapers of both formats what each asked for, also at the same time", async () => {
    const exposition = withCounter();
    const accepts = [undefined, OPENMETRICS, undefined, OPENMETRICS, "text/plain"];
    const bodies = await Promise.all(accepts.map((accept) => exposition.text(accept)));
    expect(bodies.map(({ body }) => body.includes("# EOF"))).toEqual(
      accepts.map((accept) => accept === OPENMETRICS),
    );
    for (const { body } of bodies) expect(body).toContain("things_total 3");
  });
});
