// Looks at the page, through open shadow roots and frames of the same origin. Changes nothing.
const [what, known] = arguments;

const inside = (element) => {
  try {
    return element.localName === "iframe" ? element.contentDocument : null;
  } catch {
    // Of another origin.
    return null;
  }
};

function* below(root) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    for (const further of [element.shadowRoot, inside(element)]) if (further) yield* below(further);
  }
}

/** The shadow host or the frame around a root. */
const around = (root) => root.host ?? root.defaultView?.frameElement ?? null;

const quoted = (text) => JSON.stringify(text);

// ---- selectors

/** A selector that finds this element first below its root; best one that finds no other. */
function simple(element) {
  const root = element.getRootNode();
  const { localName: tag } = element;
  const attributes = [...element.attributes].filter(({ value }) => value.length < 40);
  const by = (pattern) =>
    attributes
      .filter(({ name }) => pattern.test(name))
      .map(({ name, value }) => `${tag}[${name}=${quoted(value)}]`);
  const tries = [
    ...(element.id ? [`#${CSS.escape(element.id)}`] : []),
    ...by(/^data-/),
    ...[...element.classList].map((name) => `.${CSS.escape(name)}`),
    tag,
    ...by(/^(name|type|role|part)$/),
  ];
  const finds = (most) => (selector) => {
    const all = root.querySelectorAll(selector);
    return all[0] === element && all.length <= most;
  };
  const found = tries.find(finds(1)) ?? tries.find(finds(Infinity));
  if (found) return found;
  const parent = element.parentElement;
  const position = [...(parent ?? root).children].indexOf(element) + 1;
  return `${parent ? `${simple(parent)} > ` : ""}:nth-child(${position})`;
}

/** As a profile has it, through shadow roots and frames. */
function selector(element) {
  const host = around(element.getRootNode());
  return host ? `${selector(host)} >>> ${simple(element)}` : simple(element);
}

// ---- what an element is

const signature = ({ localName, id, className }) => `${localName}#${id}.${className}`;

const isShown = (element) => {
  const { width, height } = element.getBoundingClientRect();
  const { visibility } = element.ownerDocument.defaultView.getComputedStyle(element);
  return width > 0 && height > 0 && visibility !== "hidden";
};

const FAQ = document.getElementById("alhena-product-faq");

/** Where the build put it: in the place for Product FAQs, on the page, or nowhere. */
const placeOf = (element) => {
  let top = element;
  for (let host = around(top.getRootNode()); host; host = around(top.getRootNode())) top = host;
  if (FAQ?.contains(top)) return "faq";
  for (; top && top !== document.body; top = top.parentElement) {
    if (!known.elements.includes(signature(top))) return "page";
  }
  return "none";
};

const CLICKED = "button, summary, [role=button], a[href='#'], a:not([href])";
const TYPED =
  "textarea, [contenteditable=true], input:not([type]), input[type=text], input[type=search]";
const SENT = "button, [role=button], input[type=submit]";

const all = () => [...below(document)];
const onPage = () => [...document.body.querySelectorAll("*")];
const isNew = (element) => !known.elements.includes(signature(element));

// ---- what looks like a fingerprint

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function* kept() {
  for (const getter of known.getters) {
    const expression = `${getter}()`;
    try {
      // A getter of the build: it is there to be called.
      yield { expression, value: new Function(`return ${expression}`)() };
    } catch {
      // Not without arguments.
    }
  }
  for (const cookie of document.cookie.split("; ")) {
    const [name, value] = cookie.split("=");
    yield { expression: `document.cookie.match(/${name}=([^;]*)/)?.[1]`, value };
  }
  for (const area of ["localStorage", "sessionStorage"]) {
    for (const name of Object.keys(window[area])) {
      const expression = `${area}.getItem(${quoted(name)})`;
      yield { expression, value: window[area].getItem(name) };
    }
  }
}

// ---- what a global holds

function* properties() {
  for (const global of known.names) {
    const object = window[global];
    if (object === null || !["object", "function"].includes(typeof object)) continue;
    const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(object) ?? {});
    for (const name of new Set([...Object.keys(object), ...inherited])) {
      if (name in Object.prototype || !/^[\w$]+$/.test(name)) continue;
      const value = object[name];
      const is_method = typeof value === "function";
      if (!is_method && !["string", "boolean"].includes(typeof value)) continue;
      const expression = `${global}.${name}`;
      yield { expression, name, value: is_method ? "function" : value, is_method };
    }
  }
}

const looks = {
  // What is there without the build.
  before: () => ({
    globals: Object.getOwnPropertyNames(window),
    elements: onPage().map(signature),
  }),
  globals: () => Object.getOwnPropertyNames(window).filter((own) => !known.globals.includes(own)),
  configured: () => Object.keys(document.__probed ?? {}),
  roots: () =>
    onPage()
      .filter((element) => isNew(element) && !FAQ?.contains(element))
      .map(simple),
  properties: () => [...properties()],
  identities: () => [...kept()].filter(({ value }) => typeof value === "string" && ID.test(value)),
  controls: () =>
    all()
      .filter((own) => own.matches(CLICKED) && isShown(own) && placeOf(own) === known.place)
      .map(selector),
  inputs: () =>
    all()
      .filter((own) => own.matches(TYPED) && isShown(own) && placeOf(own) === "page")
      .map(selector),
  // The buttons in the document or the shadow root of that input.
  senders: () => {
    const input = all().find((own) => own.matches(TYPED) && selector(own) === known.input);
    const near = input ? [...input.getRootNode().querySelectorAll(SENT)] : [];
    return near.filter(isShown).map(selector);
  },
  // Where a text stands that holds the mark of an answer, the word after it, and where that is.
  answers: () =>
    all()
      .filter((own) => own.childElementCount === 0 && own.textContent.includes(known.mark))
      .map((own) => {
        const [word] = own.textContent.split(known.mark)[1].trim().split(" ");
        return [selector(own), word, placeOf(own)];
      }),
};
return looks[what]();
