import { buildExporter, buildIncidents } from "../builds.ts";
import { begin } from "../command.ts";
import { folderWithin, makeRunFolder, type RunFolder, RUNS_FOLDER } from "../places.ts";
import { Session } from "../session.ts";
import { requireTool } from "../tools/obtain.ts";
import type { DrillTools } from "./drill-stack.ts";

/** A fault to bring about in a stack of its own. */
interface Case<Result> {
  /** Of its folder. */
  readonly name: string;
  /** In words. */
  readonly fault: string;
  run(session: Session, tools: DrillTools): Promise<Result>;
  /** The result of a case that could not be carried out. */
  failed(problem: string): Result;
}

/**
 * Obtains and builds what a stack is started from, and then runs the cases, each in a session of its own.
 *
 * @param atOnce - so many of them at the same time
 * @param after - called after each case, so that an interrupt leaves what was found until then
 * @returns all results, and the folder with the logs
 * @throws Error that says what is missing and how to get it, or the interrupt
 */
export async function runCases<Result>(
  cases: readonly Case<Result>[],
  atOnce: number,
  after: (results: readonly Result[], folder: string) => Promise<void>,
): Promise<{ readonly results: readonly Result[]; readonly folder: string }> {
  const { activity, signal } = begin();
  const tools = await prepare({ activity, signal });
  const folder = await makeRunFolder(RUNS_FOLDER);
  const results: Result[] = [];
  const waiting = cases.entries();
  // They share what waits.
  const runSome = async () => {
    for (const [index, one] of waiting) {
      const title = `${index + 1}/${cases.length} ${one.name}: ${one.fault}`;
      const own = await folderWithin(folder, one.name);
      results.push(await activity(title, () => runOne(one, own, signal, tools)));
      await after(results, folder.path);
    }
  };
  // An interrupt is told when all have stopped what they started.
  for (const end of await Promise.allSettled(Array.from({ length: atOnce }, runSome)))
    if (end.status === "rejected") throw end.reason;
  return { results, folder: folder.path };
}

async function prepare(options: Parameters<typeof buildExporter>[0]): Promise<DrillTools> {
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

async function runOne<Result>(
  one: Case<Result>,
  folder: RunFolder,
  signal: AbortSignal,
  tools: DrillTools,
): Promise<Result> {
  const session = new Session({
    folder,
    signal,
    // The case is one activity, and any free port will do.
    activity: (_title, work) => work(),
    say: () => {},
  });
  try {
    return await one.run(session, tools);
  } catch (error) {
    signal.throwIfAborted();
    return one.failed((error as Error).message);
  } finally {
    await session.stop();
  }
}
