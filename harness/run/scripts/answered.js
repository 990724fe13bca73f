// True once the page has seen the end of enough event requests, and one more turn of the event loop has let the SDK see it too.
(async () => {
  const literally = (text) => text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const paths = PATHS.map((path) => new RegExp(`^${literally(path).replaceAll("*", ".*").replaceAll("?", ".")}$`));
  const ended = performance.getEntriesByType("resource").filter((entry) => entry.responseEnd > 0 && paths.some((path) => path.test(new URL(entry.name).pathname)));
  if (ended.length < COUNT) return false;
  await new Promise((turn) => setTimeout(turn));
  await new Promise((turn) => setTimeout(turn));
  return true;
})()
