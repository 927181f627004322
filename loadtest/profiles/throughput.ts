import { planned } from "../lib/environment.ts";
import { optionsOf } from "../lib/options.ts";
import { sender } from "../lib/send.ts";

const profile = planned("throughput");

export const options = optionsOf(profile);
export default sender(profile);
export { handleSummary } from "../lib/summary.ts";
