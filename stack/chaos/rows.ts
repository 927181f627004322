import type { Row } from "./row.ts";
import { CLIENT_ROWS } from "./rows/clients.ts";
import { EXPORTER_ROWS } from "./rows/exporter.ts";
import { FUZZ_ROWS } from "./rows/fuzz.ts";
import { PARTS_ROWS } from "./rows/parts.ts";
import { REDIS_ROWS } from "./rows/redis.ts";
import { SCORER_ROWS } from "./rows/scorers.ts";
import { SYSTEM_ROWS } from "./rows/system.ts";

/** Every row, one file a kind of fault. */
export const ROWS: readonly Row[] = [
  ...EXPORTER_ROWS,
  ...SCORER_ROWS,
  ...REDIS_ROWS,
  ...PARTS_ROWS,
  ...CLIENT_ROWS,
  ...FUZZ_ROWS,
  ...SYSTEM_ROWS,
];
