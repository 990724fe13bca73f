/*
 * What the shopper's clicks do. One listener for all, because the views are drawn anew after each.
 */
(function () {
  "use strict";

  const shop = window.shop;

  const actions = {
    "add-to-cart"(productId) {
      shop.addOne(productId);
      shop.refresh();
      shop.notice("Added to your cart.");
    },
    // Reports and leaves in one breath: whether the event survives is the SDK's business.
    "add-and-go"(productId) {
      shop.addOne(productId);
      shop.go("checkout");
    },
    increase(productId) {
      shop.addOne(productId);
      shop.refresh();
    },
    decrease(productId) {
      shop.takeOne(productId);
      shop.refresh();
    },
    remove(productId) {
      shop.removeLine(productId);
      shop.refresh();
    },
    buy() {
      const reportOnThankYou = new URLSearchParams(location.search).get("report") === "thank-you";
      shop.placeOrder(reportOnThankYou);
      shop.go("thank-you");
    },
  };

  document.addEventListener("click", (event) => {
    const clicked = event.target.closest("[data-action]");
    const act = actions[clicked?.dataset.action];
    if (!act) return;
    event.preventDefault();
    act(clicked.closest("[data-product-id]")?.dataset.productId);
  });
})();
