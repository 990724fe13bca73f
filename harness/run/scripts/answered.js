// True once the page has seen the end of enough event requests, and one more turn of the event loop has let the SDK see it too.
(async () => {
  const paths = PATHS;
  const ended = performance.getEntriesByType("resource").filter((entry) => entry.responseEnd > 0 && paths.includes(new URL(entry.name).pathname));
  if (ended.length < COUNT) return false;
  await new Promise((turn) => setTimeout(turn));
  await new Promise((turn) => setTimeout(turn));
  return true;
})()
