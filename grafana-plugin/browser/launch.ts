import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

/** Names under which a PATH holds Chromium or Chrome. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where macOS keeps programs with windows; they are not on the PATH. */
const MAC_FILES = [
  "Chromium.app/Contents/MacOS/Chromium",
  "Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Nothing that asks the network, and no sandbox: containers seldom allow one. */
const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/**
 * The browser for tests and screenshots: the file that `HEADROOM_CHROMIUM` names, then Chromium or
 * Chrome on the PATH, then in the Mac's application folders.
 *
 * @param applications the folders of macOS that hold programs with windows
 * @throws Error that says what to install when there is none
 */
export function findBrowser(
  env: NodeJS.ProcessEnv = process.env,
  applications: readonly string[] = ["/Applications", join(env["HOME"] ?? "/", "Applications")],
): string {
  const named = env["HEADROOM_CHROMIUM"];
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`HEADROOM_CHROMIUM names ${named}, which is not an executable file.`);
  }
  const onPath = (env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const found = [
    ...onPath.flatMap((folder) => NAMES.map((name) => join(folder, name))),
    ...applications.flatMap((folder) => MAC_FILES.map((file) => join(folder, file))),
  ].find(isExecutable);
  if (found) return found;
  throw new Error(
    "No Chromium or Chrome was found. Install one (Debian: apt-get install chromium; macOS: " +
      "brew install --cask chromium), or name its file in HEADROOM_CHROMIUM.",
  );
}

/**
 * Starts the browser without a window and with a fresh profile, which goes away when it is closed.
 *
 * @param flags further command line flags
 * @throws Error when there is no browser or it does not start
 */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: findBrowser(), args: [...FLAGS, ...flags] });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
