// Loaded before a program (NODE_OPTIONS=--import), it has V8 collect all garbage every second. What
// then still grows is held by somebody, and is not garbage that V8 has had no reason to collect.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
setInterval(runInNewContext("gc"), 1_000).unref();
