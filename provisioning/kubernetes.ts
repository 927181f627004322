import { limit, type Limit } from "@headroom/alerts/limits";
import { isAlert, type RuleGroup } from "@headroom/alerts/rules/group";
import { wholeOf } from "@headroom/alerts/rules/fleet";
import { JOBS } from "@headroom/alerts/rules/options";
import { UPSTREAM_NAMES } from "@headroom/alerts/upstream-metrics";
import { stringify } from "yaml";
import { alertmanager, type AlertmanagerConfig, INCIDENTS } from "./alertmanager.ts";
import { RECORDED } from "./grafana-files/expressions.ts";
import { INTERVALS, YAML_STYLE } from "./prometheus.ts";
import { prometheusGroups } from "./rule-file.ts";

/** Where all of it runs; `deploy/kubernetes/base` makes it. */
export const NAMESPACE = "headroom";

/** What the Prometheus Operator calls its own, in the namespace where people put it. */
export const PROMETHEUS = "http://prometheus-operated.monitoring.svc:9090";

/** Names of services, and of what selects their pods. */
const MODEL_SERVER = "headroom-model";

/** Ports of services are named. */
const PORT = "http";

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: object;
  readonly spec: object;
}

/**
 * What a cluster needs of the rules, the dashboards and the notifications, for `deploy/kubernetes`: each folder
 * is one for Kustomize. Nothing of it is written twice, so the limits are those of everywhere else.
 *
 * @param dashboards - their files' names, below `grafana/dashboards`
 */
export function kubernetesFiles(
  groups: readonly RuleGroup[],
  limits: readonly Limit[],
  dashboards: readonly string[],
): ReadonlyMap<string, string> {
  return new Map([
    ...folder("kubernetes/prometheus-operator", {
      rules: [prometheusRule(groups)],
      monitors: [
        serviceMonitor(JOBS.exporter, "metrics-token"),
        serviceMonitor(JOBS.incidents, INCIDENTS_TOKEN),
      ],
      notifications: [notifications()],
    }),
    ...folder("kubernetes/model-server", {
      monitor: [modelServerMonitor()],
      scaling: [scaledModelServer()],
    }),
    ...folder("kubernetes/keda", { scaling: [scaledExporter(limits)] }),
    ["grafana/kustomization.yaml", dashboardMaps(dashboards)],
    ...folder("kubernetes/grafana-operator", { dashboards: dashboards.map(grafanaDashboard) }),
  ]);
}

function folder(path: string, files: Readonly<Record<string, readonly Resource[]>>) {
  const names = Object.keys(files).map((name) => `${name}.yaml`);
  return [
    [`${path}/kustomization.yaml`, kustomization({ resources: names })] as const,
    ...Object.entries(files).map(
      ([name, resources]) => [`${path}/${name}.yaml`, resources.map(yaml).join("---\n")] as const,
    ),
  ];
}

const yaml = (value: object): string =>
  stringify(value, { ...YAML_STYLE, aliasDuplicateObjects: false });

const kustomization = (own: object): string =>
  yaml({ apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", ...own });

/**
 * The rules. Alerts carry the namespace: an AlertmanagerConfig is only asked about those of its own, and
 * aggregation has left the label of the target out.
 */
function prometheusRule(groups: readonly RuleGroup[]): Resource {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: NAMESPACE },
    spec: {
      groups: prometheusGroups(
        groups.map(({ name, rules }) => ({
          name,
          rules: rules.map((rule) =>
            isAlert(rule) ? { ...rule, labels: { ...rule.labels, namespace: NAMESPACE } } : rule,
          ),
        })),
      ),
    },
  };
}

/** A service becomes a job by its label, and the job's name is by what the rules find it. */
function serviceMonitor(job: string, token: string): Resource {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: job },
    spec: {
      jobLabel: "app.kubernetes.io/name",
      selector: { matchLabels: { "app.kubernetes.io/name": job } },
      endpoints: [{ port: PORT, interval: INTERVALS.scrapeInterval, authorization: bearer(token) }],
    },
  };
}

/** Of the model server only what is recorded of it. */
function modelServerMonitor(): Resource {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: MODEL_SERVER },
    spec: {
      selector: { matchLabels: { "app.kubernetes.io/name": MODEL_SERVER } },
      endpoints: [
        {
          port: PORT,
          interval: INTERVALS.scrapeInterval,
          relabelings: [{ targetLabel: "job", replacement: JOBS.upstream }],
          metricRelabelings: [
            { sourceLabels: ["__name__"], regex: UPSTREAM_NAMES.join("|"), action: "keep" },
          ],
        },
      ],
    },
  };
}

/** Alertmanager's own routes and inhibitions, in the words of the operator. */
function notifications(): Resource {
  const { route, inhibit_rules, receivers }: AlertmanagerConfig = alertmanager({
    incidents: `${INCIDENTS}.${NAMESPACE}.svc:9702`,
  });
  return {
    apiVersion: "monitoring.coreos.com/v1alpha1",
    kind: "AlertmanagerConfig",
    metadata: { name: NAMESPACE },
    spec: {
      route: {
        receiver: route.receiver,
        groupBy: route.group_by,
        groupWait: route.group_wait,
        groupInterval: route.group_interval,
        repeatInterval: route.repeat_interval,
        routes: route.routes.map(({ receiver, matchers }) => ({
          receiver,
          matchers: matchers.map(matcher),
        })),
      },
      inhibitRules: inhibit_rules.map(({ source_matchers, target_matchers, equal }) => ({
        sourceMatch: source_matchers.map(matcher),
        targetMatch: target_matchers.map(matcher),
        ...(equal && { equal }),
      })),
      receivers: receivers.map(({ name, webhook_configs }) => ({
        name,
        ...(webhook_configs && {
          webhookConfigs: webhook_configs.map(({ url, send_resolved, max_alerts }) => ({
            ...{ url, sendResolved: send_resolved, maxAlerts: max_alerts },
            httpConfig: { authorization: bearer(INCIDENTS_TOKEN) },
          })),
        }),
      })),
    },
  };
}

/** A key of the one secret that people make. */
const bearer = (key: string) => ({ type: "Bearer", credentials: { name: NAMESPACE, key } });

const INCIDENTS_TOKEN = "incidents-token";

/** `severity="info"` in three parts. */
function matcher(text: string) {
  const [, name, matchType, value] = /^(\w+)(=~|!~|!=|=)"(.*)"$/.exec(text) ?? [];
  if (name === undefined) throw new RangeError(`${text} is no matcher of Alertmanager`);
  return { name, matchType, value };
}

/** Scale-in goes one by one: the next pod goes when the one before has drained, and only after five quiet minutes. */
const BEHAVIOUR = {
  scaleDown: {
    stabilizationWindowSeconds: 300,
    policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
  },
  scaleUp: {
    stabilizationWindowSeconds: 0,
    policies: [{ type: "Percent", value: 100, periodSeconds: 30 }],
  },
};

function scaledObject(name: string, triggers: readonly object[]): Resource {
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name },
    spec: {
      scaleTargetRef: { name },
      minReplicaCount: 2,
      maxReplicaCount: 20,
      triggers,
      advanced: { horizontalPodAutoscalerConfig: { behavior: BEHAVIOUR } },
    },
  };
}

/** A share of what there is that leaves room for what comes while a new pod starts. */
const USED = 0.7;

/**
 * The processor saturates first: at 19,632 messages/s 96.2 % of two cores were taken (docs/benchmarks.md), while
 * the queue is empty until they are, and tells nothing before. The second trigger is for whatever else makes
 * requests slow: the P95 of the fleet as a share of its limit.
 */
function scaledExporter(limits: readonly Limit[]): Resource {
  const slowest = limit("latency_p95", "warning", limits);
  if (slowest.bound !== "upper") throw new TypeError("latency has an upper limit");
  return scaledObject(JOBS.exporter, [
    { type: "cpu", metricType: "Utilization", metadata: { value: String(100 * USED) } },
    prometheusTrigger(`max(${wholeOf(RECORDED.p95)}) / ${slowest.upper}`, USED, "Value"),
  ]);
}

/** As many requests as one model server works on side by side (`--parallel`); what is more waits. */
const SIDE_BY_SIDE = 4;

/**
 * A model server is full when as many requests are in it as it takes side by side: from then on they wait, and
 * the time to the first token grows with each. Its processor or graphics processor is busy long before.
 */
const scaledModelServer = (): Resource =>
  scaledObject(MODEL_SERVER, [
    prometheusTrigger(
      "sum(upstream:requests_running) + sum(upstream:requests_waiting)",
      USED * SIDE_BY_SIDE,
      "AverageValue",
    ),
  ]);

const prometheusTrigger = (query: string, threshold: number, metricType: string) => ({
  type: "prometheus",
  metricType,
  metadata: { serverAddress: PROMETHEUS, query, threshold: String(threshold) },
});

const nameOf = (file: string): string => file.replace(/\.json$/, "");

/** A map each, since all together are more than one may hold; Grafana's sidecar finds them by the label. */
const dashboardMaps = (files: readonly string[]): string =>
  kustomization({
    configMapGenerator: files.map((file) => ({
      name: nameOf(file),
      files: [`dashboards/${file}`],
    })),
    generatorOptions: { disableNameSuffixHash: true, labels: { grafana_dashboard: "1" } },
  });

const grafanaDashboard = (file: string): Resource => ({
  apiVersion: "grafana.integreatly.org/v1beta1",
  kind: "GrafanaDashboard",
  metadata: { name: nameOf(file) },
  spec: {
    instanceSelector: { matchLabels: { dashboards: "grafana" } },
    folder: "Headroom",
    configMapRef: { name: nameOf(file), key: file },
  },
});
