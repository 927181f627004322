/** What {@link withLock} may be told. */
export interface LockOptions {
  /** Called once when another process holds the lock; `owner` is its id, if known. */
  readonly onWait?: (owner: number | undefined) => void;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` while no other process holds the lock.
 *
 * @param folder - made to take the lock, removed to release it
 * @returns what `work` returns
 * @throws what `work` throws, or the signal's reason when it ends the wait
 */
export function withLock<T>(
  folder: string,
  work: () => T | Promise<T>,
  options?: LockOptions,
): Promise<T>;
