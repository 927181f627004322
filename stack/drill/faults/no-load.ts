import type { Fault } from "../fault.ts";

/** Nobody asks any more, until the end. */
export const noLoad: Fault = {
  what: "nobody asks any more",
  async inject(stack) {
    await stack.stopLoad("steady");
    return async () => stack.startLoad("steady");
  },
};
