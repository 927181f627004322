/** A process that does what its messages say. */
import { childEnd } from "../child-end.ts";

const send = childEnd<{ type: "heard"; what: string }>();
process.on("message", ({ type }: { readonly type: string }) => {
  send({ type: "heard", what: type });
  if (type === "abort") process.abort();
  // Nothing is said any more, as when native code does not come back.
  if (type === "hang") for (;;);
  if (type === "close") process.exit(0);
});
