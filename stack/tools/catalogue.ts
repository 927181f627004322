/** A program that Headroom uses or can be used with, but does not contain. */
export interface Program {
  /** Name of its file. */
  readonly name: string;
  /** Other names of its file, or whole paths where it is installed outside PATH. */
  readonly otherFiles?: readonly string[];
  /** What it does here, for messages. */
  readonly purpose: string;
  /** The first command that cannot do its work without it; absent when all can. */
  readonly neededBy?: "npm start" | "npm test";
  /** Arguments that make it print its version, where `--version` does not. */
  readonly versionArguments?: readonly string[];
  /** Oldest version that serves, as [major, minor]; any does when absent. */
  readonly oldest?: readonly [number, number];
  /** What a person types to install it. */
  readonly commands: { readonly mac: string; readonly linux: string; readonly docker: string };
}

/** A program that Headroom starts, and obtains when it is missing. */
export interface Tool extends Program {
  readonly oldest: readonly [number, number];
  /** Environment variable that names the program's file and wins over every search. */
  readonly variable: string;
  /** Ways to obtain it, the first that works here is taken. */
  readonly sources: readonly Source[];
}

/** The programs, by the name of their file. */
export type ToolName =
  | "k6"
  | "prometheus"
  | "promtool"
  | "alertmanager"
  | "amtool"
  | "redis-server"
  | "haproxy"
  | "chromium";

/** A way to obtain a tool. */
export type Source =
  | {
      readonly kind: "go";
      /** Folder with the go.mod that pins it, relative to this folder. */
      readonly module: string;
      readonly package: string;
      readonly version: string;
      readonly tags?: string;
      /** Variable of the program that holds its version, where a plain build leaves it empty. */
      readonly versionVariable?: string;
      /** Roughly how long the build takes, for the progress line. */
      readonly takes: string;
    }
  | { readonly kind: "debian"; readonly package: string };

const fromDebian = (name: string): Source => ({ kind: "debian", package: name });

const apt = (name: string) => `sudo apt-get install --no-install-recommends ${name}`;

/** The Debian package is there in seconds and brings the web page that a Go build lacks. */
const prometheus = (name: "prometheus" | "promtool") => ({
  name,
  // The first that reads keep_firing_for.
  oldest: [2, 42] as const,
  sources: [
    fromDebian("prometheus"),
    {
      kind: "go",
      module: "prometheus",
      package: `github.com/prometheus/prometheus/cmd/${name}`,
      version: "3.16.0",
      // Service discovery of every cloud is two thirds of the program, and static targets do here.
      tags: "remove_all_sd",
      versionVariable: "github.com/prometheus/common/version.Version",
      takes: "two to five minutes",
    },
  ] as const,
  commands: {
    mac: "brew install prometheus",
    linux: apt("prometheus"),
    docker: "docker compose up (the compose file brings its own Prometheus)",
  },
});

/** A Go build would need the files of its web page, which its module does not hold. */
const ALERTMANAGER = {
  neededBy: "npm test",
  // Matchers of inhibitions and routes are written as 0.22 and newer read them.
  oldest: [0, 22],
  sources: [fromDebian("prometheus-alertmanager")],
  commands: {
    mac: "see https://prometheus.io/download/#alertmanager",
    linux: apt("prometheus-alertmanager"),
    docker: "docker pull prom/alertmanager",
  },
} as const;

/** Every tool, once. */
export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  k6: {
    name: "k6",
    purpose: "makes the load",
    neededBy: "npm start",
    versionArguments: ["version"],
    // The scripts use k6 2's own TypeScript and its options; 1.x names some of them differently.
    oldest: [2, 0],
    variable: "HEADROOM_K6",
    sources: [
      {
        kind: "go",
        module: ".",
        package: "go.k6.io/k6/v2",
        version: "2.2.0",
        takes: "one to two minutes",
      },
    ],
    commands: {
      mac: "brew install k6",
      linux:
        "sudo apt-get install golang, or see https://grafana.com/docs/k6/latest/set-up/install-k6/",
      docker: "docker pull grafana/k6:2.2.0",
    },
  },
  prometheus: {
    ...prometheus("prometheus"),
    purpose: "collects the metrics and evaluates the rules",
    neededBy: "npm start",
    variable: "HEADROOM_PROMETHEUS",
  },
  promtool: {
    ...prometheus("promtool"),
    purpose: "checks and tests the rules",
    neededBy: "npm test",
    variable: "HEADROOM_PROMTOOL",
  },
  alertmanager: {
    ...ALERTMANAGER,
    name: "alertmanager",
    // Debian's name for it.
    otherFiles: ["prometheus-alertmanager"],
    purpose: "groups alerts and sends them on",
    variable: "HEADROOM_ALERTMANAGER",
  },
  amtool: {
    ...ALERTMANAGER,
    name: "amtool",
    purpose: "checks the configuration of Alertmanager",
    variable: "HEADROOM_AMTOOL",
  },
  "redis-server": {
    name: "redis-server",
    purpose: "holds the shared cache",
    neededBy: "npm test",
    oldest: [6, 0],
    variable: "HEADROOM_REDIS_SERVER",
    sources: [fromDebian("redis-server")],
    commands: {
      mac: "brew install redis",
      linux: apt("redis-server"),
      docker: "docker compose up (the compose file brings its own Redis)",
    },
  },
  haproxy: {
    name: "haproxy",
    // Debian keeps it where only root looks.
    otherFiles: ["/usr/sbin/haproxy"],
    purpose: "spreads requests over a fleet of exporters",
    neededBy: "npm test",
    versionArguments: ["-v"],
    // The first that repeats a request elsewhere and shows metrics of its own is 2.0.
    oldest: [2, 4],
    variable: "HEADROOM_HAPROXY",
    sources: [fromDebian("haproxy")],
    commands: {
      mac: "brew install haproxy",
      linux: apt("haproxy"),
      docker: "docker pull haproxy:lts",
    },
  },
  chromium: {
    name: "chromium",
    otherFiles: [
      ...["chromium-browser", "google-chrome", "google-chrome-stable"],
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    purpose: "shows the panel to the tests",
    neededBy: "npm test",
    oldest: [120, 0],
    variable: "HEADROOM_CHROMIUM",
    sources: [fromDebian("chromium")],
    commands: {
      mac: "brew install --cask google-chrome",
      linux: apt("chromium"),
      docker: "docker pull chromedp/headless-shell",
    },
  },
};

/**
 * Programs that Headroom looks for and shows, but neither starts nor obtains. Commands for Linux are
 * those of Debian and its relatives.
 */
export const LOOKED_FOR = {
  grafana: {
    name: "grafana",
    otherFiles: ["/usr/share/grafana/bin/grafana"],
    purpose: "shows dashboards",
    commands: {
      mac: "brew install grafana",
      linux: "see https://grafana.com/docs/grafana/latest/setup-grafana/installation/",
      docker: "docker pull grafana/grafana",
    },
  },
  docker: {
    name: "docker",
    purpose: "runs the parts in containers",
    commands: {
      mac: "see https://docs.docker.com/desktop/setup/install/mac-install/",
      linux: "sudo apt-get install docker.io",
      docker: "not from a container: it needs the machine itself",
    },
  },
  go: {
    name: "go",
    purpose: "builds k6 and Prometheus where they are missing, and checks the compose file",
    neededBy: "npm test",
    versionArguments: ["version"],
    // From 1.21 on it fetches the newer Go that a module asks for (https://go.dev/doc/toolchain).
    oldest: [1, 21],
    commands: {
      mac: "brew install go",
      linux: "see https://go.dev/doc/install",
      docker: "docker pull golang",
    },
  },
} as const satisfies Readonly<Record<string, Program>>;
