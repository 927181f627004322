import { join } from "node:path";
import { Command } from "commander";
import { activityOn } from "./progress.ts";
import { runPackage } from "./processes/run.ts";
import { interruptSignal, runCommand } from "./command.ts";
import { ROOT } from "./places.ts";
import { fetchVulkanBuild, requireMesa } from "./vulkan/prepare.ts";

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
  .exitOverride();

await runCommand(async () => {
  command.parse();
  const signal = interruptSignal((text) => process.stderr.write(`${text}\n`));
  const activity = activityOn(process.stderr);
  const tools = join(ROOT, ".tools");
  const folder = await fetchVulkanBuild(tools, { activity, signal });
  await requireMesa({ activity, signal });
  const code = await runPackage("jest", ["--verbose", TESTS], {
    nodeArguments: ["--experimental-vm-modules", "--no-warnings=ExperimentalWarning"],
    env: {
      ...process.env,
      HEADROOM_VULKAN_BUILD: folder,
      // llama.cpp leaves out devices in software that nobody names.
      GGML_VK_VISIBLE_DEVICES: "0",
      MESA_SHADER_CACHE_DIR: join(tools, "vulkan", "shaders"),
    },
    signal,
  });
  return code === 0 ? 0 : 1;
});
