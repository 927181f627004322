import type { Limit } from "@headroom/alerts/limits";
import { seeksLimit, type Profile } from "../plan/profiles.ts";

/** Where a fleet runs, as `deploy/kubernetes` makes it. */
export const FLEET = {
  namespace: "headroom",
  /** Host of the service, which is the only one that pods put under load. */
  host: "headroom.headroom.svc",
  port: 9700,
  /** Secret with the exporters' token. */
  secret: { name: "headroom", key: "token" },
  /** Prometheus' remote write, as the Prometheus Operator names its service. */
  prometheusWriteUrl: "http://prometheus-operated.monitoring.svc:9090/api/v1/write",
  image: "headroom-load:0.1.0",
} as const;

/** What one run on many nodes needs to know. */
export interface Distributed {
  readonly profile: Profile;
  /** How many k6 share the load. */
  readonly pods: number;
  readonly firstMessage: number;
  readonly limits?: readonly Limit[] | undefined;
  /** {@link FLEET.image} when absent; one with these scripts in it. */
  readonly image?: string | undefined;
}

/** More k6 than one fleet can want, and what a cluster may be asked for by mistake. */
export const MOST_PODS = 100;

/** What k6 tells Prometheus of a time; `count` weighs the means of several pods. */
export const TREND_STATS = "p(90),p(95),p(99),avg,min,med,max,count";

/**
 * A TestRun for k6-operator. Each pod runs a segment of one and the same test: the rate and the virtual users
 * are shared out, and so are the numbers of the iterations, by which messages are numbered, so that no message
 * is sent twice. Thresholds say nothing here, since each pod sees only its part.
 *
 * @throws RangeError when the profile cannot be shared by so many
 */
export function testRun({ profile, pods, firstMessage, limits, image }: Distributed) {
  requireShareable(profile, pods);
  const variables = {
    HEADROOM_TARGET: `http://${FLEET.host}:${FLEET.port}`,
    // Load goes to this machine and to a host that is named again: here to the service, and nowhere else.
    HEADROOM_ALLOW_REMOTE: FLEET.host,
    HEADROOM_DURATION: String(profile.durationSeconds),
    HEADROOM_FIRST_MESSAGE: String(firstMessage),
    HEADROOM_CHAT: profile.chat ? JSON.stringify(profile.chat) : "",
    HEADROOM_LIMITS: limits ? JSON.stringify(limits) : "",
    K6_NO_USAGE_REPORT: "true",
    K6_NO_THRESHOLDS: "true",
    K6_PROMETHEUS_RW_SERVER_URL: FLEET.prometheusWriteUrl,
    K6_PROMETHEUS_RW_TREND_STATS: TREND_STATS,
    K6_PROMETHEUS_RW_PUSH_INTERVAL: "1s",
  };
  const env = [
    ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    { name: "HEADROOM_TOKEN", valueFrom: { secretKeyRef: FLEET.secret } },
  ];
  // k6's own image and user.
  const k6 = { ...confined(12_345), image: image ?? FLEET.image, env };
  return {
    apiVersion: "k6.io/v1alpha1",
    kind: "TestRun",
    metadata: { name: nameOf(profile), namespace: FLEET.namespace },
    spec: {
      parallelism: pods,
      separate: false,
      script: { localFile: `/headroom/loadtest/profiles/${profile.name}.ts` },
      arguments: "--no-color --out experimental-prometheus-rw",
      initializer: k6,
      // Each on a node of its own, where there are as many.
      runner: { ...k6, resources: RESOURCES, topologySpreadConstraints: SPREAD },
      starter: confined(65_532),
    },
  };
}

/** What the run of a profile is called in the cluster, and in the label `testrun_name` of k6's series. */
export const nameOf = ({ name }: Profile): string => `headroom-${name}`;

/** A k6 that sends 500 messages a second takes about a quarter of a core. */
const RESOURCES = {
  requests: { cpu: "500m", memory: "256Mi" },
  limits: { memory: "1Gi" },
};

const SPREAD = [
  {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { app: "k6", runner: "true" } },
  },
];

const confined = (user: number) => ({
  automountServiceAccountToken: "false",
  securityContext: {
    runAsNonRoot: true,
    runAsUser: user,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containerSecurityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
  },
});

function requireShareable(profile: Profile, pods: number): void {
  const { name, chat, sentiment } = profile;
  if (!Number.isInteger(pods) || pods < 1 || pods > MOST_PODS) {
    throw new RangeError(`pods are 1 to ${MOST_PODS}; got ${pods}`);
  }
  if (seeksLimit(profile)) {
    throw new RangeError(
      `${name} looks for a limit and decides as it goes, which pods that see a part each cannot; ` +
        "run it on one machine",
    );
  }
  const users =
    sentiment?.arrival.kind === "serial"
      ? 1
      : chat?.arrival.kind === "users"
        ? chat.arrival.users
        : Infinity;
  if (pods > users) {
    throw new RangeError(
      `${name} has ${users} user${users === 1 ? "" : "s"}, who cannot be shared by ${pods} pods; ` +
        `give --pods ${users} or fewer`,
    );
  }
}
