import { provisionedFile } from "./provisioned-file.ts";

/** The mute timing of what is only shown. */
export const ALWAYS = "headroom-always";

/**
 * Grafana's file with the mute timings, as YAML, written by hand: the SDK has the API's shape of an
 * interval, and files have Alertmanager's.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#time_interval
 */
export function muteTimingsFile(): string {
  return provisionedFile("muteTimes", [
    {
      name: ALWAYS,
      time_intervals: [{ times: [{ start_time: "00:00", end_time: "24:00" }] }],
    },
    // An example that no policy uses: Sundays before dawn.
    {
      name: "headroom-maintenance",
      time_intervals: [
        {
          times: [{ start_time: "02:00", end_time: "04:00" }],
          weekdays: ["sunday"],
          location: "UTC",
        },
      ],
    },
  ]);
}
