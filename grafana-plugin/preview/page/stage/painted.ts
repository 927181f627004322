/** Resolves after the browser has shown what is drawn now: two animation frames later. */
export function painted(): Promise<void> {
  return new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() => resolve())),
  );
}

/**
 * Milliseconds from the start of `draw` until its result was painted. It starts at the beginning of
 * an animation frame, and the message that ends it is handled after that frame's paint, so that the
 * time is not rounded up to the display's rate.
 */
export function timeToPaint(draw: () => void): Promise<number> {
  return new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      const start = performance.now();
      draw();
      port1.onmessage = () => {
        resolve(performance.now() - start);
        port1.close();
      };
      port2.postMessage(undefined);
    }),
  );
}
