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
  if (value) done({ ok: true });
  else if (performance.now() > end) {
    done({ missing: `${text} is ${threw ?? value} on ${location.href}` });
  } else setTimeout(look, 5);
})();
