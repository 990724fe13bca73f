/*
 * The shop of many pages: each view has an address of its own, and going there loads a page.
 */
(function () {
  "use strict";

  const shop = window.shop;

  shop.addressOf = function (view, productId) {
    return productId ? `/${view}?id=${encodeURIComponent(productId)}` : `/${view}`;
  };

  shop.go = function (view) {
    location.assign(shop.addressOf(view));
  };

  shop.refresh = function () {
    const view = document.querySelector("[data-view]")?.dataset.view;
    const productId = new URLSearchParams(location.search).get("id");
    shop.show(view, productId);
    const questions = document.getElementById("alhena-product-faq");
    if (view === "product") questions.dataset.productId = shop.find(productId).id;
  };

  shop.refresh();
  if (location.pathname === "/thank-you") shop.reportOnThankYou();

  // The back button may bring back a page as it was, with the cart of then.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) shop.refresh();
  });
})();
