import type { Row } from "./row.ts";
import { CLIENT_ROWS } from "./rows/clients.ts";
import { EXPORTER_ROWS } from "./rows/exporter.ts";
import { PARTS_ROWS } from "./rows/parts.ts";
import { REDIS_ROWS } from "./rows/redis.ts";

/** Every row, one file a kind of fault. */
export const ROWS: readonly Row[] = [
  ...REDIS_ROWS,
  ...EXPORTER_ROWS,
  ...PARTS_ROWS,
  ...CLIENT_ROWS,
];
