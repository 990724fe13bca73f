// Answers once the expression is true; an expression that throws is not true yet. Where it asks for
// the path of a script, with the milliseconds since that script had come, by the page's clock.
const [text, script, deadline, done] = arguments;
const end = performance.now() + deadline;
function sinceScript() {
  const now = performance.now();
  const resources = performance.getEntriesByType("resource");
  const came = resources.findLast(({ name }) => new URL(name).pathname === script);
  return came ? now - came.responseEnd : null;
}
(async function look() {
  let value, threw;
  try {
    value = await (EXPRESSION);
  } catch (error) {
    threw = error;
  }
  if (value) return done({ __proto__: null, ok: script && sinceScript() });
  if (performance.now() <= end) return setTimeout(look, 5);
  const found = threw ? `threw ${threw}` : `is ${value === "" ? "empty" : value}`;
  done({ __proto__: null, missing: `\`${text}\` ${found} on ${location.pathname}` });
})();
