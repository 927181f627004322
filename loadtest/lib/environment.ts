import { profile, type Profile, type ProfileName } from "../plan/profiles.ts";
import { loopbackTarget } from "../plan/target.ts";

/** What the environment of the k6 process says; everything has a default for runs by hand. */
export const environment = {
  target: loopbackTarget(__ENV["HEADROOM_TARGET"] || "http://127.0.0.1:9700"),
  /** Number of the first message; another one makes another run's messages. */
  firstMessage: Number(__ENV["HEADROOM_FIRST_MESSAGE"] || 0),
  /** Where the figures go as JSON; the terminal when empty. */
  summaryFile: __ENV["HEADROOM_SUMMARY"] || "",
  token: __ENV["HEADROOM_TOKEN"] || "",
} as const;

/** The profile, as long as HEADROOM_DURATION says (whole seconds). */
export function planned(name: ProfileName): Profile {
  const duration = __ENV["HEADROOM_DURATION"];
  return profile(name, duration ? Number(duration) : undefined);
}
