// Node 20 does not run `--import` in worker threads, so the loader for TypeScript is registered here.
import { register } from "tsx/esm/api";

register();
await import("./worker.ts");
