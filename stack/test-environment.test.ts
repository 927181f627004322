import { expect, it } from "@jest/globals";
import { testEnvironment } from "./test-environment.ts";

it("testEnvironment drops a person's settings and names the tools", () => {
  const env = { PATH: "/bin", HEADROOM_PORT: "1", HEADROOM_GPU: "cuda", HEADROOM_K6: "/old/k6" };
  expect(testEnvironment(env, { k6: "/new/k6", "redis-server": "/bin/redis-server" })).toEqual({
    PATH: "/bin",
    HEADROOM_GPU: "cuda",
    HEADROOM_K6: "/new/k6",
    HEADROOM_REDIS_SERVER: "/bin/redis-server",
  });
});
