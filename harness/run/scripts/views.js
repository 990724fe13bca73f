// The window and each frame in it, in open shadow roots too, that is of its own origin: an SDK may
// send from a frame.
(function views(view) {
  const framesIn = (root) =>
    [...root.querySelectorAll("*")].flatMap((element) => {
      if (element.localName === "iframe") return [element];
      return element.shadowRoot ? framesIn(element.shadowRoot) : [];
    });
  const frames = framesIn(view.document).filter((frame) => frame.contentDocument);
  return [view, ...frames.flatMap((frame) => views(frame.contentWindow))];
})
