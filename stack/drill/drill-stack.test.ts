import { expect, it } from "@jest/globals";
import { withoutSettings } from "./drill-stack.ts";

it("leaves out the settings of both programs and nothing else", () => {
  const env = {
    HEADROOM_SIMULATE_ERROR_RATIO: "1",
    HEADROOM_INCIDENTS_FOLDER: "own",
    HEADROOM_K6: "/bin/k6",
    PATH: "/bin",
  };
  expect(withoutSettings(env)).toEqual({ HEADROOM_K6: "/bin/k6", PATH: "/bin" });
});
