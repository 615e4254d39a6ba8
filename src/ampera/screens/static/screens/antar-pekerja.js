// Keeps the page of the carrier readable without a line. It answers for /antar/ only, asks the
// office first each time, and stores nothing but that page and the files that it is made of.
"use strict";

const KEPT = "antar-1";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("antar-") && name !== KEPT) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

const isKept = (request) => {
  const path = new URL(request.url).pathname;
  return request.mode === "navigate" ? path.endsWith("/antar/") : path.startsWith("/static/");
};

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || !isKept(event.request)) return;
  event.respondWith(
    (async () => {
      try {
        const fresh = await fetch(event.request);
        // A log-in page behind a redirect is no page of the carrier.
        if (fresh.ok && !fresh.redirected && fresh.type === "basic") {
          const kept = await caches.open(KEPT);
          await kept.put(event.request.url, fresh.clone());
        }
        return fresh;
      } catch (noLine) {
        const known = await caches.match(event.request.url);
        if (known) return known;
        throw noLine;
      }
    })(),
  );
});
