import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CHAT_MODELS } from "@headroom/exporter/models/catalogue";
import { readModelChoice } from "@headroom/exporter/models/model-choice";
import { DURATION_SECONDS, PROFILE_NAMES, profile } from "@headroom/loadtest/plan/profiles";
import { inColumns } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { EXPORTER_PORT } from "./services.ts";
import type { UpstreamChoice } from "./upstream.ts";

/** A load run is bounded; a day is past any sensible one. */
const LONGEST_SECONDS = 86_400;

/** `--duration`, in seconds. */
export const durationOption = () =>
  new Option("--duration <time>", "how long the load lasts, like 30s or 2m").argParser(
    asArgument((text) => {
      const seconds = parseDuration(text);
      const { least, most } = DURATION_SECONDS;
      if (seconds < least || seconds > most) {
        throw new RangeError(`a load lasts ${least} to ${most} s; got "${text}"`);
      }
      return seconds;
    }),
  );

/** `--model`, an absolute path. */
export const modelOption = () =>
  new Option("--model <path>", "a GGUF to run instead of the embedded model").argParser(
    asArgument(existingFile),
  );

/** `--chat-model`, in words of HEADROOM_CHAT_MODEL; a path is made absolute. */
export const chatModelOption = () =>
  new Option(
    "--chat-model <model>",
    "the model that arranges status answers: auto, none, an id of npm run model -- list,\n" +
      "the path of a GGUF file, or an hf: address; HEADROOM_CHAT_MODEL holds without it",
  ).argParser(
    asArgument((text) => {
      if (readModelChoice(text).kind !== "path") return text;
      const file = resolve(process.env["INIT_CWD"] ?? ".", text);
      if (existsSync(file)) return file;
      const ids = CHAT_MODELS.map(({ id }) => id).join(", ");
      throw new RangeError(`there is no file ${file}; other choices are auto, none, ${ids}`);
    }),
  );

/** `--simulate`. */
export const simulateOption = () =>
  new Option("--simulate", "use the simulated engine, whose answers are made up and say so");

/** What the options of {@link addServerOptions} say. */
export interface ServerOptions extends Partial<UpstreamChoice> {
  /** An absolute path. */
  readonly limits?: string;
}

/** Adds `--upstream`, `--upstream-model`, `--allow-remote` and `--limits`. */
export function addServerOptions(command: Command): Command {
  return command
    .addOption(
      or(
        "HEADROOM_UPSTREAM_URL",
        new Option(
          "--upstream <address>",
          "a model server with OpenAI's API, like http://127.0.0.1:11434, to watch and to load\n" +
            "(its key: HEADROOM_UPSTREAM_KEY); HEADROOM_UPSTREAM_URL holds without it",
        ),
      ),
    )
    .option("--upstream-model <name>", "its model that the load asks; the first that it lists")
    .option("--allow-remote <host>", "a model server on another machine, named again")
    .addOption(
      or(
        "HEADROOM_LIMITS_FILE",
        new Option(
          "--limits <file>",
          "limits of your own, as JSON; HEADROOM_LIMITS_FILE holds without it",
        ).argParser(asArgument(existingFile)),
      ),
    );
}

/** Without an option its variable holds; an empty one is none, as for the exporter. */
const or = (variable: string, option: Option): Option =>
  process.env[variable] ? option.env(variable) : option;

/** `--port`. */
export const portOption = () =>
  new Option("--port <number>", "port of the exporter; the next free one when it is taken")
    .default(EXPORTER_PORT)
    .argParser(
      asArgument((text) => {
        const port = Number(text);
        if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
          throw new RangeError(`a port is a whole number from 1 to 65535; got "${text}"`);
        }
        return port;
      }),
    );

/** A list of names and what they are, for a help text as wide as the terminal. */
export const helpList = (title: string, rows: readonly (readonly string[])[]): string =>
  `${title}:\n${inColumns(rows, { ...screenOn(), paint: (text) => text })}`;

/** The profiles with what each one shows, for a help text. */
export function profileList(): string {
  const rows = PROFILE_NAMES.map((name) => {
    const { shows, durationSeconds } = profile(name);
    return [name, `${shows} (${durationSeconds} s)`];
  });
  return helpList("Profiles", rows);
}

/**
 * A duration such as "30s", "2m" or "1m30s" in seconds; a bare number is seconds.
 *
 * @throws RangeError for anything else, for zero, and for more than a day
 */
export function parseDuration(text: string): number {
  const parts = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(text.trim());
  const [hours = 0, minutes = 0, seconds = 0] = (parts ?? []).slice(1).map((p) => Number(p ?? 0));
  const total = hours * 3600 + minutes * 60 + seconds;
  if (!parts || total < 1 || total > LONGEST_SECONDS) {
    throw new RangeError(`a duration is like 30s, 2m or 1m30s, at most a day; got "${text}"`);
  }
  return total;
}

/**
 * An absolute path, of where the person who typed it stands.
 *
 * @throws RangeError when nothing is there
 */
export function existingFile(text: string): string {
  const file = resolve(process.env["INIT_CWD"] ?? ".", text);
  if (!existsSync(file)) throw new RangeError(`there is no file ${file}`);
  return file;
}

/** Lets commander name the option when its value cannot be used. */
export function asArgument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}

/** Reads a number of things, from 1 on; what it refuses is told as the option's own mistake. */
export const wholeNumber = (what: string, most: number): ((text: string) => number) =>
  asArgument((text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
    throw new RangeError(`${what} are 1 to ${most}; got "${text}"`);
  });
