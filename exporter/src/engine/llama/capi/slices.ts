import type { Tree } from "../plan.ts";
import type { Rows } from "./rows.ts";

/** A tree, and where its scores go: those of `reads`, then those of the branches. */
export interface Wanted {
  readonly tree: Tree;
  readonly scores: Float64Array;
}

/** What one filling of the context may hold. */
export interface SliceLimits {
  /** Tokens before every message, which the context keeps. */
  readonly root: number;
  /** Tokens; one message or branch that is longer still gets a slice of its own. */
  readonly tokens: number;
  readonly sequences: number;
}

/** What was written to the rows, and where the score at each wanted row goes, in their order. */
export interface Slice {
  readonly length: number;
  readonly into: readonly Float64Array[];
  readonly at: readonly number[];
}

/**
 * Writes trees to rows, slice after slice, each as soon as the one before it was evaluated. Small trees
 * share a slice; a tree that is larger is cut between its branches, and its trunk is written again as
 * far as the next ones need it.
 */
export function* fillSlices(
  trees: Iterable<Wanted>,
  rows: Rows,
  limits: SliceLimits,
): Generator<Slice, void> {
  const writer = new SliceWriter(rows, limits);
  for (const wanted of trees) {
    if (wanted.scores.length === 0) continue;
    if (!writer.empty && !writer.holds(wanted.tree)) yield writer.take();
    let next = writer.write(wanted, undefined);
    while (next < wanted.tree.branches.length) {
      yield writer.take();
      next = writer.write(wanted, next);
    }
  }
  if (!writer.empty) yield writer.take();
}

class SliceWriter {
  readonly #rows: Rows;
  readonly #limits: SliceLimits;
  #length = 0;
  #sequences = 0;
  #into: Float64Array[] = [];
  #at: number[] = [];

  constructor(rows: Rows, limits: SliceLimits) {
    this.#rows = rows;
    this.#limits = limits;
  }

  get empty(): boolean {
    return this.#length === 0;
  }

  /** Whether a whole tree still fits. */
  holds({ trunk, branches }: Tree): boolean {
    let tokens = this.#length + trunk.length;
    for (const branch of branches) tokens += branch.tokens.length;
    return (
      tokens <= this.#limits.tokens &&
      this.#sequences + 1 + branches.length <= this.#limits.sequences
    );
  }

  /** The slice so far; the next one begins. */
  take(): Slice {
    const slice = { length: this.#length, into: this.#into, at: this.#at };
    this.#length = this.#sequences = 0;
    this.#into = [];
    this.#at = [];
    return slice;
  }

  /**
   * Writes a trunk with as many of its branches as fit.
   *
   * @param first - branch to go on with; undefined for the trunk's own reads and the first ones
   * @returns the first branch that did not fit
   */
  write({ tree, scores }: Wanted, first: number | undefined): number {
    const { trunk, reads, branches } = tree;
    const from = first ?? 0;
    const own = first === undefined ? 1 : 0;
    const stem = own ? trunk.length : branches[from]!.from;
    const end = this.#fitting(tree, from, own, stem);

    // Branches that left the trunk later have the lower sequences, so each token's are neighbours.
    const base = this.#sequences;
    let along = end - from;
    let read = 0;
    for (let i = 0; i < stem; i++) {
      while (along > 0 && branches[from + along - 1]!.from <= i) along--;
      const wanted = own === 1 && reads[read] === i;
      if (wanted) this.#read(scores, read++);
      this.#add(trunk[i]!, i, base, own + along, wanted);
    }
    for (let k = from; k < end; k++) {
      const branch = branches[k]!;
      const sequence = base + own + k - from;
      const last = branch.tokens.length - 1;
      branch.tokens.forEach((token, i) =>
        this.#add(token, branch.from + i, sequence, 1, i === last),
      );
      this.#read(scores, reads.length + k);
    }
    this.#sequences = base + own + end - from;
    return end;
  }

  /** The branch before which the slice is full; at least one fits when the trunk is only for them. */
  #fitting({ branches }: Tree, from: number, own: number, stem: number): number {
    let tokens = this.#length + stem;
    let sequences = this.#sequences + own;
    let end = from;
    for (; end < branches.length && sequences < this.#limits.sequences; end++, sequences++) {
      tokens += branches[end]!.tokens.length;
      if (tokens > this.#limits.tokens && (own === 1 || end > from)) break;
    }
    return end;
  }

  #add(token: number, position: number, sequence: number, sequences: number, wanted: boolean) {
    const row = this.#length++;
    this.#rows.token[row] = token;
    this.#rows.position[row] = this.#limits.root + position;
    this.#rows.sequence[row] = sequence;
    this.#rows.sequences[row] = sequences;
    this.#rows.wanted[row] = wanted ? 1 : 0;
  }

  #read(scores: Float64Array, index: number): void {
    this.#into.push(scores);
    this.#at.push(index);
  }
}
