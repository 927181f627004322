import type { Row } from "./row.ts";
import { REDIS_ROWS } from "./rows/redis.ts";

/** Every row, one file a kind of fault. */
export const ROWS: readonly Row[] = [...REDIS_ROWS];
