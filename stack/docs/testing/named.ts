/** A command of package.json that a document tells a person to type. */
export interface NamedCommand {
  /** Name of the script. */
  readonly script: string;
  /** What comes after `--`, split at spaces. */
  readonly words: readonly string[];
}

const FENCE = /^```\w*[^\n]*\n(.*?)^```/gms;

/** Top folders of the checkout in which a path can be named. */
const FOLDERS =
  "alerts|docs|exporter|grafana-plugin|incidents|loadtest|provisioning|stack|\\.github";

/** The code of a text: each inline piece, and each line of its blocks. */
export function codeOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(FENCE)].flatMap(([, code = ""]) =>
    // A line that ends with a backslash goes on.
    code.replaceAll(/\s*\\\n\s*/g, " ").split("\n"),
  );
  const inline = [...text.replaceAll(FENCE, "").matchAll(/`([^`]+)`/g)];
  return [...blocks, ...inline.map(([, code = ""]) => code.replaceAll(/\s+/g, " "))];
}

/** The commands of package.json in a text's code. */
export function commandsOf(text: string): readonly NamedCommand[] {
  return codeOf(text).flatMap((code) =>
    [
      ...code.matchAll(
        /\bnpm (?:run (?:--silent )?([a-z][\w:-]*)|(start|test))(?: -- ([^#&|;]*))?/g,
      ),
    ].map(([, run, short, rest = ""]) => ({
      script: run ?? short ?? "",
      words: rest.split(" ").filter((word) => word !== ""),
    })),
  );
}

/**
 * The files and folders that a text's code names or runs, as paths within the checkout. What a build
 * makes stands for what it is made of.
 */
export function pathsOf(text: string): readonly string[] {
  return codeOf(text)
    .flatMap((code) => [
      ...[...code.matchAll(/\bnode (?:--\S+ )*([\w./-]+\.(?:ts|js|mjs))/g)].map(([, path = ""]) =>
        path.replace("dist/main.js", "src/main.ts"),
      ),
      ...[...code.matchAll(new RegExp(`^((?:${FOLDERS})/[\\w./-]*)$`, "g"))].map(
        ([, path = ""]) => path,
      ),
    ])
    .filter((path) => !/(^|\/)(dist|artifacts)\//.test(path));
}
