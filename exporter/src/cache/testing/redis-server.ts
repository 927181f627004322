import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** A real redis-server without persistence, on a free port of loopback, for tests. */
export class RedisServer {
  readonly port: number;
  readonly url: string;
  #process: ChildProcess | undefined;

  /** Takes a port; nothing listens on it before {@link start}. */
  constructor(port: number, password?: string) {
    this.port = port;
    this.url = `redis://${password ? `:${password}@` : ""}127.0.0.1:${port}`;
  }

  /**
   * Starts the server and waits until it listens.
   *
   * @throws Error when the program is missing or ends at once
   */
  async start(...more: string[]): Promise<void> {
    const program = process.env["HEADROOM_REDIS_SERVER"] ?? "redis-server";
    const settings = ["--port", String(this.port), "--bind", "127.0.0.1", "--save", "", ...more];
    const child = spawn(program, settings, { stdio: ["ignore", "pipe", "inherit"] });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      const hint = "install redis-server, or give its path in HEADROOM_REDIS_SERVER";
      child.once("error", (cause) => reject(new Error(`${program}: ${hint}`, { cause })));
      child.once("exit", (code) => reject(new Error(`${program} ended with code ${code}`)));
      child.stdout.setEncoding("utf8").on("data", (lines: string) => {
        if (lines.includes("Ready to accept connections")) resolve();
      });
    });
  }

  /** Stops the process where it is; its sockets stay open. */
  freeze(): void {
    this.#process?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#process?.kill("SIGCONT");
  }

  /** Ends the server at once, as a crash would. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}
