import { scenario } from "k6/execution";
import { Counter, Trend } from "k6/metrics";
import { METRICS, REQUESTS } from "../plan/k6-metrics.ts";
import type { StatusLoad } from "../plan/profiles.ts";
import { checkStatusAnswer, readStatusAnswer } from "../plan/status-answer.ts";
import { allHold, post } from "./post.ts";

const answers = new Counter(METRICS.statusAnswers);
const cached = new Counter(METRICS.statusCached);
const fromModel = new Counter(METRICS.statusFromModel);
const fallbacks = new Counter(METRICS.statusFallbacks);
const seconds = new Trend(METRICS.statusSeconds);

/** Asks the next question of the mix, checks the answer and counts what it says. */
export function statusAsker(load: StatusLoad): () => void {
  const { mix, strategy, language, cache } = load;
  const headers = cache && { "Cache-Control": cache };
  return () => {
    const analysis = mix[scenario.iterationInTest % mix.length];
    if (analysis === undefined) throw new RangeError("a mix of status questions cannot be empty");
    const posted = post(
      {
        path: `/v1/status/${analysis}`,
        tags: { ...REQUESTS.status, analysis },
        ...(headers && { headers }),
      },
      { strategy, language },
    );
    if (!posted.ok) return;
    if (!allHold(checkStatusAnswer(posted.body, { scenario: analysis, strategy, language })))
      return;
    const reading = readStatusAnswer(posted.body);
    if (!reading) return;
    answers.add(1, { analysis });
    seconds.add(reading.seconds);
    if (reading.cached) cached.add(1, { analysis });
    if (reading.fromModel) fromModel.add(1, { analysis });
    if (reading.fallback) fallbacks.add(1, { analysis, reason: reading.fallback });
  };
}
