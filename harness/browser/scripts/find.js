// Answers with the element once it is there and, for one to be used, shown, in view and not
// covered. Each selector but the last leads into an open shadow root, or to a frame, which only the
// driver can enter.
const [selectors, isToBeUsed, deadline, done] = arguments;
const end = performance.now() + deadline;

const isShown = (element) => element.getClientRects().length > 0;

function isOnTopHere(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const onTop = element.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
  return element === onTop || element.contains(onTop);
}

// Scrolls only if it must: from inside a frame WebKit scrolls the page around it, too.
function isOnTop(element) {
  if (isOnTopHere(element)) return true;
  element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  return isOnTopHere(element);
}

(function look() {
  let root = document;
  let state = "is not there";
  for (let index = 0; index < selectors.length; index += 1) {
    const selector = selectors[index];
    const element = root.querySelector(selector);
    if (element === null) break;
    if (index === selectors.length - 1) {
      if (!isToBeUsed || (isShown(element) && isOnTop(element))) {
        return done({ __proto__: null, ok: { __proto__: null, element } });
      }
      state = isShown(element) ? "is covered by something else" : "is there but not shown";
    } else if (element.shadowRoot) {
      root = element.shadowRoot;
    } else if (element.localName === "iframe") {
      if (!isToBeUsed || isShown(element)) {
        const frame = { __proto__: null, element, inside: selectors.slice(index + 1) };
        return done({ __proto__: null, ok: { __proto__: null, frame } });
      }
      state = "is in a frame that is not shown";
    } else {
      state = `is not there: ${selector} has no open shadow root and is no frame`;
      break;
    }
  }
  if (performance.now() < end) return setTimeout(look, 5);
  done({ __proto__: null, missing: `${selectors.join(" >>> ")} ${state} on ${location.href}` });
})();
