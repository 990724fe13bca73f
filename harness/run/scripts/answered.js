// True once the page has seen the end of enough event requests that began after a time, and one more turn of the event loop has let the SDK see it too.
(async () => {
  const literally = (text) => text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const paths = PATHS.map((path) => new RegExp(`^${literally(path).replaceAll("*", ".*").replaceAll("?", ".")}$`));
  const isEnded = (entry) => entry.responseEnd > 0 && performance.timeOrigin + entry.startTime >= SINCE;
  const ended = performance.getEntriesByType("resource").filter((entry) => isEnded(entry) && paths.some((path) => path.test(new URL(entry.name).pathname)));
  if (ended.length < COUNT) return false;
  await new Promise((turn) => setTimeout(turn));
  await new Promise((turn) => setTimeout(turn));
  return true;
})()
