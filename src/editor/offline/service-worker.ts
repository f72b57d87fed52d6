/**
 * Keeps the built page with the browser, so that it opens and runs without a network. All that the build made has its content's
 * hash in its name, so what is kept is never out of date; only the page itself is by version. A new version waits until a person
 * takes it, and the one before is kept for tabs that still run it. No imports: the build (scripts/offline.mjs) writes this file
 * as it is, with the lists put in.
 */
declare const BUILT: {
  /** Of all that the page is made of. */
  readonly version: string;
  /** Paths that are kept from the start, the page's own among them. */
  readonly core: readonly string[];
  /** Paths that are kept once they are needed, or asked for: weights, and what computes. */
  readonly later: readonly string[];
};

const PREFIX = "sftgan-page-";
/** Of all versions. */
const LATER = "sftgan-later";

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const addressOf = (path: string): string => new URL(path, worker.registration.scope).href;

async function keepCore(): Promise<void> {
  const cache = await caches.open(PREFIX + BUILT.version);
  for (const path of BUILT.core) {
    const known = hasHash(path) ? await caches.match(addressOf(path)) : undefined;
    if (known) await cache.put(addressOf(path), known);
    else await cache.add(new Request(addressOf(path), { cache: hasHash(path) ? "default" : "reload" }));
  }
}

const hasHash = (path: string): boolean => path.startsWith("assets/");

/** This version and the one before stay, and of what came later what this version names. */
async function tidy(): Promise<void> {
  const versions = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== PREFIX + BUILT.version);
  for (const old of versions.slice(0, -1)) await caches.delete(old);
  const cache = await caches.open(LATER);
  const named = new Set(BUILT.later.map(addressOf));
  for (const request of await cache.keys()) if (!named.has(request.url)) await cache.delete(request);
  await worker.clients.claim();
}

async function keepLater(paths: readonly string[]): Promise<void> {
  const cache = await caches.open(LATER);
  for (const path of paths) if (!(await cache.match(addressOf(path)))) await cache.add(addressOf(path)).catch(() => {});
}

async function answer(request: Request): Promise<Response> {
  const page = request.mode === "navigate";
  const url = page ? addressOf("index.html") : request.url;
  const own = await caches.open(PREFIX + BUILT.version);
  const kept = (await own.match(url)) ?? (page ? undefined : await caches.match(url));
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && BUILT.later.some((path) => addressOf(path) === url))
    await (await caches.open(LATER)).put(url, response.clone()).catch(() => {}); // the disk is full: it works all the same
  return response;
}

/** The page itself, and what was built; nothing else that is on the server. */
const isOurs = ({ method, mode, url }: Request): boolean => {
  if (method !== "GET") return false;
  const { scope } = worker.registration;
  if (mode === "navigate") return [scope, addressOf("index.html")].includes(url.split(/[?#]/)[0]!);
  return (
    BUILT.core.includes(url.slice(scope.length)) ||
    BUILT.later.includes(url.slice(scope.length)) ||
    url.startsWith(`${scope}assets/`)
  );
};

worker.addEventListener("install", (event) => event.waitUntil(keepCore()));
worker.addEventListener("activate", (event) => event.waitUntil(tidy()));
worker.addEventListener("fetch", (event) => {
  if (isOurs(event.request)) event.respondWith(answer(event.request));
});
worker.addEventListener("message", (event) => {
  if (event.data === "take over") void worker.skipWaiting();
  if (event.data === "keep all") event.waitUntil(keepLater(BUILT.later));
});

export {};
