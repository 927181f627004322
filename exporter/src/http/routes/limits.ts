import type { RequestHandler } from "express";
import { z } from "zod";
import { GOALS } from "@headroom/alerts/goals";
import { type Limit, MEMORY_SCOPES } from "@headroom/alerts/limits";
import type { TypeOf } from "../../type-of.ts";
import { endWithJson } from "../answer.ts";

const ANY_LIMIT = z.strictObject({
  id: z.string().describe("Stable name, the `limit` label of `headroom_limit`."),
  title: z.string(),
  unit: z.enum(["bytes", "seconds", "ratio", "nats"]),
  severity: z.enum(["warning", "critical"]),
  scope: z.enum(MEMORY_SCOPES).describe("Whose memory it is about.").exactOptional(),
});

/** The answer to `GET /v1/limits`. */
export const LIMITS_ANSWER = z
  .strictObject({
    limits: z.array(
      z.discriminatedUnion("bound", [
        ANY_LIMIT.extend({ bound: z.literal("upper"), upper: z.number() }),
        ANY_LIMIT.extend({
          bound: z.literal("lower"),
          lower: z.number(),
          most: z.number().describe("The greatest value there can be.").exactOptional(),
        }),
        ANY_LIMIT.extend({ bound: z.literal("band"), lower: z.number(), upper: z.number() }),
      ]),
    ),
    goals: z
      .partialRecord(z.enum(Object.keys(GOALS) as (keyof typeof GOALS)[]), z.number())
      .describe("What a load run aims for; never alerts."),
  })
  .meta({ id: "Limits" });

/** `GET /v1/limits`: the limits as they hold on this machine now, and the goals. */
export function limits(now: () => Promise<readonly Limit[]>): RequestHandler {
  return async (_req, res) => {
    const answer: TypeOf<typeof LIMITS_ANSWER> = { limits: await now(), goals: GOALS };
    endWithJson(res, 200, answer);
  };
}
