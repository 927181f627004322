import { stringify } from "yaml";
import { hostAndPort, YAML_STYLE } from "./prometheus.ts";

/** How long Alertmanager collects, waits and stays silent, as Prometheus durations. */
export interface NotificationPace {
  /** How long a new group collects alerts before its first notification. */
  readonly groupWait: string;
  /** The shortest time between two notifications about a group that changed. */
  readonly groupInterval: string;
  /** When a group that did not change is told again. */
  readonly repeatInterval: string;
}

/** What an Alertmanager needs to know. */
export interface AlertmanagerSettings {
  /** Address of the incidents process, `host:port`. */
  readonly incidents: string;
  /** {@link NOTIFICATION_PACE} by default. */
  readonly pace?: NotificationPace;
}

/**
 * The committed pace. Ten seconds are two evaluations: alerts that one event causes, like the memory
 * of the process and of the system, arrive as one notification, and the alerts that they inhibit are
 * still held back. A change, which may be the resolution, is told after thirty seconds at most. The
 * rules have waited for a minute or so by then, so neither adds much. A trouble that lasts is told
 * again after four hours: often enough to be remembered in a working day, and far below the 120
 * hours for which Alertmanager remembers what it told.
 */
export const NOTIFICATION_PACE: NotificationPace = {
  groupWait: "10s",
  groupInterval: "30s",
  repeatInterval: "4h",
};

/**
 * The pace of a run that lasts minutes and is watched. A second is one evaluation there, so alerts of
 * other rule groups can still inhibit.
 */
export const PROMPT_PACE: NotificationPace = {
  groupWait: "1s",
  groupInterval: "1s",
  repeatInterval: "1h",
};

/** The receiver of everything that somebody must act on: the incident records. */
export const INCIDENTS = "headroom-incidents";

/** The receiver of what is only shown, which sends nothing. */
export const NOBODY = "nobody";

/** One trouble of one exporter is one notification, whichever scopes or scenarios it has. */
export const GROUP_BY = ["alertname", "instance"] as const;

/** As many as the incidents process takes in one notification; it answers more with 422. */
export const MOST_ALERTS = 500;

/** Path of the incidents process that takes notifications. */
export const WEBHOOK_PATH = "/v1/alerts";

/**
 * A complete Alertmanager configuration, as YAML. It reads the same on 0.25 and later versions.
 *
 * @throws RangeError when the address is not `host:port`
 */
export function alertmanagerConfig(settings: AlertmanagerSettings): string {
  // Written out, since an alias is harder to read than the two lines it saves.
  return stringify(alertmanager(settings), { ...YAML_STYLE, aliasDuplicateObjects: false });
}

/** The part of a configuration that is used. */
export interface AlertmanagerConfig {
  readonly route: Readonly<
    Record<"receiver" | "group_wait" | "group_interval" | "repeat_interval", string>
  > & {
    readonly group_by: readonly string[];
    readonly routes: readonly { readonly receiver: string; readonly matchers: readonly string[] }[];
  };
  readonly inhibit_rules: readonly Inhibition[];
  readonly receivers: readonly {
    readonly name: string;
    readonly webhook_configs?: readonly {
      readonly url: string;
      readonly send_resolved: boolean;
      readonly max_alerts: number;
    }[];
  }[];
}

/** The same as data; see {@link alertmanagerConfig}. */
export function alertmanager(settings: AlertmanagerSettings): AlertmanagerConfig {
  const pace = settings.pace ?? NOTIFICATION_PACE;
  const url = `http://${hostAndPort(settings.incidents)}${WEBHOOK_PATH}`;
  return {
    route: {
      receiver: INCIDENTS,
      group_by: GROUP_BY,
      group_wait: pace.groupWait,
      group_interval: pace.groupInterval,
      repeat_interval: pace.repeatInterval,
      // Nobody has to act on these; they stay visible in Prometheus and Alertmanager.
      routes: [{ receiver: NOBODY, matchers: ['severity="info"'] }],
    },
    inhibit_rules: inhibitions(),
    receivers: [
      // The resolution closes the incident, so it is sent too.
      { name: INCIDENTS, webhook_configs: [{ url, send_resolved: true, max_alerts: MOST_ALERTS }] },
      { name: NOBODY },
    ],
  };
}

interface Inhibition {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  /** Labels that must be the same on both; one that neither has is the same. */
  readonly equal?: readonly string[];
}

/** Which alerts make others superfluous. */
function inhibitions(): readonly Inhibition[] {
  const down = 'alertname="HeadroomExporterDown"';
  // Where incidents are kept is no exporter's business.
  const others = [
    'alertname!~"HeadroomExporterDown|HeadroomIncidentsDown"',
    'alertname=~"Headroom.+"',
  ];
  return [
    {
      // The warning says nothing new once the critical limit is broken. Alerts without a limit are
      // left out, or every critical one of them would silence every warning one. The scope keeps
      // the system's memory from silencing the process' own, and the model one from another's.
      source_matchers: ['severity="critical"', 'limit=~".+"'],
      target_matchers: ['severity="warning"', 'limit=~".+"'],
      equal: ["instance", "limit", "scope", "work", "gen_ai_request_model"],
    },
    {
      // What a model server that is gone did last is no news about it.
      source_matchers: ['alertname="HeadroomUpstreamDown"'],
      target_matchers: ['alertname=~"Headroom(FirstTokenSlow|TokensSlow|GoodputLow|KvCacheFull)"'],
      equal: ["instance"],
    },
    {
      // Nor is the end of its errors, which are a warning once they are not critical any more.
      source_matchers: ['alertname="HeadroomUpstreamDown"'],
      target_matchers: ['alertname="HeadroomErrorRateHigh"', 'work="chat"'],
      equal: ["instance"],
    },
    {
      // What an exporter last showed before it went away is no news about it.
      source_matchers: [down, 'instance=~".+"'],
      target_matchers: others,
      equal: ["instance"],
    },
    // Without an instance no exporter is known at all, so nothing can be said about any.
    { source_matchers: [down, 'instance=""'], target_matchers: others },
  ];
}
