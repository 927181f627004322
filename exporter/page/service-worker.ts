/** Keeps the page's own files, so that it opens without the exporter; what it shows then, it kept itself. */
declare const self: ServiceWorkerGlobalScope;

/** Written by the build: the page's files, and what they are together. */
declare const FILES: readonly string[];
declare const VERSION: string;

/** An exporter that hangs is waited for so long before what is kept is shown. */
const WAIT_MS = 2_000;

self.addEventListener("install", (event) => {
  const fresh = FILES.map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(fresh)));
  void self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const removeOld = async () => {
    for (const name of await caches.keys()) if (name !== VERSION) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(removeOld());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (!FILES.includes(pathname)) return;
  event.respondWith(pathname === "/" ? newest(request) : kept(request));
});

/** The page as the exporter has it now; as it was while the exporter does not answer. */
async function newest(request: Request): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(WAIT_MS) });
    // A proxy answers for an exporter that is not there.
    if (response.status < 500) return response;
  } catch {
    // What is kept will do.
  }
  return (await ofThisVersion("/")) ?? Response.error();
}

/** Other files have the hash of what is in them in their names, or change with the version. */
async function kept(request: Request): Promise<Response> {
  return (await ofThisVersion(new URL(request.url).pathname)) ?? fetch(request);
}

async function ofThisVersion(path: string): Promise<Response | undefined> {
  return (await caches.open(VERSION)).match(path);
}

export {};
