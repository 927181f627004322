/** What the plan must know about a model; all but its size may be unknown. */
export interface ModelShape {
  /** Size of the GGUF file in bytes. */
  readonly fileBytes: number;
  /** Blocks of the transformer. */
  readonly layers?: number | undefined;
  /** Tokens of the longest text that it was trained on. */
  readonly trainContextSize?: number | undefined;
  readonly embeddingSize?: number | undefined;
  /** Attention heads that have keys and values of their own. */
  readonly kvHeads?: number | undefined;
  /** Numbers in a key or value of one head. */
  readonly headSize?: number | undefined;
  /** Tokens that it knows. */
  readonly vocabularySize?: number | undefined;
  /** Average bits of a weight; 4.5 to 5 for the four-bit quantisations. */
  readonly bitsPerWeight?: number | undefined;
}
