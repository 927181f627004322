import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Command } from "commander";
import type { Activity } from "./progress.ts";
import { runPackage, runQuietly } from "./processes/run.ts";
import { begin, runCommand } from "./command.ts";
import { ROOT } from "./places.ts";
import { canInstallFromDebian, installFromDebian } from "./tools/sources.ts";

/** Package of node-llama-cpp with llama.cpp's library for Vulkan, and its folder of files. */
const PACKAGE = "@node-llama-cpp/linux-x64-vulkan";
const BINS = "bins/linux-x64-vulkan";

/** Where the library goes, and the programs that the driver compiles. */
const FOLDER = join(ROOT, ".tools", "vulkan");

/** Debian's packages: Vulkan's loader, and Mesa's drivers, one of which computes on the processor. */
const DEBIAN = ["libvulkan1", "mesa-vulkan-drivers"] as const;

/** Where the loader looks for drivers, and what Mesa calls the one in software. */
const DRIVERS = "/usr/share/vulkan/icd.d";
const SOFTWARE = /^lvp_icd.*\.json$/;

/** The tests that need a Vulkan device, and are left out without one. */
const TESTS = "exporter/src/engine/vulkan.test.ts";

const command = new Command("npm run check:vulkan --")
  .description(
    "Runs the sentiment model on a Vulkan device that Mesa computes in software: layers, memory, and\n" +
      "what happens when the device is too small or lost. Fetches llama.cpp's Vulkan build (24 MB) into\n" +
      ".tools/ and, as root on Debian, installs Mesa's drivers.",
  )
  .addHelpText(
    "after",
    "\nTakes a minute or two; the first run some minutes more, in which the driver compiles its\n" +
      "programs.\n" +
      "\nExit codes: 0 all passed; 1 a test failed; 2 could not run; 130 interrupted.",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run check:vulkan\n  MESA_SHADER_CACHE_DIR=/tmp npm run check:vulkan",
  )
  .exitOverride();

await runCommand(async () => {
  command.parse();
  const { activity, signal } = begin();
  const folder = await fetchVulkanBuild({ activity, signal });
  await requireMesa({ activity, signal });
  const code = await runPackage("jest", ["--verbose", TESTS], {
    nodeArguments: ["--experimental-vm-modules", "--no-warnings=ExperimentalWarning"],
    env: {
      ...process.env,
      HEADROOM_VULKAN_BUILD: folder,
      // llama.cpp leaves out devices in software that nobody names.
      GGML_VK_VISIBLE_DEVICES: "0",
      MESA_SHADER_CACHE_DIR: join(FOLDER, "shaders"),
    },
    signal,
  });
  return code === 0 ? 0 : 1;
});

interface Preparing {
  readonly activity: Activity;
  readonly signal: AbortSignal;
}

/**
 * Fetches llama.cpp's library for Vulkan of the very version that node-llama-cpp names, into a folder
 * of its own: installed beside the others it would be used by every start.
 *
 * @returns the folder with its files
 * @throws Error when the platform has none, or npm cannot fetch it
 */
async function fetchVulkanBuild({ activity, signal }: Preparing): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== "linux-x64") {
    throw new Error(
      `This check is for linux-x64, the platform with a Vulkan build, not ${platform}.`,
    );
  }
  const version = await wantedVersion();
  const folder = join(FOLDER, version);
  const bins = join(folder, BINS);
  if (existsSync(bins)) return bins;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await activity(`Fetching ${PACKAGE} ${version}`, async () => {
    await runQuietly("npm", ["pack", "--silent", `${PACKAGE}@${version}`], {
      cwd: partial,
      signal,
    });
    const [archive] = (await readdir(partial)).filter((name) => name.endsWith(".tgz"));
    const unpack = ["-xzf", archive!, "--strip-components=1"];
    await runQuietly("tar", unpack, { cwd: partial, signal });
    await rm(join(partial, archive!));
  });
  await rename(partial, folder);
  return bins;
}

/**
 * Sees that Mesa's driver in software is here, and installs it as root.
 *
 * @throws Error with the command to type when it cannot be installed from here
 */
async function requireMesa({ activity, signal }: Preparing): Promise<void> {
  if (await hasMesa()) return;
  if (!canInstallFromDebian(process.env)) {
    throw new Error(
      "Mesa's Vulkan driver in software is not here. On Debian and Ubuntu:\n" +
        `  sudo apt-get install --no-install-recommends ${DEBIAN.join(" ")}`,
    );
  }
  for (const name of DEBIAN) {
    await installFromDebian(name, { env: process.env, activity, signal });
  }
}

async function hasMesa(): Promise<boolean> {
  const drivers = await readdir(DRIVERS).catch(() => []);
  return drivers.some((name) => SOFTWARE.test(name));
}

async function wantedVersion(): Promise<string> {
  const file = createRequire(join(ROOT, "exporter", "package.json")).resolve("node-llama-cpp");
  const description = JSON.parse(
    await readFile(join(file, "..", "..", "package.json"), "utf8"),
  ) as { readonly optionalDependencies?: Readonly<Record<string, string>> };
  const version = description.optionalDependencies?.[PACKAGE];
  if (version === undefined) throw new Error(`node-llama-cpp names no version of ${PACKAGE}.`);
  return version;
}
