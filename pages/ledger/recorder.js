/*
 * On the shop's pages while `serve --record` runs: reports what a person clicked. It is no part of the shop.
 */
(function () {
  "use strict";

  const send = window.fetch.bind(window);

  document.addEventListener(
    "click",
    (event) => {
      const clicked = event.target.closest?.("[data-action], a[href]");
      if (!clicked) return;
      // A link of no action is seen by the page that it leads to.
      const action = clicked.dataset.action ?? null;
      const line = clicked.closest("[data-role=line]")?.dataset.productId ?? null;
      send("/-record", { method: "POST", keepalive: true, body: JSON.stringify({ at: Date.now(), click: { action, line } }) });
    },
    true,
  );
})();
