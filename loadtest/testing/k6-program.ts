import { fileURLToPath } from "node:url";

/** The k6 that tests run: HEADROOM_K6, else the one built into the repository. */
export const K6 =
  process.env["HEADROOM_K6"] || fileURLToPath(new URL("../../.tools/bin/k6", import.meta.url));
