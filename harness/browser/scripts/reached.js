// Whether this is another document than the known one (or, moving through the history, another
// address) and has loaded far enough.
const [known, until, from] = arguments;
const reached = {
  complete: () => document.readyState === "complete",
  parsed: () => document.readyState !== "loading",
  snippet: () => typeof window.trackAlhenaEvent === "function",
  body: () => document.body !== null,
}[until];
const { timeOrigin } = performance;
const another = timeOrigin !== known || (from !== null && location.href !== from);
if (another && reached()) return { ok: { timeOrigin, origin: location.origin } };
const state = another ? `it is still ${document.readyState}` : "the page before it is still there";
return { missing: `${location.href} did not come: ${state}` };
