import { scenario as running } from "k6/execution";
import { Counter, Trend } from "k6/metrics";
import { checkStatusAnswer, readStatusAnswer } from "../plan/answers.ts";
import { METRICS, REQUESTS, scenarioTag } from "../plan/k6-metrics.ts";
import type { StatusLoad } from "../plan/profiles.ts";
import { allHold, post } from "./post.ts";

const answers = new Counter(METRICS.statusAnswers);
const cached = new Counter(METRICS.statusCached);
const fromModel = new Counter(METRICS.statusFromModel);
const fallbacks = new Counter(METRICS.statusFallbacks);
const seconds = new Trend(METRICS.statusSeconds);

/** Asks for the next scenario of the mix, checks the answer and counts what it says. */
export function statusAsker({ mix, strategy, language, cache }: StatusLoad): () => void {
  const headers = cache && { "Cache-Control": cache };
  return () => {
    const scenario = mix[running.iterationInTest % mix.length];
    if (scenario === undefined) throw new RangeError("a mix of status scenarios cannot be empty");
    const tag = scenarioTag(scenario);
    const posted = post(
      {
        path: `/v1/status/${scenario}`,
        tags: { ...REQUESTS.status, ...tag },
        ...(headers && { headers }),
      },
      { strategy, language },
    );
    if (!posted.ok) return;
    const asked = { scenario, strategy, language };
    if (!allHold(checkStatusAnswer(posted.body, asked))) return;
    const reading = readStatusAnswer(posted.body);
    if (!reading) return;
    answers.add(1, tag);
    seconds.add(reading.seconds);
    if (reading.cached) cached.add(1, tag);
    if (reading.fromModel) fromModel.add(1, tag);
    if (reading.fallback) fallbacks.add(1, { ...tag, reason: reading.fallback });
  };
}
