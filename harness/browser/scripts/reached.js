// Whether this is another document than the known one (or, moving through the history, another
// address) and has loaded far enough.
const [known, until, from] = arguments;
const reached = {
  begun: () => true,
  complete: () => document.readyState === "complete",
  parsed: () => document.readyState !== "loading",
  // The SDK's script is the one of another host; what stands before it has run once it is there.
  snippet: () =>
    typeof window.trackAlhenaEvent === "function" &&
    document.querySelector('script[src^="http"]') !== null,
  body: () => document.body !== null,
}[until];
const { timeOrigin } = performance;
// The empty page of a new browsing context comes before every other.
const isOfAShop = location.protocol !== "about:";
const isAnother = timeOrigin !== known || (from !== null && location.href !== from);
const another = isOfAShop && isAnother;
const page = { __proto__: null, timeOrigin, origin: location.origin };
// No prototype: the driver passes on what a page has added to it.
if (another && reached()) return { __proto__: null, ok: page };
const state = another ? `it is still ${document.readyState}` : "the page before it is still there";
return { __proto__: null, missing: `${location.href} did not come: ${state}` };
