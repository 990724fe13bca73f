/*
 * What the shop knows and does: its products, the shopper's cart and orders, and what it reports.
 * No page structure here. Everything the shop makes hangs on window.shop, so that it cannot be
 * mistaken for something the snippet or the SDK made.
 */
(function () {
  "use strict";

  const CURRENCY = "USD";

  const products = [
    {
      id: "TR-100",
      name: "Trail Runner",
      price: 89.95,
      art: "art-ridge",
      words: "A cushioned all-day shoe with a wide toe box and 5 mm lugs for wet roots.",
    },
    {
      id: "FL-200",
      name: "Fell Light",
      price: 120,
      art: "art-dusk",
      words: "Our lightest racer: 198 g, low to the ground, made for steep grass and scree.",
    },
    {
      id: "SK-010",
      name: "Merino Socks",
      price: 14.5,
      art: "art-wool",
      words: "Thin merino with a padded heel. Dry by morning, even in a tent.",
    },
    {
      // Umlauts, quotes, a fraction and an emoji: text that careless encoding spoils.
      id: "ÜB-7",
      name: 'Überläufer "Pro" – 42½ 👟',
      price: 1299.99,
      art: "art-night",
      words: "Made to measure by hand in the Allgäu, from a scan of your own two feet.",
    },
  ];

  // A sandboxed page may not touch storage; then the cart lives as long as the page does.
  const memory = new Map();

  function load(area, key, otherwise) {
    try {
      return JSON.parse(window[area].getItem(key)) ?? otherwise;
    } catch {
      return memory.get(key) ?? otherwise;
    }
  }

  function save(area, key, value) {
    try {
      window[area].setItem(key, JSON.stringify(value));
    } catch {
      memory.set(key, value);
    }
  }

  // How far the pages are that the browser prerenders: who waits for one asks on the page before it.
  const PRERENDERED = "fell-and-foot.prerendered";

  if (document.prerendering) {
    document.addEventListener("readystatechange", () => {
      const states = load("localStorage", PRERENDERED, {});
      save("localStorage", PRERENDERED, { ...states, [location.pathname + location.search]: document.readyState });
    });
  }

  function prerendered(path) {
    return load("localStorage", PRERENDERED, {})[path];
  }

  const CART = "fell-and-foot.cart";
  const ORDER = "fell-and-foot.order";
  const ORDER_COUNT = "fell-and-foot.order-count";

  function cartLines() {
    const quantities = load("localStorage", CART, {});
    return products
      .filter((product) => quantities[product.id] > 0)
      .map((product) => ({ product, quantity: quantities[product.id] }));
  }

  function setQuantity(productId, quantity) {
    const quantities = load("localStorage", CART, {});
    save("localStorage", CART, { ...quantities, [productId]: quantity });
  }

  function quantityOf(productId) {
    return load("localStorage", CART, {})[productId] ?? 0;
  }

  function cartCount() {
    return cartLines().reduce((sum, line) => sum + line.quantity, 0);
  }

  function cartTotal() {
    const total = cartLines().reduce((sum, line) => sum + line.product.price * line.quantity, 0);
    // Sums of binary fractions drift; a shop charges whole cents.
    return Math.round(total * 100) / 100;
  }

  // Looked up at each call, as the API page's snippet intends: the SDK replaces the function later.
  function report(method, data) {
    if (typeof window.trackAlhenaEvent === "function") window.trackAlhenaEvent(method, data);
  }

  function reportCart(type, product, quantity) {
    report("sendCartEvent", {
      type,
      productId: product.id,
      productName: product.name,
      value: product.price,
      currency: CURRENCY,
      quantity,
    });
  }

  function find(productId) {
    return products.find((product) => product.id === productId) ?? products[0];
  }

  function addOne(productId) {
    const quantity = quantityOf(productId) + 1;
    setQuantity(productId, quantity);
    reportCart(quantity === 1 ? "ITEM_ADDED" : "QUANTITY_INCREASED", find(productId), quantity);
  }

  function removeLine(productId) {
    setQuantity(productId, 0);
    reportCart("ITEM_REMOVED", find(productId), 0);
  }

  function takeOne(productId) {
    const quantity = quantityOf(productId) - 1;
    if (quantity < 1) {
      removeLine(productId);
      return;
    }
    setQuantity(productId, quantity);
    reportCart("QUANTITY_DECREASED", find(productId), quantity);
  }

  function lineItem({ product, quantity }) {
    return {
      productId: product.id,
      productName: product.name,
      quantity,
      value: product.price,
      currency: CURRENCY,
    };
  }

  function placeOrder(reportOnThankYou) {
    const count = load("localStorage", ORDER_COUNT, 0) + 1;
    const order = {
      orderId: `FF-${1000 + count}`,
      value: cartTotal(),
      currency: CURRENCY,
      lineItems: cartLines().map(lineItem),
    };
    save("localStorage", ORDER_COUNT, count);
    save("localStorage", CART, {});
    save("sessionStorage", ORDER, { order, reportOnThankYou });
    if (!reportOnThankYou) report("sendCheckoutEvent", order);
  }

  function lastOrder() {
    return load("sessionStorage", ORDER, null)?.order;
  }

  // Many shops report where they confirm, and so report again when the shopper reloads.
  function reportOnThankYou() {
    const saved = load("sessionStorage", ORDER, null);
    if (saved?.reportOnThankYou) report("sendCheckoutEvent", saved.order);
  }

  function formatPrice(amount) {
    return new Intl.NumberFormat("en-US", { style: "currency", currency: CURRENCY }).format(amount);
  }

  window.shop = {
    products,
    find,
    cartLines,
    cartCount,
    cartTotal,
    addOne,
    takeOne,
    removeLine,
    placeOrder,
    lastOrder,
    reportOnThankYou,
    formatPrice,
    prerendered,
  };
})();
