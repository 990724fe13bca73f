// Whether the functions by which a page can send are the browser's own: neither the harness nor the
// driver replaces them.
const isNative = (value) =>
  typeof value === "function" &&
  /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(value));
return {
  fetch: isNative(window.fetch),
  XMLHttpRequest: isNative(window.XMLHttpRequest) && isNative(XMLHttpRequest.prototype.send),
  sendBeacon: isNative(navigator.sendBeacon),
};
