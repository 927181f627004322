import {
  notificationOf,
  type AlertNotification,
  type ReceivedAlert,
} from "../records/notification.ts";

/** A firing memory alert as Alertmanager sends it, with what a test changes. */
export function receivedAlert(overrides: Partial<ReceivedAlert> = {}): ReceivedAlert {
  return {
    status: "firing",
    labels: {
      alertname: "HeadroomMemoryHigh",
      severity: "warning",
      instance: "127.0.0.1:9700",
      scope: "process",
    },
    annotations: {
      summary: "Memory of the process is at 34GB",
      description: "The process uses 34GB of memory; the warning limit is 33.6GB.",
    },
    startsAt: "2026-01-02T03:04:05.000Z",
    endsAt: "0001-01-01T00:00:00.000Z",
    fingerprint: "a1b2c3d4e5f60718",
    generatorURL: "http://127.0.0.1:9090/graph?g0.expr=up",
    values: {},
    ...overrides,
  };
}

/** The same, as incidents take it. */
export function notification(overrides: Partial<ReceivedAlert> = {}): AlertNotification {
  return notificationOf(receivedAlert(overrides), () => undefined);
}
