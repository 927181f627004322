import type { Config } from "@headroom/exporter/config";
import { findChatModel } from "@headroom/exporter/models/find-model";
import { DEFAULT_SHAPE, plannedShape } from "@headroom/exporter/models/planned-shape";
import {
  findSentimentModel,
  type SentimentModelFile,
} from "@headroom/exporter/models/sentiment-model";
import type { ModelShape } from "@headroom/exporter/hardware/plan";
import { type ListedModel, listModels } from "../models.ts";

/** The models that are here and those that are wanted. */
export interface ModelsState {
  readonly sentiment: SentimentModelFile & {
    /** Whether HEADROOM_MODEL names it; otherwise it is the embedded one. */
    readonly configured: boolean;
  };
  readonly chat: ChatModelState;
  /** Of fetched chat models. */
  readonly folder: string;
  readonly catalogue: readonly ListedModel[];
}

/** The chat model that the configuration asks for. */
interface ChatModelState {
  /** As in HEADROOM_CHAT_MODEL. */
  readonly wanted: string;
  readonly state: "here" | "missing" | "none wanted";
  /** Of the catalogue, or the file's name; absent while it is not here. */
  readonly id?: string;
  readonly path?: string;
  /** What is missing, and what to do next. */
  readonly text?: string;
  /** What the plan is made for: its own header, or what is known while it is not here. */
  readonly shape: ModelShape;
}

/** Looks for the models of this configuration; nothing is fetched. */
export async function examineModels(config: Config, env: NodeJS.ProcessEnv): Promise<ModelsState> {
  const { modelsFolder: folder } = config;
  const [sentiment, chat, catalogue] = await Promise.all([
    findSentimentModel(config.model),
    examineChatModel(config),
    listModels(folder),
  ]);
  return {
    sentiment: { ...sentiment, configured: Boolean(env["HEADROOM_MODEL"]) },
    chat,
    folder,
    catalogue,
  };
}

async function examineChatModel(config: Config): Promise<ChatModelState> {
  const { chatModel: wanted, modelsFolder, chatLanguages: languages } = config;
  const model = await findChatModel({ wanted, modelsFolder, languages });
  if (model.state === "missing") {
    const state = model.why === "by choice" ? "none wanted" : "missing";
    return { wanted, state, text: model.text, shape: await plannedShape(model) };
  }
  const { id, path } = model;
  try {
    return { wanted, state: "here", id, path, shape: await plannedShape(model) };
  } catch (error) {
    const text = `The header of ${path} cannot be read: ${(error as Error).message}. Fetch it again with npm run model.`;
    return { wanted, state: "missing", id, path, text, shape: DEFAULT_SHAPE };
  }
}
