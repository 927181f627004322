import { settings } from "@headroom/exporter/config/settings";
import { textOf } from "@headroom/exporter/config/setting";

const SETTINGS = Object.values(settings.shape).map((schema) => textOf(schema).variable);

/** An environment without the settings of the exporter and the incidents process: a drill must not depend on the caller's. */
export function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !SETTINGS.includes(name) && !name.startsWith("HEADROOM_INCIDENTS_"),
    ),
  );
}
