// The shop's own service worker: controls its pages at once, and fetches the shop's own files for
// them. What goes elsewhere, and what is sent, is none of its business.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && new URL(url).origin === location.origin) {
    event.respondWith(fetch(event.request));
  }
});
