// Firefox runs our scripts in a realm of their own, whose objects are none of the page's: an SDK
// that looks for `instanceof Object` would refuse them. Returns plain objects and arrays as the
// page itself would have made them, frozen where they are. In the other engines they are so
// already.
function ofThePage(value, made = new Map()) {
  if (window.Object === Object || value === null || typeof value !== "object") return value;
  if (made.has(value)) return made.get(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Array.prototype && prototype !== Object.prototype) return value;
  const own = prototype === Array.prototype ? new window.Array() : new window.Object();
  made.set(value, own);
  for (const name of Reflect.ownKeys(value)) {
    const field = Object.getOwnPropertyDescriptor(value, name);
    if ("value" in field) field.value = ofThePage(field.value, made);
    Object.defineProperty(own, name, field);
  }
  if (!Object.isExtensible(value)) Object.preventExtensions(own);
  return own;
}
