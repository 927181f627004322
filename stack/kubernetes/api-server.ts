import { execFile } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { addressOf } from "../services.ts";
import type { Session } from "../session.ts";

const CRDS = join(import.meta.dirname, "crds");

/** Files of the programs. */
export interface ClusterPrograms {
  readonly etcd: string;
  readonly "kube-apiserver": string;
  readonly kubectl: string;
}

/** What kubectl said. */
export interface KubectlAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An API server without nodes: it takes and keeps resources, and nothing ever runs. */
export interface ApiServer {
  /**
   * Runs kubectl as an administrator to its end, whatever the exit code is.
   *
   * @param input - its standard input
   */
  kubectl(args: readonly string[], input?: string): Promise<KubectlAnswer>;
}

/**
 * Starts etcd and an API server that knows the operators' resources.
 *
 * @throws Error with the end of a log when one of them does not become ready
 */
export async function startApiServer(
  session: Session,
  programs: ClusterPrograms,
): Promise<ApiServer> {
  const folder = join(session.folder.path, "kubernetes");
  await mkdir(folder);
  const etcd = await startEtcd(session, programs.etcd, folder);
  const [port, token] = [
    await session.port("kube-apiserver", 16443),
    randomBytes(16).toString("hex"),
  ];
  await writeFile(join(folder, "tokens.csv"), `${token},administrator,1,system:masters\n`);
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const [signing, verifying] = [join(folder, "signing.pem"), join(folder, "verifying.pem")];
  await writeFile(signing, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  await writeFile(verifying, publicKey.export({ type: "spki", format: "pem" }));
  const config = join(folder, "kubeconfig.json");
  await writeFile(config, JSON.stringify(kubeconfig(`https://127.0.0.1:${port}`, token)), {
    mode: 0o600,
  });
  const kubectl = kubectlOf(programs.kubectl, config, join(folder, "cache"), session.signal);
  await session.start({
    name: "kube-apiserver",
    command: programs["kube-apiserver"],
    args: [
      ...[`--etcd-servers=${etcd}`, "--bind-address=127.0.0.1", `--secure-port=${port}`],
      ...[`--cert-dir=${join(folder, "certificates")}`, "--authorization-mode=RBAC"],
      `--token-auth-file=${join(folder, "tokens.csv")}`,
      "--service-account-issuer=https://headroom.test",
      ...[
        `--service-account-signing-key-file=${signing}`,
        `--service-account-key-file=${verifying}`,
      ],
      "--service-cluster-ip-range=10.96.0.0/16",
      // It would wait for a controller to make the accounts of each namespace.
      "--disable-admission-plugins=ServiceAccount",
    ],
    probe: async () => (await kubectl(["get", "--raw", "/readyz"])).stdout === "ok",
    limitSeconds: 120,
  });
  await required(kubectl(["apply", "--server-side", "-f", "-"], await definitions()));
  await established(kubectl);
  return { kubectl };
}

/** @returns its address */
async function startEtcd(session: Session, command: string, folder: string): Promise<string> {
  const url = addressOf(await session.port("etcd", 12379));
  const peers = addressOf(await session.port("etcd's peers", 12380));
  await session.start({
    name: "etcd",
    command,
    args: [
      ...["--data-dir", join(folder, "etcd"), "--listen-client-urls", url],
      ...["--advertise-client-urls", url, "--listen-peer-urls", peers],
      ...["--initial-advertise-peer-urls", peers, "--initial-cluster", `default=${peers}`],
    ],
    probe: async () => (await fetch(`${url}/health`)).ok,
    limitSeconds: 60,
  });
  return url;
}

const kubeconfig = (server: string, token: string) => ({
  apiVersion: "v1",
  kind: "Config",
  // The server signs its own certificate, on this machine.
  clusters: [{ name: "check", cluster: { server, "insecure-skip-tls-verify": true } }],
  users: [{ name: "administrator", user: { token } }],
  contexts: [{ name: "check", context: { cluster: "check", user: "administrator" } }],
  "current-context": "check",
});

const kubectlOf =
  (program: string, config: string, cache: string, signal: AbortSignal): ApiServer["kubectl"] =>
  (args, input = "") =>
    new Promise((resolve, reject) => {
      const all = [`--kubeconfig=${config}`, `--cache-dir=${cache}`, ...args];
      const child = execFile(program, all, { signal, maxBuffer: 64e6 }, (error, stdout, stderr) => {
        if (error && typeof error.code !== "number") return reject(signal.reason ?? error);
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
      // It may refuse its arguments before it has read everything.
      child.stdin?.on("error", () => undefined).end(input);
    });

/** The operators' definitions, as one stream of YAML. */
async function definitions(): Promise<string> {
  const names = (await readdir(CRDS)).filter((name) => name.endsWith(".gz"));
  const read = async (name: string) => gunzipSync(await readFile(join(CRDS, name))).toString();
  return (await Promise.all(names.map(read))).join("\n---\n");
}

/** Waits until the server serves the operators' resources; before its first look they have no condition. */
async function established(kubectl: ApiServer["kubectl"]): Promise<void> {
  for (let turn = 1; ; turn += 1) {
    const all = ["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"];
    const waited = kubectl(all);
    if ((await waited).code === 0) return;
    if (turn === ESTABLISHED_TURNS) await required(waited);
    await sleep(200);
  }
}

const ESTABLISHED_TURNS = 100;

/** @throws Error with what kubectl said when it failed */
async function required(running: Promise<KubectlAnswer>): Promise<void> {
  const { code, stderr } = await running;
  if (code !== 0) throw new Error(`kubectl failed: ${stderr.trim()}`);
}
