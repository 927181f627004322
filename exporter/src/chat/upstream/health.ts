import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Logger } from "../../http/problem.ts";
import { answerFrom } from "./answer-fields.ts";
import { UpstreamProblem, type UpstreamClient } from "./client.ts";
import { answerHeaders, type HeaderList } from "./headers.ts";

/** Of a list of models. */
const LIST_BYTES = 1024 * 1024;
/** Models that get a name in metrics. */
const MOST_MODELS = 32;
/** Time for an answer to a look, in seconds. */
const LOOK_SECONDS = 5;
/** Between two looks, in seconds: while the server is up, and until it is. */
const EVERY_SECONDS = { up: 5, down: 1 } as const;
/**
 * While a server makes texts it is not asked anything else, because some can do only one thing at a time
 * (llama-cpp-python breaks a text off when another request waits); unless it was silent for so long, in seconds.
 */
const SILENT_SECONDS = 60;

/** What a server lists, as it answered. */
export interface ModelList {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

/**
 * Asks for the list of models.
 *
 * @throws UpstreamProblem, or the signal's reason
 */
export async function askForModels(
  client: UpstreamClient,
  headers: HeaderList,
  signal: AbortSignal,
): Promise<ModelList> {
  const incoming = await client.send({ method: "GET", path: "/v1/models", headers, signal });
  const { statusCode: status = 0 } = incoming;
  if (status >= 300 && status < 400) {
    incoming.destroy();
    const detail = `The model server redirects (${status}), which is not followed; set HEADROOM_UPSTREAM_URL.`;
    throw new UpstreamProblem("redirected", detail);
  }
  return { status, headers: answerHeaders(incoming), body: await boundedBody(incoming) };
}

async function boundedBody(incoming: IncomingMessage): Promise<Buffer> {
  let bytes = 0;
  incoming.on("data", (some: Buffer) => {
    bytes += some.length;
    if (bytes > LIST_BYTES) incoming.destroy(new Error("it has more than a megabyte"));
  });
  return buffer(incoming).catch((error: Error) => {
    const detail = `The model server's list of models was not read: ${error.message}.`;
    throw new UpstreamProblem("cut_off", detail, error);
  });
}

/** What the health of a model server is watched with. */
export interface HealthOptions {
  readonly client: UpstreamClient;
  readonly headers: HeaderList;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Requests that wait for it, or are being answered. */
  readonly inFlight: () => number;
  readonly knowsModels: boolean;
  /** Told the models that it lists, once, unless they are known. */
  readonly onModels: (models: readonly string[]) => void;
}

/** Whether a model server answers: by the requests that go there, and a look now and then when none do. */
export class UpstreamHealth {
  /** Undefined until it is known. */
  #isUp: boolean | undefined;
  #seenAt = -Infinity;
  #knowsModels: boolean;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  readonly #options: HealthOptions;

  private constructor(options: HealthOptions) {
    this.#options = options;
    this.#knowsModels = options.knowsModels;
  }

  /** Looks once, and goes on. */
  static async open(options: HealthOptions): Promise<UpstreamHealth> {
    const health = new UpstreamHealth(options);
    await health.#look();
    return health;
  }

  get isUp(): boolean {
    return this.#isUp === true;
  }

  /** It has said something. */
  readonly seen = (): void => {
    this.#seenAt = performance.now();
    if (this.#isUp || this.#isClosed) return;
    this.#turn(true);
    // Others ask it without a pause, perhaps, and then nobody would look.
    if (!this.#knowsModels) this.#lookIn(0);
  };

  /** It cannot be reached. */
  lost(reason: string): void {
    if (this.#isUp === false || this.#isClosed) return;
    this.#turn(false, reason);
    this.#lookIn(EVERY_SECONDS.down);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #turn(isUp: boolean, reason?: string): void {
    this.#isUp = isUp;
    const { logger, client } = this.#options;
    const upstream = client.url.origin;
    if (isUp) logger.info({ upstream }, "the model server answers");
    else logger.warn({ upstream, reason }, "the model server does not answer");
  }

  #lookIn(seconds: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    const look = () => void (seconds === 0 ? this.#look() : this.#lookWhereNeeded());
    this.#timer = setTimeout(look, 1000 * seconds).unref();
  }

  async #lookWhereNeeded(): Promise<void> {
    const silent = (performance.now() - this.#seenAt) / 1000;
    const patience = this.#options.inFlight() > 0 ? SILENT_SECONDS : EVERY_SECONDS.up;
    if (!this.#isUp || silent >= patience) await this.#look();
    else this.#lookIn(EVERY_SECONDS.up);
  }

  async #look(): Promise<void> {
    const { client, headers, onModels } = this.#options;
    try {
      const signal = AbortSignal.timeout(1000 * LOOK_SECONDS);
      const { status, body } = await askForModels(client, headers, signal);
      const models = status === 200 ? modelsOf(body) : [];
      if (models.length > 0 && !this.#knowsModels) {
        this.#knowsModels = true;
        onModels(models);
      }
      // One that is still loading its model says so.
      if (status >= 500) this.lost(`status ${status}`);
      else this.seen();
    } catch (error) {
      this.lost((error as Error).message);
    } finally {
      this.#lookIn(this.#isUp ? EVERY_SECONDS.up : EVERY_SECONDS.down);
    }
  }
}

/** The names in a list of models; none when it is no such list. */
function modelsOf(body: Buffer): string[] {
  const list = (answerFrom(body.toString()) as { readonly data?: unknown } | undefined)?.data;
  if (!Array.isArray(list)) return [];
  const names = list.map((model: { readonly id?: unknown } | null) => model?.id);
  return names
    .filter((name) => typeof name === "string" && name !== "" && name.length <= 128)
    .slice(0, MOST_MODELS) as string[];
}
