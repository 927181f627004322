import { scenario } from "k6/execution";
import { Counter } from "k6/metrics";
import type { ChatLoad } from "../plan/chat-load.ts";
import { METRICS, SCENARIOS } from "../plan/k6-metrics.ts";
import { optionsOf } from "../plan/k6-options.ts";
import { profile, type ProfileName, withChat } from "../plan/profiles.ts";
import { statusAsker } from "./ask-status.ts";
import { environment } from "./post.ts";
import { chatSender } from "./send-chats.ts";
import { messageSender } from "./send-messages.ts";
import { askExporter, type Exporter, summaryOf } from "./summary.ts";

/** k6 has a console, but its type package does not say so. */
declare const console: { error(message: string): void };

const exceptions = new Counter(METRICS.exceptions);

/** The part of k6's end-of-run data that the report reads. */
interface EndOfRun {
  setup_data?: Exporter | undefined;
  metrics: Record<string, { values: Record<string, number> }>;
  root_group: { checks: readonly { name: string; passes: number; fails: number }[] };
  state: { testRunDurationMs: number };
}

/**
 * What k6 wants of a script: its options, what a virtual user does again and again, and what becomes
 * of the figures. HEADROOM_DURATION (whole seconds) replaces the profile's own duration, HEADROOM_CHAT
 * (JSON) its chat load.
 */
export function k6Script(name: ProfileName) {
  const duration = __ENV["HEADROOM_DURATION"];
  const own = profile(name, duration ? Number(duration) : undefined);
  const told = __ENV["HEADROOM_CHAT"];
  const planned = own.chat && told ? withChat(own, JSON.parse(told) as ChatLoad) : own;
  const { sentiment, status, chat, durationSeconds } = planned;
  const work: Readonly<Record<string, () => void>> = {
    ...(sentiment && { [SCENARIOS.sentiment]: messageSender(sentiment) }),
    ...(status && { [SCENARIOS.status]: statusAsker(status) }),
    ...(chat && { [SCENARIOS.chat]: chatSender(chat, durationSeconds) }),
  };
  return {
    options: optionsOf(planned, environment.limits),

    /** An exception would end it unnoticed (k6 exits 0): a threshold looks at the count. */
    iteration(): void {
      try {
        work[scenario.name]?.();
      } catch (error) {
        exceptions.add(1);
        console.error(`iteration failed: ${String(error)}`);
      }
    },

    /** What the exporter says before the load; `npm run load` reads it itself. */
    setup: (): Exporter | undefined => (environment.summaryFile ? undefined : askExporter()),

    /** The figures as JSON to the run's folder, or else the report to the terminal. */
    handleSummary({ state, metrics, root_group, setup_data }: EndOfRun): Record<string, string> {
      const figures = {
        seconds: state.testRunDurationMs / 1000,
        metrics: Object.fromEntries(
          Object.entries(metrics).map(([metric, { values }]) => [metric, values]),
        ),
        checks: root_group.checks.map(({ name, passes, fails }) => ({ name, passes, fails })),
      };
      const json = `${JSON.stringify(figures, null, 2)}\n`;
      if (environment.summaryFile) return { [environment.summaryFile]: json };
      return { stdout: `\n${summaryOf(planned, json, setup_data)}\n` };
    },
  };
}
