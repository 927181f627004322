import { open, stat, type FileHandle } from "node:fs/promises";

/** A value of the metadata. Of a text there is one character a byte. */
export type GgufValue = string | number | boolean | GgufArray;

/** An array of the metadata. */
export interface GgufArray {
  /** One of {@link GGUF_TYPE} or another number. */
  readonly of: number;
  readonly items: readonly (string | number | boolean)[];
}

/** What stands before the weights. */
export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly { readonly name: string; readonly dimensions: readonly number[] }[];
}

/** Types of values, by GGUF's names. */
export const GGUF_TYPE = { int32: 5, float32: 6, boolean: 7, string: 8, array: 9 } as const;

type Read = (piece: Buffer, at: number) => number | boolean;

/** Bytes of a value, and how it is read, by its type; texts and arrays have no fixed size. */
const VALUES: Readonly<Record<number, readonly [bytes: number, read: Read]>> = {
  0: [1, (piece, at) => piece.readUInt8(at)],
  1: [1, (piece, at) => piece.readInt8(at)],
  2: [2, (piece, at) => piece.readUInt16LE(at)],
  3: [2, (piece, at) => piece.readInt16LE(at)],
  4: [4, (piece, at) => piece.readUInt32LE(at)],
  [GGUF_TYPE.int32]: [4, (piece, at) => piece.readInt32LE(at)],
  [GGUF_TYPE.float32]: [4, (piece, at) => piece.readFloatLE(at)],
  [GGUF_TYPE.boolean]: [1, (piece, at) => piece[at] !== 0],
  10: [8, (piece, at) => Number(piece.readBigUInt64LE(at))],
  11: [8, (piece, at) => Number(piece.readBigInt64LE(at))],
  12: [8, (piece, at) => piece.readDoubleLE(at)],
};

/** Magic, version, number of tensors, number of metadata entries. */
const START_BYTES = 24;

/** Of format 1 no reader is left. */
const VERSIONS = [2, 3];

/**
 * Far more than any model has; a damaged number would keep a reader busy for ever, or fill its memory.
 * Vocabularies have up to 300,000 tokens and 500,000 merges, templates a few kB.
 */
const MOST = { entries: 1_000_000, textBytes: 16e6, headerBytes: 128e6, dimensions: 4 } as const;

/** Read at once. */
const PIECE_BYTES = 1 << 20;

/** Why a header cannot be used, to be read after the file's name. */
class GgufProblem extends Error {}

/**
 * Reads what stands before the weights of a GGUF file, and believes none of its numbers
 * (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, "File Structure"): llama.cpp ends its
 * process over some of what is refused here.
 *
 * @returns the header, or what is wrong, to be read after the file's name
 */
export async function readGguf(
  file: string,
): Promise<{ readonly header: GgufHeader } | { readonly problem: string }> {
  // Opening a pipe would wait for whoever writes into it.
  const stats = await stat(file).catch(() => undefined);
  const handle = stats?.isFile() ? await open(file).catch(() => undefined) : undefined;
  if (!handle) return { problem: "cannot be read" };
  try {
    return { header: await readHeader(new Source(handle), stats!.size) };
  } catch (error) {
    if (error instanceof GgufProblem) return { problem: error.message };
    return { problem: "cannot be read" };
  } finally {
    await handle.close();
  }
}

async function readHeader(source: Source, fileBytes: number): Promise<GgufHeader> {
  await source.need(START_BYTES, "is not a GGUF file");
  if (source.text(4) !== "GGUF") throw new GgufProblem("is not a GGUF file");
  const version = source.number();
  if (!VERSIONS.includes(version)) {
    throw damaged(`its version is ${version}, and ${VERSIONS.join(" and ")} are known`);
  }
  const [tensorCount, entryCount] = [source.count(MOST.entries), source.count(MOST.entries)];
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < entryCount; i++) {
    const key = await source.sizedText();
    if (metadata.has(key)) throw damaged("its header says something twice");
    await source.need(4);
    metadata.set(key, await readValue(source, source.number()));
  }
  const alignment = metadata.get("general.alignment") ?? 32;
  if (typeof alignment !== "number" || !(alignment > 0 && Number.isInteger(Math.log2(alignment)))) {
    throw damaged("its alignment is no power of two");
  }
  const names = new Set<string>();
  const tensors: GgufHeader["tensors"][number][] = [];
  let last = 0;
  for (let i = 0; i < tensorCount; i++) {
    const { offset, ...tensor } = await readTensor(source);
    if (names.has(tensor.name)) throw damaged("two of its tensors have the same name");
    if (offset % alignment !== 0) throw damaged("a tensor lies where none can");
    names.add(tensor.name);
    last = Math.max(last, offset);
    tensors.push(tensor);
  }
  const weights = Math.ceil(source.position / alignment) * alignment;
  // How long the last one is depends on its type, which llama.cpp knows.
  if (tensorCount > 0 && weights + last >= fileBytes)
    throw damaged("it ends before its weights do");
  return { metadata, tensors };
}

async function readValue(source: Source, type: number): Promise<GgufValue> {
  if (type === GGUF_TYPE.string) return source.sizedText();
  if (type !== GGUF_TYPE.array) return (await readItems(source, type, 1))[0]!;
  await source.need(12);
  const of = source.number();
  const length = source.count(MOST.entries);
  if (of !== GGUF_TYPE.string) return { of, items: await readItems(source, of, length) };
  const items: string[] = [];
  for (let i = 0; i < length; i++) items.push(await source.sizedText());
  return { of, items };
}

async function readItems(source: Source, type: number, length: number) {
  const known = VALUES[type];
  if (!known) throw damaged("a value of its header has no known type");
  const [bytes, read] = known;
  await source.need(bytes * length);
  return Array.from({ length }, () => source.take(bytes, read));
}

async function readTensor(source: Source) {
  const name = await source.sizedText();
  await source.need(4);
  const count = source.number();
  if (count > MOST.dimensions) throw damaged(`a tensor has ${count} dimensions`);
  await source.need(8 * count + 12);
  const dimensions = Array.from({ length: count }, () => source.count(Number.MAX_SAFE_INTEGER));
  if (dimensions.reduce((a, b) => a * b, 1) > Number.MAX_SAFE_INTEGER) {
    throw damaged("a tensor is larger than any file");
  }
  source.number();
  return { name, dimensions, offset: source.count(Number.MAX_SAFE_INTEGER) };
}

function damaged(why: string): GgufProblem {
  return new GgufProblem(`is damaged: ${why}`);
}

const CUT_OFF = "is damaged: it ends in the middle of its header";

/** The bytes of a file in their order, of which a piece at a time is in memory. */
class Source {
  readonly #handle: FileHandle;
  #piece = Buffer.alloc(0);
  #at = 0;
  #pieceFrom = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  get position(): number {
    return this.#pieceFrom + this.#at;
  }

  /**
   * To be called before bytes are taken.
   *
   * @throws GgufProblem when there are not so many
   */
  async need(bytes: number, otherwise = CUT_OFF): Promise<void> {
    if (this.#piece.length - this.#at >= bytes) return;
    const from = this.position;
    if (from + bytes > MOST.headerBytes) throw damaged("its header does not make sense");
    const { buffer, bytesRead } = await this.#handle.read({
      buffer: Buffer.alloc(Math.max(PIECE_BYTES, bytes)),
      position: from,
    });
    this.#piece = buffer.subarray(0, bytesRead);
    this.#pieceFrom = from;
    this.#at = 0;
    if (bytesRead < bytes) throw new GgufProblem(otherwise);
  }

  /** Takes a text of which the length is known, one character a byte. */
  text(bytes: number): string {
    return this.take(bytes, (piece, at) => piece.toString("latin1", at, at + bytes));
  }

  /** Takes what a function reads. */
  take<T>(bytes: number, read: (piece: Buffer, at: number) => T): T {
    const at = this.#at;
    this.#at += bytes;
    return read(this.#piece, at);
  }

  /** Takes an unsigned number of 32 bits. */
  number(): number {
    return this.take(4, (piece, at) => piece.readUInt32LE(at));
  }

  /** Takes a number of 64 bits that counts something. */
  count(most: number): number {
    const count = this.take(8, (piece, at) => piece.readBigUInt64LE(at));
    if (count > BigInt(Math.floor(most))) throw damaged("its header does not make sense");
    return Number(count);
  }

  /** Takes a text behind its length, one character a byte. */
  async sizedText(): Promise<string> {
    await this.need(8);
    const bytes = this.count(MOST.textBytes);
    await this.need(bytes);
    return this.text(bytes);
  }
}
