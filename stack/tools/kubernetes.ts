import type { Source, Tool } from "./catalogue.ts";

/** Kubernetes itself, of the version whose API the manifests are written for. */
const built = (name: "kube-apiserver" | "kubectl", takes: string): Source => ({
  kind: "go",
  module: "kubernetes",
  package: `k8s.io/kubernetes/cmd/${name}`,
  version: "v1.34.4",
  // Else the server takes itself for a version that nobody knows.
  versionVariable: "k8s.io/component-base/version.gitVersion",
  takes,
});

/** What `npm run kubernetes:check` starts; nothing else needs it. */
export const KUBERNETES_TOOLS = {
  "kube-apiserver": {
    name: "kube-apiserver",
    purpose: "takes the manifests as a cluster does",
    // The first that lets a container sleep before it stops without asking for it (PodLifecycleSleepAction).
    oldest: [1, 30],
    variable: "HEADROOM_KUBE_APISERVER",
    sources: [built("kube-apiserver", "three to six minutes")],
    commands: {
      mac: "brew install go",
      linux: "see https://kubernetes.io/releases/download/#binaries",
      docker: "docker pull registry.k8s.io/kube-apiserver:v1.34.4",
    },
  },
  kubectl: {
    name: "kubectl",
    purpose: "builds, applies and reads the manifests",
    versionArguments: ["version", "--client"],
    // Kustomize 5, whose labels, components and patches are used.
    oldest: [1, 27],
    variable: "HEADROOM_KUBECTL",
    sources: [built("kubectl", "one to two minutes")],
    commands: {
      mac: "brew install kubernetes-cli",
      linux: "see https://kubernetes.io/docs/tasks/tools/install-kubectl-linux/",
      docker: "docker pull registry.k8s.io/kubectl:v1.34.4",
    },
  },
  etcd: {
    name: "etcd",
    purpose: "keeps what the API server is given",
    oldest: [3, 4],
    variable: "HEADROOM_ETCD",
    sources: [{ kind: "debian", package: "etcd-server" }],
    commands: {
      mac: "brew install etcd",
      linux: "sudo apt-get install --no-install-recommends etcd-server",
      docker: "docker pull registry.k8s.io/etcd:3.6.4-0",
    },
  },
} as const satisfies Readonly<Record<string, Tool>>;
