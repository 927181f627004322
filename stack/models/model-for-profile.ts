import { profile } from "@headroom/loadtest/plan/profiles";

/**
 * The chat model of a run that starts its own exporter, as in HEADROOM_CHAT_MODEL: none for a profile
 * that asks it nothing, so that the figures do not depend on which model is here; else undefined,
 * which leaves it to the environment.
 *
 * @throws RangeError when there is no such profile
 */
export function modelForProfile(name: string): "none" | undefined {
  return profile(name).status ? undefined : "none";
}
