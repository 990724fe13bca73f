// Calls events one after the other in one task, and returns what each call threw.
const [calls, style, exit, during, saved] = arguments;
const reference = Symbol.for(saved);
const ways = {
  queue: (method, args) => window.trackAlhenaEvent(method, args),
  "saved-reference": (method, args) => window[reference](method, args),
  push: (method, args) => window._alhenaEventQueue.push(ofThePage({ method, args })),
  direct: (method, args) => (DIRECT_OBJECT)[method](args),
};

function attempt({ method, args }) {
  const at = performance.timeOrigin + performance.now();
  try {
    ways[style](method, ofThePage(args));
    return { __proto__: null, at, threw: null, stack: null };
  } catch (error) {
    const stack = error?.stack ? String(error.stack) : null;
    return { __proto__: null, at, threw: String(error), stack };
  }
}

const inner = [];
if (during) {
  // The first read of the first event's first field calls another event.
  const { args } = calls[0];
  const [name, value] = Object.entries(args)[0];
  const get = () => {
    if (inner.length === 0) {
      inner.push(null);
      inner[0] = attempt(during);
    }
    return value;
  };
  Object.defineProperty(args, name, { get, enumerable: true });
}

const results = calls.map(attempt);
if (exit === "navigate") location.assign("/cart");
if (exit === "reload") location.reload();
return { __proto__: null, results, during: inner[0] ?? null };
