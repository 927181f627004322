import { once } from "node:events";
import { openSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { median } from "simple-statistics";
import { type ChatLoad } from "@headroom/loadtest/plan/chat-load";
import { readTexts } from "@headroom/loadtest/plan/messages";
import { promptAt } from "@headroom/loadtest/plan/prompts";
import { formatSeconds, formatShare } from "@headroom/loadtest/report/format";
import { inColumns } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { spawnTied } from "@headroom/loadtest/run/tied-process";
import { addChatOptions, chatChangeOf, type ChatOptions } from "./chat-options.ts";
import { begin, runCommand } from "./command.ts";
import { runLoad } from "./load-run.ts";
import { durationOption } from "./options.ts";
import { makeRunFolder, ROOT } from "./places.ts";
import { say } from "./progress.ts";
import { requireTool } from "./tools/obtain.ts";

/** Two clients that measure the same agree within so much of each other. */
const AGREE = 0.1;

const TEXTS = join(ROOT, "exporter/models/sentiment/data/movie-snippets.tsv");

/** More than any server answers within a round. */
const PROMPTS = 5_000;

/** What both measure, in seconds, in the order of {@link MEASURES}. */
type Measured = readonly number[];

const MEASURES = [
  "first token, P50",
  "first token, P95",
  "each further token, P50",
  "each further token, P95",
] as const;

interface Options extends ChatOptions {
  readonly url: string;
  readonly guidellm: string;
  readonly upstreamModel?: string;
  readonly duration?: number;
  readonly rounds: number;
}

const command = addChatOptions(new Command("npm run check:peer --"))
  .description(
    "Our load of users and GuideLLM's in turn, on the same exporter, with prompts and answers of the\n" +
      `same lengths; whether what they measure agrees within ${formatShare(AGREE)}.`,
  )
  .requiredOption("--url <address>", "the exporter, like http://127.0.0.1:9700")
  .requiredOption("--guidellm <program>", "GuideLLM 0.8.1; it brings PyTorch, some 6 GB")
  .option("--upstream-model <name>", "the model that is asked; the first that is listed")
  .addOption(durationOption())
  .option("--rounds <number>", "how often each takes its turn", Number, 3)
  .addHelpText(
    "after",
    "\nGuideLLM asks for answers that do not end early (ignore_eos), and so does ours: the server must take\n" +
      "that. To install it: python3 -m venv guide && guide/bin/pip install guidellm==0.8.1\n" +
      "\nExit codes: 0 they agree; 1 they do not; 2 could not run; 130 interrupted.",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run check:peer -- --url http://127.0.0.1:9700 --guidellm guide/bin/guidellm\n  npm run check:peer -- --url http://127.0.0.1:9700 --guidellm guidellm --rounds 5",
  )
  .exitOverride();

await runCommand(async () => {
  const options = command.parse().opts<Options>();
  const running = begin();
  const k6 = await requireTool("k6", running);
  const folder = await makeRunFolder();
  const seconds = options.duration ?? 30;
  const rounds: { ours: Measured; theirs: Measured }[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const report = await runLoad({
      k6,
      target: options.url,
      profile: "users",
      model: options.upstreamModel,
      chat: { users: 4, spread: "fixed", ...chatChangeOf(options), ignoreEos: true },
      durationSeconds: seconds,
      outDir: join(folder.path, `ours-${round}`),
      signal: running.signal,
    });
    const { chat } = report.measurements;
    if (!chat || !report.profile.chat) throw new Error("The load had no chat requests.");
    const theirs = await running.activity(`GuideLLM, round ${round} of ${options.rounds}`, () =>
      guide(options, report.profile.chat!, {
        ...{ seconds, folder: folder.path, round, first: report.firstMessage + 50_000 },
        signal: running.signal,
      }),
    );
    const { firstToken, outputToken } = chat;
    const ours = [firstToken.p50, firstToken.p95, outputToken.p50, outputToken.p95];
    rounds.push({ ours, theirs });
  }
  const rows = MEASURES.map((title, i) => {
    const ours = median(rounds.map((round) => round.ours[i]!));
    const theirs = median(rounds.map((round) => round.theirs[i]!));
    return { title, ours, theirs, off: ours / theirs - 1 };
  });
  console.log(
    inColumns(
      rows.map(({ title, ours, theirs, off }) => [
        title,
        formatSeconds(ours),
        formatSeconds(theirs),
        formatShare(off),
        Math.abs(off) <= AGREE ? "agrees" : "DISAGREES",
      ]),
      screenOn(),
      { head: [`median of ${rounds.length} rounds`, "ours", "GuideLLM", "ours is off by", ""] },
    ),
  );
  say(`All reports: ${folder.path}`);
  return rows.every(({ off }) => Math.abs(off) <= AGREE) ? 0 : 1;
});

interface Turn {
  readonly seconds: number;
  readonly folder: string;
  readonly round: number;
  /** Number of the first prompt. */
  readonly first: number;
  readonly signal: AbortSignal;
}

/** Puts the same load on by GuideLLM. */
async function guide(
  { url, guidellm }: Options,
  load: ChatLoad,
  { seconds, folder, round, first, signal }: Turn,
): Promise<Measured> {
  const { arrival, model, outputTokens } = load;
  const file = (name: string) => join(folder, `guidellm-${round}${name}`);
  const texts = readTexts([await readFile(TEXTS, "utf8")]);
  const prompts = Array.from({ length: PROMPTS }, (_, i) => {
    const [message] = promptAt(first + i, i, load, texts);
    return JSON.stringify({ prompt: message!.content, output_tokens_count: outputTokens });
  });
  await writeFile(file(".jsonl"), `${prompts.join("\n")}\n`);
  const log = openSync(file(".log"), "w");
  const users = arrival.kind === "users" ? arrival.users : 1;
  const child = spawnTied(
    guidellm,
    [
      "run",
      ...["--backend", `kind=openai_http,target=${url},model=${model},validate_backend=false`],
      ...["--profile", `kind=concurrent,streams=${users}`],
      ...["--constraint", `kind=max_duration,seconds=${seconds}`],
      ...["--data", `kind=json_file,path=${file(".jsonl")}`],
      ...["--output", `kind=json,path=${file(".json")}`, "--disable-console"],
    ],
    { env: { ...process.env, HF_HUB_OFFLINE: "1" }, stdio: ["ignore", log, log] },
  );
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  const [code] = (await once(child, "close")) as [number | null];
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (code !== 0)
    throw new Error(`GuideLLM ended with ${code ?? "a signal"}; look into ${file(".log")}.`);
  return figuresIn(JSON.parse(await readFile(file(".json"), "utf8")) as Guided, file(".json"));
}

/** What is read of GuideLLM's report: times in milliseconds. */
interface Guided {
  readonly benchmarks: readonly {
    readonly metrics: { readonly request_totals: { readonly successful: number } } & Readonly<
      Record<
        "time_to_first_token_ms" | "inter_token_latency_ms",
        { readonly successful: { readonly percentiles: Readonly<Record<"p50" | "p95", number>> } }
      >
    >;
  }[];
}

/** What it calls inter-token latency is our time per output token: without the first one. */
function figuresIn({ benchmarks: [benchmark] }: Guided, file: string): Measured {
  if (!benchmark) throw new Error(`${file} holds no benchmark.`);
  if (benchmark.metrics.request_totals.successful === 0) {
    throw new Error(`GuideLLM had no answer; ${file} says of each request what went wrong.`);
  }
  return (["time_to_first_token_ms", "inter_token_latency_ms"] as const).flatMap((name) => {
    const { p50, p95 } = benchmark.metrics[name].successful.percentiles;
    return [p50 / 1_000, p95 / 1_000];
  });
}
