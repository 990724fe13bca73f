// Whether the functions by which a page can send are the browser's own: neither the harness nor the
// driver has replaced them.
const source = Function.prototype.toString;
const isNative = (found) =>
  typeof found === "function" && /\{\s*\[native code\]\s*\}$/.test(source.call(found));
return {
  fetch: isNative(window.fetch),
  XMLHttpRequest: isNative(window.XMLHttpRequest) && isNative(XMLHttpRequest.prototype.send),
  sendBeacon: isNative(navigator.sendBeacon),
};
