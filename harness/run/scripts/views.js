// The window and each frame in it, in open shadow roots too, that is of its own origin: an SDK may send from a frame.
(function views(view) {
  const framesIn = (root) => [...root.querySelectorAll("*")].flatMap((element) => (element.localName === "iframe" ? [element] : element.shadowRoot ? framesIn(element.shadowRoot) : []));
  return [view, ...framesIn(view.document).filter((frame) => frame.contentDocument).flatMap((frame) => views(frame.contentWindow))];
})
