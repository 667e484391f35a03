// Caches the page itself, so that it opens from the home screen at once; never images, never answers.

const CACHE = "wardsynth-3";
const PAGE = [
  "./", "style.css", "app.js", "camera.js", "drawing.js", "service.js", "manifest.webmanifest", "icon-192.png", "icon-512.png",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(PAGE)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))),
  );
  self.clients.claim();
});

// The service's own page first: a new version shows at once.
self.addEventListener("fetch", (event) => {
  const page = PAGE.map((name) => new URL(name, self.registration.scope).pathname);
  if (event.request.method !== "GET" || !page.includes(new URL(event.request.url).pathname)) return;
  event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
});
