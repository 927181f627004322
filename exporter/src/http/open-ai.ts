import { z } from "zod";

// OpenAI's API, as far as it is the same whoever answers. A model server takes what it takes and answers what it
// answers; https://platform.openai.com/docs/api-reference describes the rest.

const anything = z.looseObject({});

const SHARED = {
  model: z.string().describe("A name that `GET /v1/models` lists."),
  stream: z.boolean().nullish().describe("Whether the answer comes in pieces."),
};

/** The body of `POST /v1/chat/completions`. */
export const CHAT_REQUEST = z
  .looseObject({
    ...SHARED,
    messages: z.array(z.looseObject({ role: z.string() })).min(1),
  })
  .meta({ id: "ChatCompletionRequest" });

/** The body of `POST /v1/completions`. */
export const TEXT_REQUEST = z
  .looseObject({ ...SHARED, prompt: z.union([z.string(), z.array(z.unknown())]) })
  .meta({ id: "TextCompletionRequest" });

/** The body of `POST /v1/embeddings`. */
export const EMBEDDINGS_REQUEST = z
  .looseObject({ model: SHARED.model, input: z.union([z.string(), z.array(z.unknown())]) })
  .meta({ id: "EmbeddingsRequest" });

/** The answer of the first two in one piece. */
export const COMPLETION = z
  .looseObject({ choices: z.array(anything), usage: anything.nullish() })
  .meta({ id: "Completion" });

/** The answer of the third. */
export const EMBEDDINGS = z
  .looseObject({ data: z.array(anything), usage: anything.nullish() })
  .meta({ id: "Embeddings" });

/** The answer to `GET /v1/models`. */
export const MODEL_LIST = z
  .looseObject({ data: z.array(z.looseObject({ id: z.string() })) })
  .meta({ id: "ModelList" });
