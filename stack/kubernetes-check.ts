import { Command } from "commander";
import { begin, runCommand } from "./command.ts";
import { startApiServer } from "./kubernetes/api-server.ts";
import { clusterFindings } from "./kubernetes/cluster-checks.ts";
import { makeRunFolder } from "./places.ts";
import { say } from "./progress.ts";
import { Session } from "./session.ts";
import { KUBERNETES_TOOLS } from "./tools/kubernetes.ts";
import { requireTool } from "./tools/obtain.ts";

const command = new Command("npm run kubernetes:check --")
  .description(
    "Gives all of deploy/kubernetes to a real API server (kube-apiserver with etcd, without nodes): tries\n" +
      "and applies each overlay, compares what came back, and asks who is admitted and who may do what.",
  )
  .addHelpText(
    "after",
    "\nThe first run builds kube-apiserver with Go, some five minutes of processor time; after that it takes\n" +
      "half a minute. What runs in a pod, it does not show: nothing runs here.\n" +
      "\nExit codes: 0 all is taken as it is meant; 1 something is not; 2 could not run; 130 interrupted.\n" +
      "\nExamples:\n  npm run kubernetes:check\n  HEADROOM_KUBECTL=/usr/local/bin/kubectl npm run kubernetes:check",
  )
  .exitOverride();

await runCommand(async () => {
  command.parse();
  const running = begin();
  const file = (name: keyof typeof KUBERNETES_TOOLS) =>
    requireTool(KUBERNETES_TOOLS[name], running);
  const programs = {
    etcd: await file("etcd"),
    "kube-apiserver": await file("kube-apiserver"),
    kubectl: await file("kubectl"),
  };
  const session = new Session({ ...running, folder: await makeRunFolder(), say });
  let [passed, failed] = [0, 0];
  try {
    const server = await startApiServer(session, programs);
    for await (const { about, problems } of clusterFindings(server)) {
      console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${about}`);
      for (const problem of problems) console.log(`       ${problem}`);
      if (problems.length === 0) passed += 1;
      else failed += 1;
    }
  } finally {
    await session.stop();
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
