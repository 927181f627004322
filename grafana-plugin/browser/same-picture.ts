import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

/** Pictures that a person has looked at, committed. */
const ACCEPTED = join(import.meta.dirname, "pictures");
/** Pictures of the last run, and what differs; git ignores it. */
const ARTIFACTS = join(import.meta.dirname, "artifacts");

/** How much two pixels may differ, 0 to 1: pixelmatch's own default. */
const PIXEL_TOLERANCE = 0.1;

/**
 * Keeps a picture under the artifacts and compares it with the accepted one.
 *
 * With HEADROOM_ACCEPT_PICTURES=true it becomes the accepted one.
 *
 * @returns the share of pixels that differ
 * @throws Error when there is no accepted picture, or one of another size
 */
export async function differingShare(name: string, picture: Buffer): Promise<number> {
  const accepted = join(ACCEPTED, `${name}.png`);
  await write(join(ARTIFACTS, `${name}.png`), picture);
  if (process.env["HEADROOM_ACCEPT_PICTURES"] === "true") {
    await write(accepted, picture);
    return 0;
  }
  if (!existsSync(accepted)) {
    throw new Error(
      `There is no accepted picture ${name}. Look at browser/artifacts/${name}.png, then run the ` +
        "test with HEADROOM_ACCEPT_PICTURES=true.",
    );
  }
  const wanted = PNG.sync.read(await readFile(accepted));
  const got = PNG.sync.read(picture);
  if (wanted.width !== got.width || wanted.height !== got.height) {
    throw new Error(
      `${name} is ${got.width} x ${got.height} pixels, accepted is ${wanted.width} x ${wanted.height}.`,
    );
  }
  const difference = new PNG({ width: got.width, height: got.height });
  const count = pixelmatch(wanted.data, got.data, difference.data, got.width, got.height, {
    threshold: PIXEL_TOLERANCE,
  });
  if (count > 0) {
    await write(join(ARTIFACTS, `${name}.difference.png`), PNG.sync.write(difference));
  }
  return count / (got.width * got.height);
}

async function write(file: string, content: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
