import { expect, it } from "@jest/globals";
import { withoutSettings } from "./without-settings.ts";

it("leaves out the exporter's settings and nothing else", () => {
  const env = { HEADROOM_SIMULATE_ERROR_RATIO: "1", HEADROOM_K6: "/bin/k6", PATH: "/bin" };
  expect(withoutSettings(env)).toEqual({ HEADROOM_K6: "/bin/k6", PATH: "/bin" });
});
