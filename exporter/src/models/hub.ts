import { HeadroomError } from "../errors.ts";
import type { ModelAddress } from "./model-choice.ts";

/** What a hub says about a file before it is downloaded. */
export interface Published {
  readonly sizeBytes?: number;
  readonly sha256?: string;
}

/** Without an answer for so long, a hub is out of reach. */
const REACH_MS = 8_000;

/** Codes that mean "not for you", also where the hub hides whether the file exists. */
const FORBIDDEN: readonly number[] = [401, 403];
const GONE: readonly number[] = [404, 410];

/** A server may know GET only. */
const NO_HEAD: readonly number[] = [405, 501];

/** The hub that node-llama-cpp would use, by the same variables, ending in a slash. */
export function hubAddress(env: Readonly<Record<string, string | undefined>>): string {
  const set = [env["MODEL_ENDPOINT"], env["HF_ENDPOINT"]].find((url) => url && URL.canParse(url));
  return (set ?? "https://huggingface.co").replace(/\/*$/, "/");
}

/**
 * Asks whether a model can be downloaded. The downloader itself would try for minutes to reach a hub that
 * is not there.
 *
 * @throws HeadroomError `model_failed` when the hub cannot be reached or does not have the file
 * @throws the signal's reason
 */
export async function askHub(
  address: ModelAddress,
  hub: string,
  signal: AbortSignal,
): Promise<Published> {
  const url = address.url(hub);
  const { host } = new URL(url);
  const token = process.env["HF_TOKEN"];
  const response = await fetch(url, {
    method: "HEAD",
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(REACH_MS)]),
    // The token is for the hub alone.
    ...(token && url.startsWith(hub) && { headers: { authorization: `Bearer ${token}` } }),
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new HeadroomError("model_failed", `${host} cannot be reached (${reasonOf(cause)})`, {
      cause,
    });
  });
  if (FORBIDDEN.includes(response.status)) {
    const next = "accept its licence there if it has one, and set HF_TOKEN";
    throw refusal(`${host} does not give ${url} without permission (${response.status}): ${next}`);
  }
  if (GONE.includes(response.status)) {
    throw refusal(`${host} does not have ${url} (${response.status})`);
  }
  if (response.status >= 400 && !NO_HEAD.includes(response.status)) {
    throw refusal(`${host} answers ${response.status} to ${url}`);
  }
  return published(response.headers);
}

/**
 * Hugging Face answers for a large file with its size and SHA-256 and sends the client elsewhere
 * (`HUGGINGFACE_HEADER_X_LINKED_ETAG` and `_SIZE` in
 * https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/constants.py).
 */
function published(headers: Headers): Published {
  const sha256 = /^"?([0-9a-f]{64})"?$/.exec(headers.get("x-linked-etag") ?? "")?.[1];
  const size = Number(headers.get("x-linked-size") ?? Number.NaN);
  return { ...(sha256 && { sha256 }), ...(Number.isSafeInteger(size) && { sizeBytes: size }) };
}

function refusal(text: string): HeadroomError {
  return new HeadroomError("model_failed", text);
}

function reasonOf(error: unknown): string {
  const { cause, message, name } = error as Error;
  if (name === "TimeoutError") return `no answer for ${REACH_MS / 1000} s`;
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
}
