import type { ChatLoad } from "../plan/chat-load.ts";
import type { ChatServer } from "../run/chat-server.ts";
import { type BaselineOf, baselineFile, type Gain, readSaved } from "./baseline.ts";
import { chatLoadInWords } from "./chat-tables.ts";
import type { Measurements } from "./measurements.ts";
import { usersInWords } from "./sweep.ts";

/** A chat run that later ones of the same model, on the same machine, are compared with. */
export interface ChatBaseline extends BaselineOf {
  readonly server: string;
  readonly version: string;
  /** Lengths and arrivals in words; only loads with the same words are compared. */
  readonly load: string;
  readonly steps: readonly SavedStep[];
}

interface SavedStep {
  /** 0 where requests come at a rate. */
  readonly users: number;
  readonly outputTokensPerSecond: number;
  readonly firstTokenP95Seconds: number;
  readonly outputTokenP95Seconds: number;
}

/** The load without what was only learnt from the model. */
const comparable = (load: ChatLoad): string =>
  chatLoadInWords({ ...load, charactersPerToken: 0 }).replace(/up to \d+ users/, "users");

/** What a chat run would save. */
export function chatBaselineOf(
  run: Pick<ChatBaseline, "profile" | "machine" | "measuredAt">,
  load: ChatLoad,
  { model, simulated, server, version }: ChatServer,
  steps: readonly { readonly users: number; readonly measurements: Measurements }[],
): ChatBaseline {
  return {
    ...run,
    model,
    simulated,
    server,
    version,
    load: comparable(load),
    steps: steps.flatMap(({ users, measurements: { chat } }) =>
      chat && chat.answers > 0
        ? [
            {
              users,
              outputTokensPerSecond: chat.outputTokensPerSecond,
              firstTokenP95Seconds: chat.firstToken.p95,
              outputTokenP95Seconds: chat.outputToken.p95,
            },
          ]
        : [],
    ),
  };
}

/** The gains over what was saved, a step each that both have. */
export async function chatGains(folder: string, now: ChatBaseline): Promise<Gain[]> {
  const saved = await readSaved<ChatBaseline>(baselineFile(folder, now.profile, now, now.machine));
  if (saved?.load !== now.load) return [];
  const when = `of ${saved.measuredAt.slice(0, 10)} (${saved.server} ${saved.version})`;
  return now.steps.flatMap((step): Gain[] => {
    const before = saved.steps.find(({ users }) => users === step.users);
    if (!before) return [];
    return [
      {
        over: `${step.users === 0 ? "the saved run" : `${usersInWords(step.users)} in the saved run`} ${when}`,
        throughput: step.outputTokensPerSecond / before.outputTokensPerSecond,
        latency: before.firstTokenP95Seconds / step.firstTokenP95Seconds,
        perOutputToken: before.outputTokenP95Seconds / step.outputTokenP95Seconds,
      },
    ];
  });
}
