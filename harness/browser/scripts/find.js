// Answers with the element once it is there and, for one to be used, shown, in view and not
// covered. Each selector but the last leads into an open shadow root, or to a frame, which only the
// driver can enter.
const [selectors, isToBeUsed, deadline, done] = arguments;
const end = performance.now() + deadline;

const isShown = (element) => element.getClientRects().length > 0;

function isOnTop(element) {
  element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const { left, top, width, height } = element.getBoundingClientRect();
  const onTop = element.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
  return element === onTop || element.contains(onTop);
}

(function look() {
  let root = document;
  let state = "is not there";
  for (const [index, selector] of selectors.entries()) {
    const element = root.querySelector(selector);
    if (element === null) break;
    if (index === selectors.length - 1) {
      if (!isToBeUsed || (isShown(element) && isOnTop(element))) return done({ ok: { element } });
      state = isShown(element) ? "is covered by something else" : "is there but not shown";
    } else if (element.shadowRoot) {
      root = element.shadowRoot;
    } else if (element.localName === "iframe") {
      if (!isToBeUsed || isShown(element)) {
        return done({ ok: { frame: { element, inside: selectors.slice(index + 1) } } });
      }
      state = "is in a frame that is not shown";
    } else {
      state = `is not there: ${selector} has no open shadow root and is no frame`;
      break;
    }
  }
  if (performance.now() < end) return setTimeout(look, 5);
  done({ missing: `${selectors.join(" >>> ")} ${state} on ${location.href}` });
})();
