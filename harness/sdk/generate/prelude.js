;var FUNCTION = globalThis.FUNCTION || (function (say, beacon, script) {
  var seen = {}, leaving = false;
  addEventListener("pagehide", function () { leaving = true; }, true);
  addEventListener("pageshow", function () { leaving = false; }, true);
  return function (site) {
    if (seen[site]) return;
    seen[site] = true;
    if (say) say.call(console, "COVERED" + site);
    if (leaving || !say) beacon(new URL("/COVERED" + site, script));
  };
})(
  console.debug || console.log,
  navigator.sendBeacon.bind(navigator),
  (document.currentScript || location).src || location.href
);
