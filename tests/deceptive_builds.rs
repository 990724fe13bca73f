//! A build that only seems to work fails the check that asks for what it does not do.

use rstest::rstest;

use crate::support::{CONFORMS, Ended, FAILS, alhena};

/// A minimal SDK that keeps its promises. Each case below replaces one of its lines.
const HONEST: &str = r#"
if (!window.gleenWidget) (() => {
  const { company, apiBaseUrl } = document.gleenConfig;
  const id = (name) => localStorage[name] ??= crypto.randomUUID();
  const post = (path, body) => fetch(apiBaseUrl + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    keepalive: true,
  });
  const paths = {
    sendCartEvent: "/analytics/cart_events",
    sendCheckoutEvent: "/analytics/checkout_events",
  };
  const snake = (value) => Array.isArray(value)
    ? value.map(snake)
    : value !== null && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).map(([name, field]) => [
      name.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase()),
      snake(field),
    ]))
    : value;
  const send = (method, data) => post(paths[method], {
    ...data,
    company_key: company,
    user_fingerprint: id("chat"),
    user_faq_fingerprint: id("faq"),
  });
  const track = (method, args) => {
    if (!sessionStorage.used) return;
    send(method, snake(args));
  };
  window.gleenWidget = { getFingerprint: () => id("chat"), getFAQFingerprint: () => id("faq") };
  const add = (to, tag, part, text = "") => {
    const element = to.appendChild(document.createElement(tag));
    element.dataset.part = part;
    element.textContent = text;
    return element;
  };
  const use = async (path, body, answer) => {
    sessionStorage.used = "yes";
    answer((await (await post(path, body)).json()).answer);
  };
  document.addEventListener("DOMContentLoaded", () => {
    const chat = add(document.body, "div", "chat");
    chat.id = "helix-chat-container";
    add(chat, "button", "launcher", "Chat").onclick = () => {
      const input = add(chat, "input", "input");
      input.onkeydown = ({ key }) => key === "Enter" && use("/chat/messages", {}, (text) =>
        add(chat, "p", "message", text).dataset.author = "assistant");
    };
    const mount = document.getElementById("alhena-product-faq");
    if (mount) add(mount, "button", "question", "Does it fit?").onclick = () =>
      use("/faqs/questions", {}, (text) => add(mount, "p", "faq-answer", text));
    for (const { method, args } of window._alhenaEventQueue.splice(0)) track(method, args);
    window._alhenaEventQueue.push = ({ method, args }) => track(method, args);
  });
})();
"#;

const SEND: &str = "    send(method, snake(args));";
const GATE: &str = "    if (!sessionStorage.used) return;";
const GETTER: &str = "getFingerprint: () => id(\"chat\"),";
const FINGERPRINT: &str = "localStorage[name] ??= crypto.randomUUID()";
const WIDGET: &str = "window.gleenWidget = {";
const READY: &str = "document.addEventListener(\"DOMContentLoaded\", () => {";

/// The checks that the deceptive builds fail; the honest build passes them all.
const CHECKS: [&str; 11] = [
    "install/chat-is-usable#steps-done",
    "install/chat-is-usable#delivered",
    "queue/held-events-arrive-once-ready@load=blocking#once",
    "queue/held-events-keep-their-order@load=blocking#delivered",
    "queue/sent-at-once-when-ready@call=queue#immediate",
    "queue/nothing-without-a-call#nothing-else",
    "gate/no-interaction@call=queue#not-recorded",
    "cart/item-added#unchanged",
    "fingerprints/are-those-of-the-getters@interaction=chat#fingerprints-agree",
    "fingerprints/two-visitors#fingerprints-differ",
    "guest/leaves-the-browsers-functions-alone@interaction=chat#page",
];

fn run(sdk: &str, checks: &[&str]) -> Ended {
    let line = alhena("run")
        .sdk(sdk)
        .option("--profile", "reference")
        .option("--retries", "0")
        .with_report();
    checks
        .iter()
        .fold(line, |line, check| line.option("--filter", check))
        .in_browsers(1)
        .ends()
}

#[test]
fn honest_build_passes() {
    let ended = run(HONEST, &CHECKS).with_code(CONFORMS);
    for check in CHECKS {
        assert_eq!(
            ended.report().check(check)["status"],
            "pass",
            "{check}\n{ended}"
        );
    }
}

#[rstest]
#[case::is_ready_and_shows_no_chat(
    READY,
    "document.documentElement.id = 'helix-chat-container';\n  addEventListener('never', () => {",
    CHECKS[0]
)]
#[case::answers_everything_and_sends_nothing(SEND, "", CHECKS[1])]
#[case::sends_each_event_twice(
    SEND,
    "send(method, snake(args)); send(method, snake(args));",
    CHECKS[2]
)]
#[case::sends_it_again_when_the_page_is_left(
    SEND,
    "send(method, snake(args)); addEventListener('pagehide', () => send(method, snake(args)));",
    CHECKS[2]
)]
#[case::drops_every_second_event(
    SEND,
    "if (window.odd = !window.odd) send(method, snake(args));",
    CHECKS[3]
)]
#[case::sends_only_when_the_page_is_left(
    SEND,
    "addEventListener('pagehide', () => send(method, snake(args)));",
    CHECKS[4]
)]
#[case::sends_events_without_a_call(
    READY,
    "addEventListener('load', () => send('sendCartEvent', { type: 'ITEM_ADDED' }));\n  \
     document.addEventListener('DOMContentLoaded', () => {",
    CHECKS[5]
)]
#[case::sends_before_any_interaction(GATE, "", CHECKS[6])]
#[case::rounds_what_it_sends(
    SEND,
    "send(method, { ...snake(args), value: Math.round(args.value) });",
    CHECKS[7]
)]
#[case::returns_other_values_from_the_getters(
    GETTER,
    "getFingerprint: () => crypto.randomUUID(),",
    CHECKS[8]
)]
#[case::gives_every_visitor_the_same_fingerprint(
    FINGERPRINT,
    "({ chat: '3f0c1f0e-5a53-4c6e-9d0a-000000000001', faq: \
     '3f0c1f0e-5a53-4c6e-9d0a-000000000002' })[name]",
    CHECKS[9]
)]
#[case::replaces_window_alert(
    WIDGET,
    "window.alert = () => {};\n  window.gleenWidget = {",
    CHECKS[10]
)]
fn deceptive_build_fails_the_check_that_asks(
    #[case] original: &str,
    #[case] replacement: &str,
    #[case] check: &str,
) {
    assert_eq!(
        HONEST.matches(original).count(),
        1,
        "the honest build has this once: {original}"
    );
    let ended = run(&HONEST.replace(original, replacement), &[check]).with_code(FAILS);
    assert_eq!(ended.report().check(check)["status"], "fail", "{ended}");
}
