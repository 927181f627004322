import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The processes that a process started, and whose command line names this program. */
export async function childrenOf(pid: number, program: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,args="]);
  return stdout.split("\n").flatMap((line) => {
    const [own, parent, ...args] = line.trim().split(/\s+/);
    return parent === String(pid) && args.join(" ").includes(program) ? [Number(own)] : [];
  });
}
