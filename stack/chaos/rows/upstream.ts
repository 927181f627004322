import { setTimeout as sleep } from "node:timers/promises";
import type { DrillStack } from "../../drill/drill-stack.ts";
import { type Answer, askFor, countedInWords, post } from "../ask.ts";
import type { Found, Row } from "../row.ts";

/** What a chat client asks, in pieces or whole. */
const chat = (stream: boolean) => ({
  model: "simulated",
  messages: [{ role: "user", content: "a word" }],
  max_tokens: 8,
  stream,
});

const doorOf = ({ exporter }: Pick<DrillStack, "exporter">) => `${exporter}/v1/chat/completions`;

/** Of a request that must have been answered by then, in seconds. */
const DEADLINE = 2;
const FROZEN_MS = 5_000;
/** The machine may be busy. */
const LATE_MS = 2_000;

/** From the moment at which the model server answers again. */
const BACK_MS = 2_000;

const setup = {
  upstream: true,
  variables: { HEADROOM_CHAT_TIMEOUT_SECONDS: String(DEADLINE) },
} as const;

/** Requests that fail are errors, which may last long enough to alert. */
const mayAlert = ["HeadroomErrorRateHigh", "HeadroomErrorRateCritical", "HeadroomGoodputLow"];

/** Faults of the model server behind the exporter. The steady load, which does not ask it, notices none. */
export const UPSTREAM_ROWS: readonly Row[] = [
  {
    name: "upstream-killed",
    fault: "the model server is killed, and back after 5 s",
    setup,
    expect: { mayAlert },
    async run(stack) {
      await stack.killService("upstream");
      const meanwhile = await askFor(FROZEN_MS, doorOf(stack), () => chat(true));
      await stack.startService("upstream");
      const found = await back(stack, meanwhile);
      return { ...found, problems: [...only(meanwhile, [502]).problems, ...found.problems] };
    },
  },
  {
    name: "upstream-frozen",
    fault: "the model server is frozen for 5 s, and requests have 2",
    setup,
    expect: { mayAlert: [...mayAlert, "HeadroomFirstTokenSlow", "HeadroomUpstreamDown"] },
    async run(stack) {
      const pid = stack.pidOf("upstream");
      process.kill(pid, "SIGSTOP");
      const began = performance.now();
      const asked = [true, false, true].map((stream) => post(doorOf(stack), chat(stream)));
      const meanwhile = await Promise.all(asked);
      const took = performance.now() - began;
      await sleep(Math.max(0, FROZEN_MS - took));
      process.kill(pid, "SIGCONT");
      const found = await back(stack, meanwhile);
      const stuck = took > 1000 * DEADLINE + LATE_MS;
      return {
        ...found,
        problems: [
          ...only(meanwhile, [504, 502]).problems,
          ...found.problems,
          ...(stuck ? [`an answer took ${(took / 1000).toFixed(1)} s`] : []),
        ],
      };
    },
  },
  {
    name: "upstream-cuts",
    fault: "the model server breaks every stream off after 3 tokens, for 5 s",
    setup,
    expect: { mayAlert },
    async run(stack) {
      await stack.restartUpstream({ cutAfter: 3 });
      const meanwhile = await askFor(FROZEN_MS, doorOf(stack), () => chat(true));
      const told = await cutOff(stack);
      await stack.restartUpstream();
      const found = await back(stack, meanwhile);
      return {
        ...found,
        problems: [
          // An answer that is not whole may not look like one that is.
          ...only(meanwhile, ["lost"]).problems,
          ...found.problems,
          ...(told === meanwhile.length ? [] : [`${told} streams were told to be cut off`]),
        ],
      };
    },
  },
];

/** What must not be among the answers. */
function only(answers: readonly Answer[], allowed: readonly Answer[]) {
  const others = answers.filter((answer) => !allowed.includes(answer));
  const what = `${countedInWords(others)} instead of ${allowed.join(" or ")}`;
  return { problems: others.length > 0 || answers.length === 0 ? [what] : [] };
}

/** Asks until the model answers again, which must be soon. */
async function back(stack: DrillStack, meanwhile: readonly Answer[]) {
  const began = performance.now();
  while ((await post(doorOf(stack), chat(true))) !== 200) {
    if (performance.now() - began > BACK_MS) break;
    await sleep(50);
  }
  const took = performance.now() - began;
  return {
    problems: took > BACK_MS ? [`no answer ${BACK_MS / 1000} s after the server was back`] : [],
    note: `${countedInWords(meanwhile)}; answered ${Math.round(took)} ms after it was back`,
  } satisfies Found;
}

async function cutOff({ exporter }: DrillStack): Promise<number> {
  const metrics = await (await fetch(`${exporter}/metrics`)).text();
  return Number(/^headroom_upstream_errors_total\{reason="cut_off"\} (\d+)$/m.exec(metrics)?.[1]);
}
