import { buildExporter, buildIncidents } from "../builds.ts";
import { requireTool } from "../tools/obtain.ts";
import type { DrillTools } from "./drill-stack.ts";

/**
 * Finds or obtains everything that a drill's stack is started from, and builds what is stale.
 *
 * @throws Error that says what is missing and how to get it
 */
export async function prepare(options: Parameters<typeof buildExporter>[0]): Promise<DrillTools> {
  const tools = {
    k6: await requireTool("k6", options),
    prometheus: await requireTool("prometheus", options),
    alertmanager: await requireTool("alertmanager", options),
    "redis-server": await requireTool("redis-server", options),
  };
  await buildExporter(options);
  await buildIncidents(options);
  return tools;
}
