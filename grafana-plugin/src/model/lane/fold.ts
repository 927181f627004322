import type { Lane } from "./lane.ts";

/** A lane, and at the one that stands for all that are folded, how many these are. */
export interface ShownLane {
  readonly id: string;
  readonly standsFor?: number;
}

/**
 * Folds lanes of a kind into the first of them, which is the worst. While they are open, the others
 * follow it. A kind with one lane is that lane.
 *
 * @param lanes - in the order in which they are shown
 * @param isOfKind - by the name of a lane
 */
export function foldLanes(
  lanes: readonly Pick<Lane, "id" | "name">[],
  isOfKind: (name: string) => boolean,
  isOpen: boolean,
): readonly ShownLane[] {
  const [first, ...others] = lanes.filter(({ name }) => isOfKind(name));
  return lanes.flatMap(({ id, name }): ShownLane[] => {
    if (!isOfKind(name) || others.length === 0) return [{ id }];
    if (id !== first!.id) return [];
    const following = isOpen ? others.map((other) => ({ id: other.id })) : [];
    return [{ id, standsFor: others.length + 1 }, ...following];
  });
}
