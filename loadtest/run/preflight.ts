import type { Limit } from "@headroom/alerts/limits";
import type { ChatChange } from "../plan/chat-load.ts";
import { profile as profileOf, type Profile } from "../plan/profiles.ts";
import { loopbackTarget } from "../plan/request.ts";
import type { Sample } from "../report/prometheus-text.ts";
import {
  readIdentity,
  readCapacities,
  STATUS_REQUESTS,
  type Identity,
} from "../report/snapshot.ts";
import { CouldNotRun, reason } from "./could-not-run.ts";
import { exporterClient, type ExporterClient } from "./exporter-client.ts";
import { k6Version } from "./k6.ts";

/** Everything that is known before the load begins. */
export interface Preflight {
  readonly profile: Profile;
  readonly target: string;
  readonly client: ExporterClient;
  readonly exporter: Identity;
  readonly limits: readonly Limit[];
  readonly k6Version: string;
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
  durationSeconds?: number | undefined;
  token?: string | undefined;
  chat?: ChatChange | undefined;
  allowRemote?: string | undefined;
}): Promise<Preflight> {
  const { k6, token } = options;
  let profile: Profile;
  let target: string;
  try {
    profile = profileOf(options.profile, options.durationSeconds, options.chat);
    target = loopbackTarget(options.target, options.allowRemote);
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
  const version = await k6Version(k6).catch((cause: unknown) => {
    throw new CouldNotRun(
      "k6 does not run",
      `\`${k6} version\`: ${reason(cause)}`,
      "Run `npm start` once, which finds or builds it, or put k6 2.2.0 on the PATH",
      { cause },
    );
  });
  const client = exporterClient(target, token);
  try {
    await client.ready();
    const samples = await client.metrics();
    const exporter = readIdentity(samples);
    if (!exporter) throw new Error("/metrics has no headroom_build_info");
    if (profile.status) requireStatus(samples, target);
    return {
      profile,
      target,
      client,
      exporter,
      k6Version: version,
      limits: await client.limits(readCapacities(samples)),
    };
  } catch (cause) {
    if (cause instanceof CouldNotRun) throw cause;
    throw new CouldNotRun(
      `the exporter at ${target} is not ready`,
      reason(cause),
      "Start it with `npm run dev`, or let `npm start` do everything, and give its address",
      { cause },
    );
  }
}

function requireStatus(samples: readonly Sample[], target: string): void {
  if (samples.some(({ name }) => name === STATUS_REQUESTS)) return;
  throw new CouldNotRun(
    `the exporter at ${target} answers no status requests`,
    `/metrics has no ${STATUS_REQUESTS}`,
    "Run an exporter of this version, or choose a profile that only sends messages",
  );
}
