// Answers with the element once it is there, shown, in view and not covered.
const [selector, deadline, done] = arguments;
const end = performance.now() + deadline;
(function look() {
  const element = document.querySelector(selector);
  const shown = element !== null && element.getClientRects().length > 0;
  if (shown) {
    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (element === top || element.contains(top)) return done({ ok: element });
  }
  if (performance.now() < end) return setTimeout(look, 5);
  const state = element === null ? "is not there" : shown ? "is covered by something else" : "is there but not shown";
  done({ missing: `${selector} ${state} on ${location.href}` });
})();
