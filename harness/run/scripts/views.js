// The window and each frame in it of its own origin, in open shadow roots too: an SDK may send from
// a frame.
(function views(view) {
  const framesIn = (root) =>
    [...root.querySelectorAll("*")].flatMap((element) => {
      if (element.localName === "iframe") return [element];
      return element.shadowRoot ? framesIn(element.shadowRoot) : [];
    });
  const readable = framesIn(view.document).filter((frame) => frame.contentDocument);
  return [view, ...readable.flatMap((frame) => views(frame.contentWindow))];
})
