// Whether the functions by which a page can send are the browser's own: nothing of the harness or the driver stands before them.
const isNative = (found) => typeof found === "function" && /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(found));
return {
  fetch: isNative(window.fetch),
  XMLHttpRequest: isNative(window.XMLHttpRequest) && isNative(XMLHttpRequest.prototype.send),
  sendBeacon: isNative(navigator.sendBeacon),
};
