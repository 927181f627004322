import { access, constants } from "node:fs/promises";
import type { Limit } from "../../alerts/limits.ts";
import { profile as profileOf, type Profile } from "../plan/profiles.ts";
import { loopbackTarget } from "../plan/target.ts";
import { readIdentity, readSnapshot, type Identity, type Snapshot } from "../report/snapshot.ts";
import { CouldNotRun } from "./could-not-run.ts";
import { exporterClient, type ExporterClient } from "./exporter-client.ts";

/** Everything that is known before the load begins. */
export interface Preflight {
  readonly profile: Profile;
  readonly target: string;
  readonly client: ExporterClient;
  readonly exporter: Identity;
  readonly limits: readonly Limit[];
  readonly before: Snapshot;
}

/** The message of an error and of what caused it. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message
    ? `${error.message} (${cause.message})`
    : error.message;
}

/**
 * Looks whether the run can take place: the profile and the target are allowed, k6 is there, and
 * Headroom's exporter answers and is ready.
 *
 * @throws CouldNotRun when one of these does not hold
 */
export async function preflight(options: {
  k6: string;
  target: string;
  profile: string;
  durationSeconds?: number;
  token?: string;
}): Promise<Preflight> {
  const { k6, token } = options;
  let profile: Profile;
  let target: string;
  try {
    profile = profileOf(options.profile, options.durationSeconds);
    target = loopbackTarget(options.target);
  } catch (error) {
    throw new CouldNotRun(
      "the load run was not started",
      reason(error),
      "Correct it and run again",
      {
        cause: error,
      },
    );
  }
  try {
    await access(k6, constants.X_OK);
  } catch (cause) {
    throw new CouldNotRun(
      "k6 was not found",
      `${k6} is not a program that can be run`,
      "Run `npm start` once, which finds or builds it, or put k6 2.2.0 on the PATH",
      { cause },
    );
  }
  const client = exporterClient(target, token);
  try {
    await client.ready();
    const samples = await client.metrics();
    const exporter = readIdentity(samples);
    if (!exporter) throw new Error("/metrics has no headroom_build_info");
    const before = readSnapshot(samples, 0, profile.attribution);
    return {
      profile,
      target,
      client,
      exporter,
      before,
      limits: await client.limits(before.capacityBytes),
    };
  } catch (cause) {
    throw new CouldNotRun(
      `the exporter at ${target} is not ready`,
      reason(cause),
      "Start it with `npm run dev`, or let `npm start` do everything, and give its address",
      { cause },
    );
  }
}
