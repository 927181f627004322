const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * The base address of the exporter under load, without a slash at its end. Only this machine may
 * be put under load, so any address but loopback is refused.
 *
 * @throws RangeError when `address` is not `http://<loopback>[:port]`
 */
export function loopbackTarget(address: string): string {
  const parts = /^http:\/\/(\[[^\]]*\]|[^/:?#@]*)(?::(\d{1,5}))?\/?$/i.exec(address);
  const host = parts?.[1];
  const port = parts?.[2];
  if (host === undefined) {
    throw new RangeError(
      `"${address}" is not an address to load; give http://HOST:PORT without a path, ` +
        `for example http://127.0.0.1:9700`,
    );
  }
  if (!LOOPBACK.test(host)) {
    throw new RangeError(
      `refusing to put load on "${host}": load runs only against this machine. ` +
        `Use 127.0.0.1, localhost or [::1], and run k6 on the machine that runs the exporter`,
    );
  }
  return `http://${host.toLowerCase()}${port === undefined ? "" : `:${port}`}`;
}
