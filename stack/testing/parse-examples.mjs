// Loads commands, whose files are named by its arguments, and has each parse the examples of its own help
// instead of doing its work. Tells the help and the examples of each as JSON, or why one cannot be parsed.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "commander";

const { parse, action } = Command.prototype;
const EXAMPLE =
  /^(?:[A-Z_]+=\S+ )?npm (?:start|test|run (?:--silent )?\S+)(?: -- ([^#&|>]*))?(?: [#&|>].*)?$/;
const ENOUGH = new Error("the work of a command is not wanted");
const found = [];

// A subcommand would do its work while it is parsed.
Command.prototype.action = function () {
  return action.call(this, () => {});
};
Command.prototype.parse = function () {
  let help = "";
  this.exitOverride().configureOutput({ writeOut: (text) => (help += text), writeErr: () => {} });
  this.outputHelp();
  const [, lines = ""] = /\nExamples:\n((?: {2}\S.*\n?)*)/.exec(help) ?? [];
  const examples = lines.match(/\S.*/g) ?? [];
  const problems = examples.flatMap((example) => {
    try {
      const [, words = ""] = EXAMPLE.exec(example);
      parse.call(this, words.split(" ").filter(Boolean), { from: "user" });
      return [];
    } catch (error) {
      return [`${example}: ${error.message}`];
    }
  });
  found.push({ help, examples, problems });
  throw ENOUGH;
};
Command.prototype.parseAsync = Command.prototype.parse;

for (const file of process.argv.slice(2)) {
  await import(pathToFileURL(resolve(file)).href).catch((error) => {
    if (error !== ENOUGH) throw error;
  });
}
console.log(JSON.stringify(found));
process.exit(0);
