import type { Row } from "./row.ts";
import { CLIENT_ROWS } from "./rows/clients.ts";
import { EXPORTER_ROWS } from "./rows/exporter.ts";
import { FUZZ_ROWS } from "./rows/fuzz.ts";
import { MODEL_ROWS } from "./rows/models.ts";
import { NEIGHBOUR_ROWS } from "./rows/neighbours.ts";
import { SYSTEM_ROWS } from "./rows/system.ts";
import { UPSTREAM_ROWS } from "./rows/upstream.ts";

/** Every row, one file a kind of fault. */
export const ROWS: readonly Row[] = [
  ...EXPORTER_ROWS,
  ...MODEL_ROWS,
  ...NEIGHBOUR_ROWS,
  ...UPSTREAM_ROWS,
  ...CLIENT_ROWS,
  ...FUZZ_ROWS,
  ...SYSTEM_ROWS,
];
