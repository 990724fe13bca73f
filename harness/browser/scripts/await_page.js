// Answers once this is another document than the known one and has got far enough.
const [known, until, deadline, done] = arguments;
const end = performance.now() + deadline;
const reached = {
  complete: () => document.readyState === "complete",
  snippet: () => typeof window.trackAlhenaEvent === "function",
  body: () => document.body !== null,
}[until];
(function look() {
  if (performance.timeOrigin !== known && reached()) {
    done({ ok: { timeOrigin: performance.timeOrigin } });
  } else if (performance.now() > end) {
    done({ missing: `${location.href} did not come: ${performance.timeOrigin === known ? "the page before it is still there" : `it is still ${document.readyState}`}` });
  } else {
    setTimeout(look, 2);
  }
})();
