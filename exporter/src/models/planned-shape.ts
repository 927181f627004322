import { readModelShape } from "../engine/llama/model-files.ts";
import type { ModelShape } from "../hardware/plan.ts";
import { DEFAULT_CHAT_MODEL } from "./catalogue.ts";
import type { FoundModel, MissingModel } from "./find-model.ts";

/** What a plan is made for while there is no model: the default, of which the size is known. */
export const DEFAULT_SHAPE: ModelShape = { fileBytes: DEFAULT_CHAT_MODEL.sizeBytes ?? 0 };

/**
 * What a chat model's plan is made for: the model's own header, or, while it is not here, the size
 * that the catalogue gives for it.
 *
 * @throws Error when the file's header cannot be read
 */
export async function plannedShape(model: FoundModel | MissingModel): Promise<ModelShape> {
  if (model.state === "found") return readModelShape(model.path);
  const { fetchable } = model;
  const fileBytes = fetchable?.kind === "entry" ? fetchable.entry.sizeBytes : undefined;
  return fileBytes === undefined ? DEFAULT_SHAPE : { fileBytes };
}
