// Asks the browser to prerender a page, as the shop would.
const rules = document.createElement("script");
rules.type = "speculationrules";
rules.textContent = JSON.stringify({ prerender: [{ source: "list", urls: [arguments[0]] }] });
document.head.append(rules);
