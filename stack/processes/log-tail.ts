import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const READ_BYTES = 16_384;

/** The last lines of a file, indented, to show in a message. Empty files and missing ones say so. */
export function lastLines(file: string, count = 15): string {
  const lines = tail(file).trimEnd().split("\n").slice(-count);
  return lines.join("") === "" ? "  (nothing was written)" : lines.map((l) => `  ${l}`).join("\n");
}

function tail(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return "";
  }
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, READ_BYTES));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8");
  } finally {
    closeSync(descriptor);
  }
}
