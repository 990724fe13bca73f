// The document as HTML, with its open shadow roots. Changes nothing.
function roots(root) {
  const own = [...root.querySelectorAll("*")].map(({ shadowRoot }) => shadowRoot).filter(Boolean);
  return own.flatMap((shadow) => [shadow, ...roots(shadow)]);
}
const page = document.documentElement;
const html = page.getHTML ? page.getHTML({ shadowRoots: roots(document) }) : page.innerHTML;
return html.slice(0, arguments[0]);
