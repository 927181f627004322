import { expect, it } from "@jest/globals";
import { incidentsPart } from "./incidents.ts";

it("names the run's Prometheus and folder, whatever the caller's are, and asks for no token", () => {
  const own = {
    HEADROOM_INCIDENTS_PROMETHEUS_URL: "http://10.0.0.1:9090",
    HEADROOM_INCIDENTS_TOKEN: "0123456789abcdef",
    HEADROOM_INCIDENTS_LOG_LEVEL: "warn",
  };
  const settings = { prometheusUrl: "http://127.0.0.1:9091", folder: "/incidents" };
  expect(incidentsPart(settings, 9702, own).env).toEqual({
    HEADROOM_INCIDENTS_HOST: "127.0.0.1",
    HEADROOM_INCIDENTS_PORT: "9702",
    HEADROOM_INCIDENTS_PROMETHEUS_URL: "http://127.0.0.1:9091",
    HEADROOM_INCIDENTS_FOLDER: "/incidents",
    HEADROOM_INCIDENTS_LOG_LEVEL: "warn",
  });
  expect(incidentsPart({}, 9702, own).env).toMatchObject({
    HEADROOM_INCIDENTS_PROMETHEUS_URL: "http://10.0.0.1:9090",
  });
});
