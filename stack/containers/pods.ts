import { FLEET, testRun } from "@headroom/loadtest/kubernetes/test-run";
import { PROFILE_NAMES, profile } from "@headroom/loadtest/plan/profiles";
import { formatBytes } from "@headroom/loadtest/report/format";
import { addedBytes, builtImage } from "./images.ts";
import { containerOf, type ServiceName } from "./composed.ts";
import { podman } from "./podman.ts";
import { expect, type Proof } from "./proofs.ts";

const { metadata, spec } = testRun({ profile: profile("smoke", 1), pods: 1, firstMessage: 0 });

/** What one k6 of a load on Kubernetes does here; elsewhere k6-operator starts it. */
export const LOAD_POD: Proof = {
  what: "the image for load on Kubernetes has all that profiles read, and loads as a TestRun confines it",
  run: async (composed) => {
    const added = await addedBytes("load");
    expect("the image of a TestRun", `localhost/${spec.runner.image}`, await builtImage("load"));
    // As the operator's first pod does: what a script imports and opens goes into an archive, which must do alone.
    const of = (name: string) => spec.script.localFile.replace("smoke", name);
    const archive = `k6 archive ${of("@")} -O /tmp/@.tar && k6 inspect --execution-requirements /tmp/@.tar`;
    const all = `printf '%s\\n' ${PROFILE_NAMES.join(" ")} | xargs -P 4 -I @ sh -c '${archive}'`;
    await inPod(spec.initializer, ["--entrypoint=sh"], ["-c", all]);

    const hosts = [
      `${FLEET.host}:${await addressOf("exporter")}`,
      `${new URL(FLEET.prometheusWriteUrl).hostname}:${await addressOf("prometheus")}`,
    ];
    const reach = ["--network=headroom_default", ...hosts.map((host) => `--add-host=${host}`)];
    const tag = ["--tag", `testrun_name=${metadata.name}`];
    const k6 = ["run", "--quiet", ...spec.arguments.split(" "), ...tag, spec.script.localFile];
    await inPod(spec.runner, reach, k6);
    const requests = `k6_http_reqs_total{testrun_name="${metadata.name}"`;
    const sent = await composed.query(`sum(${requests}})`);
    expect("requests are answered", (sent ?? 0) > 0, true);
    const failed = await composed.query(`sum(${requests},expected_response!="true"})`);
    expect("requests that failed", failed, undefined);
    return `${PROFILE_NAMES.length} profiles, ${formatBytes(added)} above k6's; ${sent} requests answered`;
  },
};

/** Runs a container as a TestRun has it confined, and on a root that is read-only besides. */
async function inPod(
  { image, env, securityContext, containerSecurityContext }: typeof spec.initializer,
  options: readonly string[],
  command: readonly string[],
): Promise<void> {
  const confined = [
    ...["--read-only", "--tmpfs=/tmp", "--security-opt=no-new-privileges"],
    ...[
      `--user=${securityContext.runAsUser}`,
      `--cap-drop=${containerSecurityContext.capabilities.drop.join()}`,
    ],
    ...env.flatMap((one) => ("value" in one ? [`--env=${one.name}=${one.value}`] : [])),
  ];
  await podman(["run", "--rm", ...confined, ...options, image, ...command]);
}

const ADDRESS = '{{(index .NetworkSettings.Networks "headroom_default").IPAddress}}';

/** Of a service in the network of all. */
const addressOf = (service: ServiceName): Promise<string> =>
  podman(["inspect", "--format", ADDRESS, containerOf(service)]);
