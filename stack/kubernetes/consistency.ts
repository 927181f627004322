import { ConfigError, loadConfig } from "@headroom/exporter/config";
import { loadConfig as loadIncidents } from "@headroom/incidents/config";

/** A resource, as far as it is looked at here. */
export interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  readonly spec?: {
    readonly template?: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
    readonly selector?: Labels & { readonly matchLabels?: Labels };
    readonly podSelector?: { readonly matchLabels?: Labels };
    readonly ports?: readonly { readonly name: string; readonly targetPort: string | number }[];
    readonly endpoints?: readonly { readonly port: string }[];
    readonly scaleTargetRef?: { readonly name: string };
  };
}

type Labels = Readonly<Record<string, string>>;

/** What runs in a pod. */
export interface PodSpec {
  readonly terminationGracePeriodSeconds?: number;
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly [field: string]: unknown;
}

interface Container {
  readonly name: string;
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: object;
  }[];
  readonly ports?: readonly { readonly name: string }[];
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
}

/** A token that is long enough; which one it is does not matter here. */
const SOME_TOKEN = "0123456789abcdef";

/**
 * What does not fit together in the resources of one overlay, though each is right by itself: no schema says
 * that a selector finds something, or that a variable is a setting. Each problem as a sentence.
 */
export function inconsistencies(resources: readonly Resource[]): readonly string[] {
  const pods = resources.flatMap(({ kind, metadata, spec }) =>
    spec?.template ? [{ name: `${kind} ${metadata.name}`, ...spec.template }] : [],
  );
  const services = resources.filter(({ kind }) => kind === "Service");
  // k6-operator makes these.
  const labelled = [...pods.map(({ metadata }) => metadata.labels), { app: "k6" }];
  return resources.flatMap((resource) => {
    const { kind, metadata, spec = {} } = resource;
    const of = `${kind} ${metadata.name}`;
    const finds = (all: readonly (Labels | undefined)[], wanted: Labels, what: string) =>
      all.some((labels) => includes(labels, wanted)) ? [] : [`${of} selects no ${what}`];
    switch (kind) {
      case "Service":
        return [
          ...finds(labelled, spec.selector ?? {}, "pod"),
          ...(spec.ports ?? [])
            .filter(({ targetPort }) => !hasPort(pods, spec.selector ?? {}, targetPort))
            .map(({ targetPort }) => `${of} sends to the port ${targetPort}, which no pod has`),
        ];
      case "ServiceMonitor": {
        const wanted = spec.selector?.matchLabels ?? {};
        const found = services.filter((service) => includes(service.metadata.labels, wanted));
        const ports = found.flatMap(
          (service) => service.spec?.ports?.map(({ name }) => name) ?? [],
        );
        return [
          ...finds(
            services.map((service) => service.metadata.labels),
            wanted,
            "service",
          ),
          ...(spec.endpoints ?? [])
            .filter(({ port }) => !ports.includes(port))
            .map(({ port }) => `${of} scrapes the port ${port}, which its service does not have`),
        ];
      }
      case "PodDisruptionBudget":
        return finds(labelled, spec.selector?.matchLabels ?? {}, "pod");
      case "NetworkPolicy":
        return finds(labelled, spec.podSelector?.matchLabels ?? {}, "pod");
      case "ScaledObject":
        return resources.some(
          (one) => one.kind === "Deployment" && one.metadata.name === spec.scaleTargetRef?.name,
        )
          ? []
          : [`${of} scales a Deployment that is not there`];
      case "Deployment":
        return spec.template ? podProblems(of, spec.template.spec) : [];
      default:
        return [];
    }
  });
}

const includes = (labels: Labels = {}, wanted: Labels): boolean =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

const hasPort = (
  pods: readonly { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec }[],
  wanted: Labels,
  port: string | number,
): boolean =>
  pods.some(
    ({ metadata, spec }) =>
      includes(metadata.labels, wanted) &&
      spec.containers.some(({ ports = [] }) => ports.some(({ name }) => name === port)),
  );

/** What is wrong with a pod of our own programs: settings that they refuse, or too little time to stop. */
function podProblems(of: string, spec: PodSpec): string[] {
  return [...(spec.initContainers ?? []), ...spec.containers].flatMap((container) => {
    const { env = [], lifecycle } = container;
    const variables = Object.fromEntries(
      env.map(({ name, value, valueFrom }) => [name, value ?? someValue(name, valueFrom)]),
    );
    const problems = settingsProblems(variables).map((problem) => `${of}: ${problem}`);
    const drain = Number(variables["HEADROOM_DRAIN_SECONDS"] ?? 0);
    const stop = (lifecycle?.preStop?.sleep?.seconds ?? 0) + drain;
    const grace = spec.terminationGracePeriodSeconds ?? 30;
    return stop + 2 > grace
      ? [...problems, `${of}: is killed after ${grace} s, and takes ${stop} s and more to stop`]
      : problems;
  });
}

/** Stands for what only a cluster knows. */
const someValue = (name: string, from: object = {}): string =>
  "resourceFieldRef" in from ? "2" : `${SOME_TOKEN}-${name}`;

function settingsProblems(variables: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig(variables);
    loadIncidents(variables);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
