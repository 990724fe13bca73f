/*
 * Shows what the server reports, and sets its controls. The content of a request came from a page
 * and an SDK that are under test: it is only put in as text.
 */
(function () {
  "use strict";

  const BACKEND_MEANS = {
    well: "Records and answers 200.",
    slow: "Records at once, answers 400 ms later.",
    "very-slow": "Records at once, answers 9 s later.",
    held: "Records at once, answers when another of these is chosen.",
    error500: "Answers 500, records nothing.",
    error403: "Answers 403, records nothing.",
    "too-many": "Answers 429, records nothing.",
    redirects: "Answers 308, to another address, and records there.",
    "drops-request": "Reads the request, records nothing, drops the connection.",
    "drops-response": "Records the request, drops the connection instead of answering.",
    refused: "Refuses connections: nothing arrives, so nothing is shown here.",
    "no-cors":
      "Answers without CORS headers: browsers keep the answer from the page, " +
      "and do not send what they ask about first.",
  };
  const MARKS = { holds: "✓", broken: "✗", open: "–" };
  const STATUS_WORDS = { holds: "holds", broken: "broken", open: "nothing to judge by yet" };
  const FATE_WORDS = { rejected: "not recorded", unknown: "404" };

  const part = (role) => document.querySelector(`[data-role="${role}"]`);

  function element(tag, className, ...children) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  function folded(summary, ...children) {
    return element("details", "", element("summary", "", summary), ...children);
  }

  function seconds(ms) {
    return `+${(ms / 1000).toFixed(3)} s`;
  }

  function sentence(words) {
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  }

  /* May break after each slash, and so seldom within a name. */
  function path(text) {
    return text.split(/(?<=\/)/).flatMap((piece) => [piece, document.createElement("wbr")]);
  }

  /* ---- the state */

  function changed(times) {
    const words = times === 1 ? "once" : `${times} times`;
    return `${words} since the start: reload the shop’s pages to try this build`;
  }

  function showState(state) {
    const served = [
      ["SDK", ...path(state.sdk)],
      ["sha256", `${state.sha256.slice(0, 16)}…`],
      ...(state.changes > 0 ? [["Changed", changed(state.changes)]] : []),
      ["Profile", state.profile],
    ];
    part("served").replaceChildren(
      ...served.flatMap(([name, ...value]) => [
        element("dt", "", name),
        element("dd", "", ...value),
      ]),
    );
    part("shop").href = state.shop;
    part("second-shop").href = state.second_shop;
    for (const [control, now] of [
      ["script", state.script],
      ["backend", state.backend],
    ]) {
      for (const button of document.querySelectorAll(`[data-control="${control}"] button`)) {
        button.setAttribute("aria-pressed", String(button.value === now));
      }
    }
    const times = state.script_answers === 1 ? "once" : `${state.script_answers} times`;
    part("script-answers").textContent = state.script_answers
      ? `Answered ${times}, the last time with ${state.script_status}.`
      : "Nobody has asked for it yet.";
    part("backend-means").textContent = BACKEND_MEANS[state.backend];
    for (const entry of [...part("entries").children]) {
      if (Number(entry.dataset.id) < state.cleared) entry.remove();
    }
    count();
  }

  function count() {
    const shown = part("entries").children.length;
    part("count").textContent = shown;
    part("empty").hidden = shown > 0;
  }

  /* ---- one request */

  function fields(event) {
    const rows = event.fields
      .filter((field) => field.value !== null || !/^(orderId|lineItems)$/.test(field.name))
      .flatMap(({ name, value }) => [
        element("dt", "", name),
        value === null
          ? element("dd", "absent", "absent")
          : element("dd", "", element("code", "", value)),
      ]);
    return element("dl", "fields", ...rows);
  }

  function seenEvent(event) {
    const shown = element("section", "event", element("h4", "", event.method), fields(event));
    if (event.rejected)
      shown.append(element("p", "why", sentence(`not recorded, for ${event.rejected}`)));
    return shown;
  }

  function verdict({ check, status, message, expected, actual, requirements }) {
    const mark = element("span", "mark", MARKS[status]);
    mark.setAttribute("aria-hidden", "true");
    const shown = element(
      "li",
      "verdict",
      mark,
      element("strong", "", check),
      ` ${STATUS_WORDS[status]}`,
    );
    shown.dataset.status = status;
    shown.dataset.check = check;
    if (message) shown.append(element("p", "message", message));
    if (expected) shown.append(element("p", "", "expected ", element("code", "", expected)));
    if (actual) shown.append(element("p", "", "actual ", element("code", "", actual)));
    for (const { id, level, statement } of requirements) {
      shown.append(element("p", "requirement", `${id} (${level}): ${statement}`));
    }
    return shown;
  }

  function tally(verdicts) {
    const of = (status) => verdicts.filter((verdict) => verdict.status === status).length;
    const words = { broken: "broken", holds: of("holds") === 1 ? "holds" : "hold", open: "open" };
    return Object.keys(words)
      .filter(of)
      .map((status) => `${of(status)} ${words[status]}`)
      .join(", ");
  }

  function verdicts(all) {
    const broken = all.filter(({ status }) => status === "broken");
    const others = all.filter(({ status }) => status !== "broken");
    const list = (some) => element("ul", "verdicts", ...some.map(verdict));
    const shown = [];
    if (broken.length > 0) shown.push(list(broken));
    if (others.length > 0) shown.push(folded(`Checks: ${tally(others)}`, list(others)));
    return shown;
  }

  function badge(text, kind) {
    const shown = element("span", "badge", text);
    shown.dataset.kind = kind;
    return shown;
  }

  function fateOf(entry) {
    return FATE_WORDS[entry.fate] ?? entry.fate;
  }

  function entry(request) {
    const title = element("h3", "", `${request.method} ${request.path}`);
    const badges = element("p", "badges", badge(fateOf(request), request.fate));
    const broken = request.verdicts.filter(({ status }) => status === "broken").length;
    if (request.verdicts.length > 0)
      badges.append(" ", badge(tally(request.verdicts), broken > 0 ? "broken" : "holds"));
    if (request.visitor === "second") badges.append(" ", badge("second visitor", "visitor"));
    const shown = element(
      "li",
      "entry",
      element("div", "head", element("span", "time", seconds(request.at)), title, badges),
      ...(request.what === fateOf(request) ? [] : [element("p", "what", sentence(request.what))]),
      ...request.events.map(seenEvent),
      ...verdicts(request.verdicts),
    );
    if (request.body) {
      shown.append(
        folded(
          `Body, ${request.content_type ?? "without a content type"}`,
          element("pre", "", request.body),
        ),
      );
    }
    shown.dataset.id = request.id;
    shown.dataset.fate = request.fate;
    return shown;
  }

  function showEntry(request) {
    part("entries").prepend(entry(request));
    count();
    if (request.fate === "preflight") return;
    const events = request.events.map((event) => event.method).join(", ");
    const said = request.verdicts.length > 0 ? `; checks: ${tally(request.verdicts)}` : "";
    part("latest").textContent =
      `${events || `${request.method} ${request.path}`} ${fateOf(request)}${said}`;
  }

  /* ---- the server */

  function showConnection(text, isLive) {
    part("connection").textContent = text;
    part("connection").dataset.live = isLive;
  }

  async function set(path) {
    try {
      const answer = await fetch(path, { method: "POST" });
      if (!answer.ok) showConnection(`That did not work: ${await answer.text()}`, false);
    } catch {
      showConnection("That did not work: the server does not answer.", false);
    }
  }

  for (const control of document.querySelectorAll("[data-control]")) {
    control.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button) set(`/${control.dataset.control}/${button.value}`);
    });
  }
  document.querySelector("[data-action=clear]").addEventListener("click", () => set("/clear"));

  const updates = new EventSource("/updates");
  updates.addEventListener("open", () => {
    // A new connection gets everything from the beginning.
    part("entries").replaceChildren();
    showConnection("Live.", true);
  });
  updates.addEventListener("error", () =>
    showConnection("The server has gone; this page goes on by itself once it is back.", false),
  );
  updates.addEventListener("state", ({ data }) => showState(JSON.parse(data)));
  updates.addEventListener("entry", ({ data }) => showEntry(JSON.parse(data)));
})();
