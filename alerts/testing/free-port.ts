import { once } from "node:events";
import { createServer } from "node:net";

/** Below what Linux gives to connections (32768 to 60999), one of which could take the port meanwhile. */
const [FIRST, COUNT] = [12_000, 20_000];

/** A port of 127.0.0.1 on which nobody listened a moment ago, for a program that must be told one. */
export async function freePort(): Promise<number> {
  for (;;) {
    // Any, and not the next: test files that run beside each other ask at the same moment.
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const server = createServer().listen({ port, host: "127.0.0.1", exclusive: true });
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
