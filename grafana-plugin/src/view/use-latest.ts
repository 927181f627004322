import { useCallback, useLayoutEffect, useRef } from "react";

/**
 * A function, always the same one, that gives the value of the last render: for what is called later
 * and must not be built again when the value changes.
 */
export function useLatest<T>(value: T): () => T {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return useCallback(() => latest.current, []);
}
