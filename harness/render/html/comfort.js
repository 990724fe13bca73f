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

  // A trace shows one frame at a time.
  for (const trace of document.querySelectorAll("[data-trace]")) {
    const frames = [...trace.querySelectorAll("[data-frame]")];
    const steps = trace.querySelector(".steps");
    let at = 0;
    const show = (index) => {
      at = Math.max(0, Math.min(frames.length - 1, index));
      for (const [own, frame] of frames.entries()) frame.hidden = own !== at;
      steps.querySelector("output").textContent = `${at + 1} of ${frames.length}`;
      const same = frames[at].querySelector("[data-same]");
      const before = frames.slice(0, at).findLast((frame) => frame.querySelector("img"));
      if (same && before) same.replaceWith(before.querySelector("img").cloneNode());
    };
    const keys = {
      ArrowLeft: () => at - 1,
      ArrowRight: () => at + 1,
      Home: () => 0,
      End: () => frames.length - 1,
    };
    trace.addEventListener("keydown", (event) => {
      if (!keys[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      show(keys[event.key]());
    });
    steps.addEventListener("click", ({ target }) => {
      if (target.dataset.step) show(at + Number(target.dataset.step));
    });
    steps.hidden = false;
    show(0);
    addEventListener("beforeprint", () => frames.forEach((frame) => (frame.hidden = false)));
    addEventListener("afterprint", () => show(at));
  }

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
