// Keeps the page that checks sukets, its scripts, the public keys and the list of those that ended,
// so that it works without a line. With a line the newest is always asked for first; what has its
// version in its name (LASTING) is fetched once, and only when the page asks for it. The server puts
// ADDRESSES, LASTING and VERSION before this text.

const STORE = `suket-${VERSION}`;

self.addEventListener("install", (event) => {
  const fresh = ADDRESSES.map((each) => new Request(each, { cache: "reload" }));
  const kept = caches.open(STORE).then((store) => store.addAll(fresh));
  event.waitUntil(kept.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((each) => each !== STORE));
  const cleared = old.then((names) => Promise.all(names.map((each) => caches.delete(each))));
  event.waitUntil(cleared.then(() => self.clients.claim()));
});

async function answer(request) {
  const store = await caches.open(STORE);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await store.put(request, fresh.clone());
    return fresh;
  } catch (noLine) {
    const kept = await store.match(request);
    if (kept === undefined) throw noLine;
    return kept;
  }
}

async function answerOnce(request, name) {
  const store = await caches.open(STORE);
  const kept = await store.match(name);
  if (kept !== undefined) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await store.put(name, fresh.clone());
  return fresh;
}

self.addEventListener("fetch", (event) => {
  const { pathname, search } = new URL(event.request.url);
  if (event.request.method !== "GET") return;
  if (ADDRESSES.includes(pathname + search)) event.respondWith(answer(event.request));
  if (LASTING.includes(pathname)) event.respondWith(answerOnce(event.request, pathname));
});
