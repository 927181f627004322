import { EVIDENCE } from "../../alerts/rules/evidence.ts";
import type { ChatLoad } from "../plan/chat-load.ts";
import {
  formatCount,
  formatEstimate,
  formatRate,
  formatSeconds,
  formatShare,
  type Table,
} from "./format.ts";
import { agreementInWords } from "./message-and-status-tables.ts";
import type { ChatMeasurements, Measurements } from "./measurements.ts";
import { memoryInWords, shownStep, stepInWords, type Sweep, usersInWords } from "./sweep.ts";

/** The times of some answers, in seconds, and of how many. */
type Times = ChatMeasurements["firstToken"];

/**
 * A percentile, where there are answers enough for one: a P95 needs 20 of them and a P99 100. With fewer
 * there is none beyond it, and of a P95 the slowest is told.
 */
function percentile(times: Times, q: 0.5 | 0.95 | 0.99): string {
  const name = ({ 0.5: "p50", 0.95: "p95", 0.99: "p99" } as const)[q];
  if (times.count < EVIDENCE.requests) return "-";
  if (times.count >= Math.round(1 / (1 - q))) return formatSeconds(times[name]);
  return q === 0.95 ? `at most ${formatSeconds(times.max)}` : "-";
}

const percentiles = (times: Times): string =>
  ([0.5, 0.95, 0.99] as const).map((q) => percentile(times, q)).join(" / ");

/** The parts of the report that are about chat requests. */
export function chatTables(m: Measurements, load: ChatLoad, sweep: Sweep | undefined): Table[] {
  const rows = sweep
    ? sweep.steps.map(({ users, measurements }, i) => ({
        load: String(users),
        measurements,
        verdict: [stepInWords(sweep, i)],
      }))
    : [{ load: arrivalInWords(load), measurements: m, verdict: [] }];
  const known = rows.flatMap(({ measurements: { chat, ...rest }, ...row }) =>
    chat ? [{ ...row, chat, memory: memoryInWords({ ...rest, chat }) }] : [],
  );
  return [
    {
      title: sweep ? "Users, and what they got" : "Requests",
      head: [
        sweep ? "Users" : "Load",
        "Requests",
        "Requests/s",
        "Tokens/s in",
        "Tokens/s out",
        "Goodput",
        "Errors",
        "Memory",
        ...(sweep ? ["Limits"] : []),
      ],
      optional: [1, 3, 2],
      rows: known.map(({ load, chat, memory, verdict }) => [
        load,
        formatCount(chat.requests),
        formatRate(chat.requestsPerSecond),
        formatRate(chat.inputTokensPerSecond),
        formatRate(chat.outputTokensPerSecond),
        formatShare(chat.goodput),
        formatShare(chat.errorRatio),
        memory,
        ...verdict,
      ]),
    },
    {
      title: "Times, P50 / P95 / P99 (a P95 takes 20 answers, a P99 100)",
      head: [
        sweep ? "Users" : "Load",
        "Answers",
        "First token",
        "Each further token",
        "Whole answer",
      ],
      rows: known.map(({ load, chat }) => [
        load,
        formatCount(chat.answers),
        percentiles(chat.firstToken),
        percentiles(chat.outputToken),
        percentiles(chat.latency),
      ]),
    },
    ...(m.chat ? [answersTable(m.chat, load, sweep)] : []),
  ];
}

/** The load of a chat profile, in words. */
export function arrivalInWords({ arrival, mostUsers }: ChatLoad): string {
  if (arrival.kind === "constant") return `${formatRate(arrival.requestsPerSecond)} requests/s`;
  const thinking =
    arrival.thinkSeconds > 0 ? `, thinking ${formatSeconds(arrival.thinkSeconds)}` : "";
  return mostUsers === undefined
    ? `${usersInWords(arrival.users)}${arrival.users === 1 ? "" : " at once"}${thinking}`
    : `up to ${mostUsers} users${thinking}`;
}

/** What of a chat load decides how heavy it is, in words. */
export function chatLoadInWords(load: ChatLoad): string {
  const { inputTokens, outputTokens, spread, sharedPrefix, ignoreEos, prompts } = load;
  return [
    arrivalInWords(load),
    prompts === undefined
      ? `input ${inputTokens} tokens (estimated at ${formatRate(load.charactersPerToken)} characters a token)`
      : "prompts of a file",
    `output at most ${outputTokens} tokens`,
    `spread ${spread}`,
    `${Math.round(100 * sharedPrefix)} % of the input shared`,
    ...(ignoreEos ? ["never ended early"] : []),
  ].join(", ");
}

function answersTable(m: ChatMeasurements, load: ChatLoad, sweep: Sweep | undefined): Table {
  const { stop, length, other } = m.finishes;
  const { firstToken, outputToken } = m.server;
  return {
    title: sweep ? `Answers at ${usersInWords(shownStep(sweep).users)}` : "Answers",
    head: ["", "", ""],
    rows: [
      [
        "Input, mean",
        `${formatRate(m.inputTokens)} tokens`,
        load.prompts === undefined ? `${load.inputTokens} were meant` : "as the file has them",
      ],
      [
        "Output, mean",
        `${formatRate(m.outputTokens)} tokens`,
        `at most ${load.outputTokens} on average`,
      ],
      [
        "Ended by",
        "",
        `${formatCount(stop)} by themselves, ${formatCount(length)} at the length asked for, ${formatCount(other)} otherwise`,
      ],
      ...(m.usageMissing > 0
        ? [
            [
              "Without a count of tokens",
              formatCount(m.usageMissing),
              "each piece of content counts as a token",
            ],
          ]
        : []),
      ...(firstToken
        ? [
            [
              "First token, seen by the exporter",
              formatEstimate(firstToken.p95),
              m.agreement ? agreementInWords(m.agreement) : "",
            ],
          ]
        : []),
      ...(outputToken
        ? [["Each further token, seen by the exporter", formatEstimate(outputToken.p95), "P95"]]
        : []),
    ],
  };
}
