import {
  pairedRatio,
  quantile,
  spreadOf,
  withSpread,
} from "@headroom/exporter/bench/engine/spread";

/** One streamed answer, as its client saw it. */
export interface SeenStream {
  readonly status: number;
  /** Seconds from the request to the first piece of content. */
  readonly firstSeconds: number;
  /** Pieces of content for each second after the first one. */
  readonly rate: number;
  readonly pieces: number;
}

/** The same prompt sent to the server itself and through the door, one right after the other. */
export interface Pair {
  readonly direct: SeenStream;
  readonly door: SeenStream;
}

const TOKENS = 32;
const CONTENT = /"content": ?"[^"]/g;

/** The words of every prompt; the number before them keeps a server from knowing its beginning. */
const PROMPT =
  "Tell me in a few words why the water of a river runs to the sea and never back up the hill again.";

/**
 * Asks so many pairs, one request at a time; each time another one is first.
 *
 * @param addresses - of the two, without `/v1`
 * @param tell - is told how many pairs are done
 */
export async function askPairs(
  addresses: Readonly<Record<keyof Pair, string>>,
  { model, pairs, signal, tell }: PairsAsked,
): Promise<readonly Pair[]> {
  const done: Pair[] = [];
  for (let number = 0; number < pairs; number++) {
    const ask = (who: keyof Pair) =>
      askStream(
        addresses[who],
        { model, prompt: `[${2 * number + Number(who === "door")}] ${PROMPT}` },
        signal,
      );
    const first = number % 2 === 0 ? "direct" : "door";
    const one = await ask(first);
    const other = await ask(first === "direct" ? "door" : "direct");
    done.push(first === "direct" ? { direct: one, door: other } : { direct: other, door: one });
    tell(done.length);
  }
  return done;
}

/** What to ask in {@link askPairs}. */
interface PairsAsked {
  readonly model: string;
  readonly pairs: number;
  readonly signal: AbortSignal;
  readonly tell: (done: number) => void;
}

/**
 * Asks for a streamed answer and reads it to its end.
 *
 * @throws Error when it is none, or none with content
 */
export async function askStream(
  address: string,
  { model, prompt }: { readonly model: string; readonly prompt: string },
  signal: AbortSignal,
): Promise<SeenStream> {
  const began = performance.now();
  const response = await fetch(`${address}/v1/chat/completions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: prompt }],
      max_tokens: TOKENS,
      temperature: 0,
      stream: true,
    }),
    signal,
  });
  let [first, last, pieces] = [Number.NaN, Number.NaN, 0];
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    // A piece may begin in one chunk and end in the next; whole events only.
    text += chunk;
    const end = text.lastIndexOf("\n\n");
    const found = end < 0 ? 0 : [...text.slice(0, end).matchAll(CONTENT)].length;
    if (end >= 0) text = text.slice(end);
    if (found === 0) continue;
    last = performance.now();
    if (pieces === 0) first = last;
    pieces += found;
  }
  if (pieces < 2)
    throw new Error(`${address} answered with ${response.status} and ${pieces} pieces of content`);
  return {
    status: response.status,
    firstSeconds: (first - began) / 1000,
    rate: (1000 * (pieces - 1)) / (last - first),
    pieces,
  };
}

/** What the door adds to the server: the 95th percentiles of both, and the pairs with their quartiles. */
export function pairRows(pairs: readonly Pair[]): readonly (readonly string[])[] {
  const ms = (seconds: number) => `${(1000 * seconds).toFixed(1)} ms`;
  const added = (seconds: number) => `${seconds < 0 ? "" : "+"}${ms(seconds)}`;
  const count = (rate: number) => rate.toFixed(1);
  const times = (ratio: number) => `${ratio.toFixed(3)}x`;
  const each = (who: keyof Pair, what: "firstSeconds" | "rate") =>
    pairs.map((pair) => pair[who][what]);
  const both = (what: "firstSeconds" | "rate", q: number, format: (value: number) => string) =>
    (["direct", "door"] as const).map((who) => format(quantile(each(who, what), q)));
  const later = pairs.map(({ direct, door }) => door.firstSeconds - direct.firstSeconds);
  const ratio = pairedRatio(each("door", "rate"), each("direct", "rate"));
  return [
    [`${pairs.length} pairs`, "directly", "through the door", "of each pair"],
    ["First token, P50", ...both("firstSeconds", 0.5, ms), withSpread(spreadOf(later), added)],
    ["First token, P95", ...both("firstSeconds", 0.95, ms), ""],
    ["Tokens/s after it, P50", ...both("rate", 0.5, count), withSpread(ratio, times)],
  ];
}
