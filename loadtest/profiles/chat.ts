// What it sends, and how fast, is its entry in plan/profiles.ts.
import { k6Script } from "../lib/script.ts";

export const { options, setup, iteration, handleSummary } = k6Script("chat");
export default iteration;
