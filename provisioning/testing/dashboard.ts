import type { GenerateSettings } from "../generated-files.ts";
import { generatedFiles, REFERENCE_SETTINGS } from "../generated-files.ts";

/** What the tests read of a panel. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly targets: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat: string;
    readonly instant: boolean;
    readonly datasource: { readonly uid: string };
  }[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit?: string;
      readonly noValue?: string;
      readonly mappings?: readonly Mapping[];
      readonly thresholds: { readonly steps: readonly Step[] };
      readonly custom?: Readonly<Record<string, unknown>>;
    };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

/** A mapping of values to words. */
export interface Mapping {
  readonly type: string;
  readonly options: {
    readonly from?: number;
    readonly to?: number | null;
    readonly match?: string;
    readonly result: { readonly text: string; readonly color?: string };
  };
}

/** A step of Grafana's thresholds. */
export interface Step {
  readonly value: number | null;
  readonly color: string;
}

/** What the tests read of a dashboard. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly definition: string;
      /** Absent for one that readers choose. */
      readonly hide?: number;
    }[];
  };
  readonly links: readonly {
    readonly type: string;
    readonly tags: readonly string[];
    readonly keepTime: boolean;
    readonly includeVars: boolean;
  }[];
  readonly annotations: {
    readonly list: readonly {
      readonly name: string;
      readonly expr: string;
      readonly titleFormat: string;
      readonly textFormat?: string;
      readonly datasource: { readonly uid: string };
    }[];
  };
}

/** All dashboards as they are generated, for the reference machine unless `settings` say otherwise. */
export function generatedDashboards(
  settings: Partial<GenerateSettings> = {},
): readonly Dashboard[] {
  const files = generatedFiles({ ...REFERENCE_SETTINGS, ...settings });
  return (
    [...files]
      .filter(([path]) => path.startsWith("grafana/dashboards/"))
      // Grafana puts a duration there before it asks Prometheus.
      .map(
        ([, text]) =>
          JSON.parse(text.replaceAll(/\$__(rate_interval|range)\b/g, "1m")) as Dashboard,
      )
  );
}

/** The overview among them. */
export function generatedOverview(settings: Partial<GenerateSettings> = {}): Dashboard {
  const found = generatedDashboards(settings).find(({ uid }) => uid === "headroom-overview");
  if (!found) throw new Error("no dashboard has the uid headroom-overview");
  return found;
}
