import { planned } from "../lib/environment.ts";
import { iterationOf } from "../lib/iteration.ts";
import { optionsOf } from "../lib/options.ts";

const profile = planned("flood");

export const options = optionsOf(profile);
export default iterationOf(profile);
export { handleSummary } from "../lib/summary.ts";
