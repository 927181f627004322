/** One line of a metrics page. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/s;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"\s*,?\s*/gsy;

const ESCAPES: Readonly<Record<string, string>> = { "\\\\": "\\", '\\"': '"', "\\n": "\n" };

const unescape = (text: string): string => text.replace(/\\[\\"n]/g, (found) => ESCAPES[found]!);

function readLabels(text: string): Record<string, string> | undefined {
  const pairs = [...text.matchAll(LABEL)];
  const length = pairs.reduce((sum, [whole]) => sum + whole.length, 0);
  if (length !== text.length) return undefined;
  return Object.fromEntries(pairs.map(([, name, value]) => [name, unescape(value ?? "")]));
}

/**
 * Reads a page in Prometheus' text format 0.0.4; comments and timestamps are left out.
 *
 * @throws SyntaxError that quotes the first line that is not in the format
 */
export function parseMetrics(page: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of page.split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const parts = LINE.exec(line);
    const labels = parts && readLabels(parts[2] ?? "");
    const value = Number(parts?.[3]?.replace(/^([+-])Inf$/, "$1Infinity"));
    if (!parts || !labels || (Number.isNaN(value) && parts[3] !== "NaN")) {
      throw new SyntaxError(`not a line of Prometheus' text format: ${line.slice(0, 200)}`);
    }
    samples.push({ name: parts[1]!, labels, value });
  }
  return samples;
}

/** Whether a sample carries all of `labels`. */
export function hasLabels(sample: Sample, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([name, value]) => sample.labels[name] === value);
}
