import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../places.ts";
import { runQuietly } from "../processes/run.ts";
import type { Running } from "../progress.ts";
import { TOOLS } from "../tools/catalogue.ts";
import { requireTool } from "../tools/obtain.ts";
import { buildWithGo } from "../tools/sources.ts";
import { CONTAINERS, PASSING, podman, PODMAN_ENV } from "./podman.ts";

/** The images that this checkout builds, each by a Dockerfile, and how many bytes it may add to its base. */
export const BUILT = {
  exporter: { folder: "exporter", base: "node", mostBytes: 120e6 },
  incidents: { folder: "incidents", base: "node", mostBytes: 40e6 },
  load: { folder: "loadtest", base: "k6", mostBytes: 5e6 },
} as const;
type Built = keyof typeof BUILT;

/** Alertmanager takes the part of Grafana, which has no stand-in: it judges nothing, and tells incidents. */
export const ALERTMANAGER_IMAGE = "docker.io/prom/alertmanager:v0.34.2";

const STAND_INS = join(import.meta.dirname, "stand-ins", "Containerfile");
/** Holds the recipe of the stand-ins, as long as nothing else has their names. */
const MADE = join(CONTAINERS, "stand-ins");
const CONTEXT = join(PASSING, "context");
const DEBIAN = "bookworm";
const DEBIAN_IMAGE = "localhost/headroom-debian";

/** What one image may take; the largest has some 200 MB. */
const PULL_SECONDS = 300;

/** What a rootfs has that no program reads. */
const UNREAD = ["usr/share/doc", "usr/share/man", "usr/share/locale", "var/cache/apt"];

/** The name of an image with its registry. */
const whole = (image: string): string =>
  `docker.io/${image.includes("/") ? image : `library/${image}`}`;

/** The images of the Dockerfiles and of the compose file that come from elsewhere, by what each is. */
export async function foreignImages(): Promise<Readonly<Record<string, string>>> {
  const read = (...file: string[]) => readFile(join(ROOT, ...file), "utf8");
  const [, node] = /^FROM (node:\S+)/m.exec(await read("exporter", "Dockerfile"))!;
  const named = [...(await read("docker-compose.yml")).matchAll(/^ +image: (\S+)$/gm)];
  const others = named.flatMap(([, image = ""]) => {
    const [, what = ""] = /([a-z\d-]+):/.exec(image)!;
    return what === "grafana" || what.startsWith("headroom-") ? [] : [[what, whole(image)]];
  });
  return {
    node: whole(node!),
    alertmanager: ALERTMANAGER_IMAGE,
    ...(Object.fromEntries(others) as Readonly<Record<string, string>>),
  };
}

/** Fetches the real images. @throws Error that says what to do when one cannot be had */
export async function pullImages({ activity, signal }: Running): Promise<void> {
  for (const image of Object.values(await foreignImages())) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(1000 * PULL_SECONDS)]);
    const options = { env: PODMAN_ENV, signal: limit };
    await activity(`Fetching ${image}`, () =>
      runQuietly("podman", ["pull", "--quiet", image], options).catch(({ message }: Error) => {
        signal.throwIfAborted();
        const why = limit.aborted ? `not within ${PULL_SECONDS} s` : message.split("\n").at(-1);
        throw new Error(
          `${image} could not be fetched (${why}). Without --pull stand-ins of Debian's programs take ` +
            "its place; else try again where docker.io is reached (podman heeds HTTPS_PROXY).",
        );
      }),
    );
    await rm(MADE, { force: true });
  }
}

/**
 * Makes a stand-in for each image from elsewhere, unless they are there and made by the same recipe.
 *
 * @throws Error with the last lines of what failed
 */
export async function makeStandIns(running: Running): Promise<void> {
  const { activity, signal } = running;
  const recipe = createHash("sha256")
    .update(await readFile(STAND_INS, "utf8"))
    .update(JSON.stringify([process.version, await foreignImages()]))
    .digest("hex");
  if ((await readFile(MADE, "utf8").catch(() => "")) === recipe) return;
  const quietly = (command: string, ...args: string[]) =>
    runQuietly(command, args, { env: PODMAN_ENV, signal });
  if (!(await exists(DEBIAN_IMAGE))) {
    const rootfs = join(PASSING, "rootfs");
    await activity(`Making a Debian ${DEBIAN} with debootstrap (a minute)`, async () => {
      const include = "--include=ca-certificates";
      await quietly("debootstrap", "--variant=minbase", include, DEBIAN, rootfs);
      for (const folder of UNREAD) await rm(join(rootfs, folder), { recursive: true, force: true });
      await quietly("tar", "-C", rootfs, "-cf", `${rootfs}.tar`, ".");
      await quietly("podman", "import", "--quiet", `${rootfs}.tar`, DEBIAN_IMAGE);
    });
  }
  await mkdir(join(CONTEXT, "npm"), { recursive: true });
  await cp(await requireTool("k6", running), join(CONTEXT, "k6"));
  // Of the very version: the health check asks for what Debian's is too old for.
  for (const name of ["prometheus", "promtool"] as const) {
    const source = TOOLS[name].sources.find((one) => one.kind === "go")!;
    await buildWithGo(TOOLS[name], source, { ...running, toolsFolder: CONTEXT, env: process.env });
  }
  await activity("Making stand-ins for the images from elsewhere", async () => {
    await cp(process.execPath, join(CONTEXT, "node"));
    await quietly("npm", "install", "--prefix", join(CONTEXT, "npm"), "npm@11");
    for (const [target, image] of Object.entries(await foreignImages())) {
      const what = ["--target", target, "--tag", image, "--file", STAND_INS, CONTEXT];
      await quietly("podman", "build", ...(await buildOptions()), ...what);
    }
  });
  await writeFile(MADE, recipe);
}

/** Builds all images as their Dockerfiles say. @throws Error with the build's last lines */
export async function buildImages({ activity, signal }: Running): Promise<void> {
  for (const name of Object.keys(BUILT) as Built[]) {
    const file = join(BUILT[name].folder, "Dockerfile");
    const what = ["--tag", await builtImage(name), "--file", file, "."];
    await activity(`Building the image of ${name}`, async () =>
      runQuietly("podman", ["build", ...(await buildOptions()), ...what], {
        env: PODMAN_ENV,
        signal,
      }),
    );
  }
}

/** The name under which the compose file and the manifests look for an image of this checkout. */
export async function builtImage(name: Built): Promise<string> {
  const file = join(ROOT, BUILT[name].folder, "package.json");
  const { version } = JSON.parse(await readFile(file, "utf8")) as { readonly version: string };
  return `localhost/headroom-${name}:${version}`;
}

/** Bytes that an image adds to its base. @throws Error when they are more than it may */
export async function addedBytes(name: Built): Promise<number> {
  const size = async (image: string) =>
    Number(await podman(["image", "inspect", "--format", "{{.Size}}", image]));
  const { base, mostBytes } = BUILT[name];
  const added = (await size(await builtImage(name))) - (await size((await foreignImages())[base]!));
  if (added > mostBytes)
    throw new Error(`${name} adds ${added} bytes, and ${mostBytes} are allowed`);
  return added;
}

async function exists(image: string): Promise<boolean> {
  return podman(["image", "exists", image]).then(
    () => true,
    () => false,
  );
}

/**
 * On the machine's own network, where packages are fetched: with npm's cache kept, and with trust in
 * the authorities that this machine's Node was told of, as behind a company's proxy.
 */
async function buildOptions(): Promise<readonly string[]> {
  const cache = join(CONTAINERS, "npm-cache");
  const npmrc = join(CONTAINERS, "npmrc");
  const inside = "/usr/local/etc";
  const authorities = process.env["NODE_EXTRA_CA_CERTS"];
  await mkdir(cache, { recursive: true });
  await writeFile(npmrc, `cafile=${inside}/authorities.pem\n`);
  const trust = authorities && [
    ...["--volume", `${npmrc}:${inside}/npmrc:ro`],
    ...["--volume", `${authorities}:${inside}/authorities.pem:ro`],
  ];
  return ["--quiet", "--network=host", "--volume", `${cache}:/root/.npm`, ...(trust || [])];
}
