import type { Fault } from "../fault.ts";

/** Redis is killed, and started again at the end. */
export const redisKilled: Fault = {
  what: "Redis is killed",
  setup: { redis: true },
  async inject(stack) {
    await stack.killRedis();
    return () => stack.startRedis();
  },
};
