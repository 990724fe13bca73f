/*
 * What the shopper sees: one function a view. Both the shop of many pages and the single-page shop
 * fill their [data-view] element with these.
 */
(function () {
  "use strict";

  const shop = window.shop;

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function action(name, label, attributes = {}) {
    return element(
      "button",
      { type: "button", class: "button", "data-action": name, ...attributes },
      label,
    );
  }

  function price(amount, attributes = {}) {
    return element("span", { class: "price", ...attributes }, shop.formatPrice(amount));
  }

  function art(product) {
    return element("div", { class: `art ${product.art}`, "aria-hidden": "true" });
  }

  function productCard(product) {
    const link = element("a", { href: shop.addressOf("product", product.id) }, product.name);
    return element(
      "li",
      { class: "card", "data-product-id": product.id },
      art(product),
      element("h3", {}, link),
      price(product.price),
    );
  }

  function productCards(products) {
    return element("ul", { class: "cards" }, ...products.map(productCard));
  }

  function catalogue() {
    return [
      element("h1", {}, "Gear for rough ground"),
      element(
        "p",
        { class: "lead" },
        "Four things we make, and run in ourselves. Free returns for 60 days.",
      ),
      productCards(shop.products),
    ];
  }

  function product(productId) {
    const shown = shop.find(productId);
    const buttons = element(
      "p",
      { class: "actions" },
      action("add-to-cart", "Add to cart", { class: "button primary" }),
      element(
        "a",
        { class: "button", href: shop.addressOf("checkout"), "data-action": "add-and-go" },
        "Buy now",
      ),
    );
    const details = element(
      "div",
      {},
      element("h1", {}, shown.name),
      price(shown.price),
      element("p", {}, shown.words),
      buttons,
      element("p", { role: "status", "data-role": "notice" }),
    );
    const others = shop.products.filter((other) => other !== shown);
    return [
      element("article", { class: "product", "data-product-id": shown.id }, art(shown), details),
      element("h2", {}, "Also in the shop"),
      productCards(others),
    ];
  }

  function cartLine({ product, quantity }) {
    const named = (verb) => ({ "aria-label": `${verb} ${product.name}` });
    return element(
      "li",
      { class: "line", "data-role": "line", "data-product-id": product.id },
      art(product),
      element("a", { class: "name", href: shop.addressOf("product", product.id) }, product.name),
      element(
        "div",
        { class: "stepper" },
        action("decrease", "−", named("One less of")),
        element("span", { "data-role": "quantity" }, String(quantity)),
        action("increase", "+", named("One more of")),
      ),
      price(product.price * quantity),
      action("remove", "Remove", { class: "button quiet", ...named("Remove") }),
    );
  }

  function total() {
    return element(
      "p",
      { class: "total" },
      "Total ",
      price(shop.cartTotal(), { "data-role": "total" }),
    );
  }

  function emptyCart() {
    return [element("h1", {}, "Your cart"), element("p", {}, "Nothing in it yet."), total()];
  }

  function cart() {
    const lines = shop.cartLines();
    if (lines.length === 0) return emptyCart();
    return [
      element("h1", {}, "Your cart"),
      element("ul", { class: "lines" }, ...lines.map(cartLine)),
      total(),
      element(
        "a",
        {
          class: "button primary",
          href: shop.addressOf("checkout"),
          "data-action": "go-to-checkout",
        },
        "Go to checkout",
      ),
    ];
  }

  function field(label, name, autocomplete) {
    const input = element("input", { name, autocomplete });
    return element("label", {}, label, input);
  }

  function summaryRow({ productName, quantity, value }) {
    return element(
      "li",
      { class: "summary" },
      `${quantity} × ${productName}`,
      price(value * quantity),
    );
  }

  function checkout() {
    const lines = shop.cartLines();
    const rows = lines.map(({ product, quantity }) =>
      summaryRow({ productName: product.name, quantity, value: product.price }),
    );
    const buy = action("buy", "Buy", { type: "submit", class: "button primary" });
    buy.disabled = lines.length === 0;
    return [
      element("h1", {}, "Checkout"),
      element(
        "form",
        { class: "checkout" },
        element(
          "fieldset",
          {},
          element("legend", {}, "Where shall we send it?"),
          field("Name", "name", "name"),
          field("Street and number", "street", "street-address"),
          field("Town", "town", "address-level2"),
        ),
        element(
          "section",
          { "aria-label": "Your order" },
          element("ul", { class: "lines" }, ...rows),
          total(),
          buy,
        ),
      ),
    ];
  }

  function thankYou() {
    const order = shop.lastOrder();
    if (!order) return [element("h1", {}, "Thank you"), element("p", {}, "We have your order.")];
    return [
      element("h1", {}, "Thank you!"),
      element(
        "p",
        {},
        "Your order ",
        element("strong", { "data-role": "order-id" }, order.orderId),
        " is on its way.",
      ),
      element("ul", { class: "lines" }, ...order.lineItems.map(summaryRow)),
      element("p", { class: "total" }, "Total ", price(order.value, { "data-role": "total" })),
    ];
  }

  const views = { catalogue, product, cart, checkout, "thank-you": thankYou };

  // The FAQ page has words of its own and no view; its header still counts the cart.
  shop.show = function (view, productId) {
    document.querySelector("[data-role=cart-count]").textContent = shop.cartCount();
    if (!view) return;
    document.querySelector("[data-view]").replaceChildren(...views[view](productId));
  };

  shop.notice = function (words) {
    document.querySelector("[data-role=notice]").textContent = words;
  };
})();
