// Ends once the page has not changed for a while, or at the deadline.
const [quietMs, deadlineMs, done] = arguments;
let timer;
const end = () => {
  observer.disconnect();
  clearTimeout(timer);
  clearTimeout(last);
  done(true);
};
const again = () => {
  clearTimeout(timer);
  timer = setTimeout(end, quietMs);
};
const observer = new MutationObserver(again);
const all = { attributes: true, childList: true, subtree: true, characterData: true };
observer.observe(document, all);
const last = setTimeout(end, deadlineMs);
again();
