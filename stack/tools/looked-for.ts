import type { Program } from "./catalogue.ts";

/**
 * Programs that Headroom looks for and shows, but neither starts nor obtains. Commands for Linux are
 * those of Debian and its relatives.
 */
export const LOOKED_FOR = {
  grafana: {
    name: "grafana",
    otherFiles: ["/usr/share/grafana/bin/grafana"],
    purpose: "shows dashboards",
    versionArguments: ["--version"],
    commands: {
      mac: "brew install grafana",
      linux: "see https://grafana.com/docs/grafana/latest/setup-grafana/installation/",
      docker: "docker pull grafana/grafana",
    },
  },
  docker: {
    name: "docker",
    purpose: "runs the parts in containers",
    versionArguments: ["--version"],
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
