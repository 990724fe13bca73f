/*
 * The single-page shop: the same views as routes under /single-page, and no page load between them.
 */
(function () {
  "use strict";

  const shop = window.shop;
  const HOME = "/single-page";
  let current = new URL(location);

  shop.addressOf = function (view, productId) {
    if (view === "product") return `${HOME}?id=${encodeURIComponent(productId)}`;
    return `${HOME}/${view}`;
  };

  function goTo(address) {
    try {
      history.pushState(null, "", address);
      current = new URL(location);
    } catch {
      // A sandboxed page may not rewrite its address; the route still changes.
      current = new URL(address, location);
    }
    arrive();
  }

  shop.go = function (view) {
    goTo(shop.addressOf(view));
  };

  function currentView() {
    return current.pathname.slice(HOME.length + 1) || "product";
  }

  shop.refresh = function () {
    const productId = current.searchParams.get("id");
    shop.show(currentView(), productId);
    // The place of the FAQ widget stays in the page, because the SDK looks for it once.
    const questions = document.getElementById("alhena-product-faq");
    questions.hidden = currentView() !== "product";
    questions.dataset.productId = shop.find(productId).id;
  };

  function arrive() {
    shop.refresh();
    scrollTo(0, 0);
    if (currentView() === "thank-you") shop.reportOnThankYou();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest(`a[href^="${HOME}"]`);
    const wantsNewTab = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!link || wantsNewTab || event.defaultPrevented) return;
    event.preventDefault();
    goTo(link.getAttribute("href"));
  });

  window.addEventListener("popstate", () => {
    current = new URL(location);
    arrive();
  });

  arrive();
})();
