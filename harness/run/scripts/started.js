// When the page and its frames started each request, with the number that the backend put into its
// Server-Timing header.
return VIEWS(window).flatMap(({ performance }) =>
  performance.getEntriesByType("resource").flatMap((entry) =>
    (entry.serverTiming ?? [])
      .filter((timing) => timing.name === "request")
      .map((timing) => [Number(timing.description), performance.timeOrigin + entry.startTime]),
  ),
);
