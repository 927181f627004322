import { CHAT_MODELS, type ChatModel } from "@headroom/exporter/models/catalogue";
import { findChatModel } from "@headroom/exporter/models/find-model";
import { sizeText } from "@headroom/loadtest/report/format";

/** A model of the catalogue, and whether its file is in the models folder. */
export interface ListedModel {
  readonly entry: ChatModel;
  readonly here: "yes" | "damaged" | "no";
}

/** Looks for every model of the catalogue. No more of a file is read than its header. */
export function listModels(modelsFolder: string): Promise<readonly ListedModel[]> {
  return Promise.all(
    CHAT_MODELS.map(async (entry) => {
      const found = await findChatModel({ wanted: entry.id, modelsFolder });
      if (found.state === "found") return { entry, here: "yes" as const };
      return { entry, here: found.why === "unusable" ? ("damaged" as const) : ("no" as const) };
    }),
  );
}

/** The rows of a table of models, the first one its head. */
export function modelRows(models: readonly ListedModel[]): readonly (readonly string[])[] {
  return [
    ["id", "size", "licence", "languages", "memory from", "here"],
    ...models.map(({ entry, here }) => [
      entry.id,
      entry.sizeBytes === undefined ? "not known" : sizeText(entry.sizeBytes),
      entry.licence.name,
      entry.languages.join(", "),
      `${entry.leastMemoryBytes / 1e9} GB`,
      here,
    ]),
  ];
}
