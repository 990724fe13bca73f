// True once the page and its frames have seen the end of enough event requests that began after a
// time, and one more turn of the event loop has let the SDK see it too.
(async () => {
  const escape = (text) => text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const pattern = (path) => escape(path).replaceAll("*", ".*").replaceAll("?", ".");
  const paths = PATHS.map((path) => new RegExp(`^${pattern(path)}$`));
  const isOfEvents = ({ name }) => paths.some((path) => path.test(new URL(name).pathname));
  const ended = VIEWS(window).flatMap(({ performance }) => {
    const isEnded = ({ startTime, responseEnd }) =>
      responseEnd > 0 && performance.timeOrigin + startTime >= SINCE;
    return performance
      .getEntriesByType("resource")
      .filter((entry) => isEnded(entry) && isOfEvents(entry));
  });
  if (ended.length < COUNT) return false;
  await new Promise((turn) => setTimeout(turn));
  await new Promise((turn) => setTimeout(turn));
  return true;
})()
