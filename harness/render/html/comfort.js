// Comfort only: everything is there without it.
(() => {
  "use strict";
  const entries = [...document.querySelectorAll("[data-filter]")];
  const tools = document.querySelector(".tools");
  const tool = (name) => tools.querySelector(`[data-tool="${name}"]`);
  const shown = () => entries.filter((entry) => !entry.hidden);
  const around = (entry) => entry.parentElement?.closest("details");
  // An entry is seen only where all that holds it is open.
  const reveal = (entry) => {
    for (let part = around(entry); part; part = around(part)) part.open = true;
  };

  // A link into something closed opens it; older browsers do not by themselves.
  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let part = target; part; part = part.parentElement) {
      if (part.localName === "details") part.open = true;
      if (part.hidden) part.hidden = false;
    }
    target.scrollIntoView({ block: "start" });
  };
  addEventListener("hashchange", openTarget);
  if (location.hash) openTarget();

  if (!tools) return;
  tools.hidden = false;
  const texts = new Map();
  const text = (entry) => {
    if (!texts.has(entry)) texts.set(entry, entry.textContent.toLowerCase());
    return texts.get(entry);
  };
  tool("filter").addEventListener("input", ({ target }) => {
    const words = target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const entry of entries) entry.hidden = !words.every((word) => text(entry).includes(word));
    if (words.length) shown().forEach(reveal);
    tool("found").textContent = words.length ? `${shown().length} of ${entries.length} shown` : "";
  });
  tool("open").addEventListener("click", () => {
    for (const entry of shown()) {
      entry.open = true;
      reveal(entry);
    }
  });
  tool("close").addEventListener("click", () => entries.forEach((entry) => (entry.open = false)));

  // Paper has nothing to click.
  let opened = [];
  addEventListener("beforeprint", () => {
    const failed = document.querySelectorAll(".case, .section:has(> .case)");
    opened = [...failed].filter((part) => !part.open);
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
})();
