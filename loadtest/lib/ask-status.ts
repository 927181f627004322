import { scenario } from "k6/execution";
import { Counter, Trend } from "k6/metrics";
import { checkStatusAnswer, readStatusAnswer } from "../plan/answers.ts";
import { METRICS, REQUESTS } from "../plan/k6-metrics.ts";
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
    // The tag is not called `scenario`, as k6 has one of that name.
    const analysis = mix[scenario.iterationInTest % mix.length];
    if (analysis === undefined) throw new RangeError("a mix of status scenarios cannot be empty");
    const posted = post(
      {
        path: `/v1/status/${analysis}`,
        tags: { ...REQUESTS.status, analysis },
        ...(headers && { headers }),
      },
      { strategy, language },
    );
    if (!posted.ok) return;
    const asked = { scenario: analysis, strategy, language };
    if (!allHold(checkStatusAnswer(posted.body, asked))) return;
    const reading = readStatusAnswer(posted.body);
    if (!reading) return;
    answers.add(1, { analysis });
    seconds.add(reading.seconds);
    if (reading.cached) cached.add(1, { analysis });
    if (reading.fromModel) fromModel.add(1, { analysis });
    if (reading.fallback) fallbacks.add(1, { analysis, reason: reading.fallback });
  };
}
