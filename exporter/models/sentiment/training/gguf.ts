/** A metadata value of a GGUF file; numbers must say how they are stored. */
export type GgufValue =
  | string
  | boolean
  | { readonly u16: number }
  | { readonly u32: number }
  | { readonly i32: number }
  | { readonly f32: number }
  | { readonly strings: readonly string[] }
  | { readonly i32s: readonly number[] }
  | { readonly f32s: readonly number[] };

/** A tensor of 32-bit floats, stored row after row. */
export interface GgufTensor {
  readonly name: string;
  /** `[columns]` or `[columns, rows]`: the innermost dimension first. */
  readonly dimensions: readonly number[];
  readonly values: Float32Array;
}

const VERSION = 3;
const ALIGNMENT = 32;
const TYPE = { u16: 2, u32: 4, i32: 5, f32: 6, boolean: 7, string: 8, array: 9 } as const;
const F32_TENSOR = 0;

/**
 * The bytes of a GGUF file, little-endian.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function encodeGguf(
  metadata: readonly (readonly [string, GgufValue])[],
  tensors: readonly GgufTensor[],
): Buffer {
  const parts: Buffer[] = [
    Buffer.from("GGUF"),
    u32(VERSION),
    u64(tensors.length),
    u64(metadata.length),
  ];
  for (const [key, value] of metadata) parts.push(string(key), ...encodeValue(value));
  let offset = 0;
  for (const { name, dimensions, values } of tensors) {
    parts.push(
      string(name),
      u32(dimensions.length),
      ...dimensions.map(u64),
      u32(F32_TENSOR),
      u64(offset),
    );
    offset += aligned(values.byteLength);
  }
  const head = Buffer.concat(parts);
  const data = tensors.flatMap(({ values }) => [f32s(values), padding(values.byteLength)]);
  return Buffer.concat([head, padding(head.length), ...data]);
}

function encodeValue(value: GgufValue): Buffer[] {
  if (typeof value === "string") return [u32(TYPE.string), string(value)];
  if (typeof value === "boolean") return [u32(TYPE.boolean), Buffer.from([value ? 1 : 0])];
  if ("u16" in value) return [u32(TYPE.u16), u16(value.u16)];
  if ("i32" in value) return [u32(TYPE.i32), i32s([value.i32])];
  if ("u32" in value) return [u32(TYPE.u32), u32(value.u32)];
  if ("f32" in value) return [u32(TYPE.f32), f32s([value.f32])];
  const array = (type: number, length: number) => [u32(TYPE.array), u32(type), u64(length)];
  if ("strings" in value) {
    return [...array(TYPE.string, value.strings.length), ...value.strings.map(string)];
  }
  if ("i32s" in value) return [...array(TYPE.i32, value.i32s.length), i32s(value.i32s)];
  return [...array(TYPE.f32, value.f32s.length), f32s(value.f32s)];
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([u64(bytes.length), bytes]);
}

// All machines that this runs on are little-endian, as the format is.
const u16 = (number: number): Buffer => Buffer.from(Uint16Array.of(number).buffer);
const u32 = (number: number): Buffer => Buffer.from(Uint32Array.of(number).buffer);
const i32s = (numbers: readonly number[]): Buffer => Buffer.from(Int32Array.from(numbers).buffer);
const u64 = (number: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(number)).buffer);
const f32s = (numbers: ArrayLike<number>): Buffer => Buffer.from(Float32Array.from(numbers).buffer);

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function padding(length: number): Buffer {
  return Buffer.alloc(aligned(length) - length);
}
