// Answers once the expression is true; an expression that throws is not true yet.
const [text, deadline, done] = arguments;
const end = performance.now() + deadline;
(async function look() {
  let value, threw;
  try {
    value = await (EXPRESSION);
  } catch (error) {
    threw = error;
  }
  if (value) return done({ ok: true });
  if (performance.now() <= end) return setTimeout(look, 5);
  done({ missing: `${text} is ${threw ?? value} on ${location.href}` });
})();
