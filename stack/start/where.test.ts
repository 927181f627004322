import { describe, expect, it } from "@jest/globals";
import { whereEverythingIs } from "./where.ts";

const folder = { path: "run", log: (part: string) => part };
const addresses = {
  page: "http://127.0.0.1:9701",
  exporter: "http://127.0.0.1:9700",
  incidents: "http://127.0.0.1:9702",
  prometheus: "http://127.0.0.1:9090",
  alertmanager: "http://127.0.0.1:9093",
  redis: "redis://127.0.0.1:6379",
};

describe("whereEverythingIs", () => {
  it("names the address of every part", () => {
    const text = whereEverythingIs(addresses, folder);
    for (const address of Object.values(addresses)) expect(text).toContain(address);
    expect(text).toMatch(/^Alertmanager +http:\/\/127\.0\.0\.1:9093$/m);
    expect(text).toMatch(/^Runbooks +http:\/\/127\.0\.0\.1:9702\/runbooks$/m);
  });

  it("says what is missing without the parts that need not be there", () => {
    const text = whereEverythingIs(
      { ...addresses, alertmanager: undefined, redis: undefined },
      folder,
    );
    expect(text).toMatch(/^Alertmanager +none installed; .*Prometheus/m);
    expect(text).toMatch(/^Redis +none installed; .*memory/m);
  });
});
