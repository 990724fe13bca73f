//! A run contacts only this machine: it conforms in a network that has only the loopback interface,
//! and sends no packet elsewhere.
#![cfg(target_os = "linux")] // Network namespaces, and the counters below /proc.

use std::path::Path;
use std::process::{Command, Output};

use rstest::rstest;

use crate::support::{Engine, Processes, permits_on, reference_with};

/// Sends a packet that has no route, to addresses reserved for documentation (RFC 5737, RFC 3849).
const NOWHERE: &str = "exec 3<>/dev/tcp/192.0.2.1/9";
const NOWHERE_IN_6: &str = "exec 3<>/dev/tcp/2001:db8::1/9";

/// Runs `$RUN` in a network that has only loopback, then prints both counters of packets without a
/// route.
///
/// Chromium asks the kernel by which address it would reach two public resolvers: before it
/// resolves a name, to see whether there is IPv6, and for WebRTC. It connects a datagram socket and
/// sends nothing. No flag turns that off. Here the answer is "unreachable", which is not counted,
/// and which prevents any packet to these addresses.
const ALONE: &str = r#"
ip link set lo up || exit 91
ip -6 route add unreachable 2001:4860:4860::8888 || exit 92
ip route add unreachable 8.8.8.8 || exit 93
bash -c "$RUN"
echo "exit $?"
awk '/^Ip:/ {
  if (!n) n = split($0, name)
  else for (i = 1; i <= n; i++) if (name[i] == "OutNoRoutes") print "ipv4", $i
}' /proc/net/snmp
awk '$1 == "Ip6OutNoRoutes" { print "ipv6", $2 }' /proc/net/snmp6
"#;

/// The result of a command in a network of its own.
struct Alone {
    output: String,
    exit: i32,
    ipv4: u64,
    ipv6: u64,
}

/// Runs `command` in a network of its own; `None` where the machine does not permit that.
fn alone(command: &str) -> Option<Alone> {
    let may = |how: &[&str]| {
        Command::new("unshare")
            .args(how)
            .args(["sh", "-c", "ip link set lo up"])
            .output()
            .is_ok_and(|output| output.status.success())
    };
    let how: &[&str] = [&["--net"][..], &["--net", "--map-root-user"]]
        .into_iter()
        .find(|how| may(how))?;
    let Output { stdout, stderr, .. } = Command::new("unshare")
        .args(how)
        .args(["sh", "-c", ALONE])
        .env("RUN", command)
        .output()
        .expect("unshare is there");
    let output = format!(
        "{}\n{}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
    let number = |name: &str| {
        let value = output
            .lines()
            .find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
        value.unwrap_or_else(|| panic!("no `{name}` in the output:\n{output}"))
    };
    let exit = i32::try_from(number("exit ")).expect("an exit code");
    Some(Alone {
        exit,
        ipv4: number("ipv4 "),
        ipv6: number("ipv6 "),
        output,
    })
}

fn run(engine: Engine, sdk: &Path, filters: &str) -> String {
    format!(
        "'{}' run --engine {} --workers 2 --profile reference --sdk '{}' {filters}",
        env!("CARGO_BIN_EXE_alhena-conformance"),
        engine.id(),
        sdk.display()
    )
}

/// A build that contacts the vendor by name, and tries every way out that a page has.
fn curious() -> tempfile::NamedTempFile {
    let ways_out = r#""use strict";
      const quietly = (way) => { try { Promise.resolve(way()).catch(() => {}); } catch {} };
      quietly(() => fetch("https://stats.example.com/p", { mode: "no-cors" }));
      quietly(() => fetch("http://192.0.2.1:8080/p", { mode: "no-cors" }));
      quietly(() => fetch("http://[2001:db8::1]/p", { mode: "no-cors" }));
      quietly(() => fetch("http://169.254.169.254/latest", { mode: "no-cors" }));
      quietly(() => new WebSocket("ws://socket.example.com/"));
      quietly(() => new WebSocket("wss://192.0.2.1/"));
      quietly(() => {
        const { ready, closed } = new WebTransport("https://192.0.2.1:4433/");
        closed.catch(() => {}); // Firefox reports its rejection, too
        return ready;
      });
      const link = (rel, href) =>
        document.head.append(Object.assign(document.createElement("link"), { rel, href }));
      quietly(() => link("preconnect", "https://cdn.example.com"));
      quietly(() => link("dns-prefetch", "https://dns.example.com"));
      quietly(() => {
        const iceServers = [{ urls: "stun:192.0.2.1:3478" }, { urls: "stun:stun.example.com" }];
        const peer = new RTCPeerConnection({ iceServers });
        peer.createDataChannel("way out");
        return peer.createOffer().then((offer) => peer.setLocalDescription(offer));
      });"#;
    let build = tempfile::NamedTempFile::with_suffix(".js").expect("a file");
    let sdk = reference_with(
        "config.apiBaseUrl || \"https://app.alhena.ai\"",
        "\"https://app.alhena.ai\"",
    )
    .replacen("\"use strict\";", ways_out, 1);
    std::fs::write(build.path(), sdk).expect("the SDK can be written");
    build
}

const FILTERS: &str = "--filter 'cart/item-added' --filter 'leaving/order-*' --filter \
    'queue/held-events-keep-their-order*'";

#[rstest]
fn run_without_network_conforms_and_no_packet_leaves(
    #[values(Engine::Chromium, Engine::Firefox, Engine::WebKit)] engine: Engine,
) {
    let _permits = permits_on(engine, 2);
    let build = curious();
    let Some(run) = alone(&run(engine, build.path(), FILTERS)) else {
        return without_namespace(engine, &build);
    };
    assert_eq!((run.exit, run.ipv4, run.ipv6), (0, 0, 0), "{}", run.output);
    assert!(
        run.output.contains("conforms")
            && run.output.contains("the SDK contacts stats.example.com"),
        "{}",
        run.output
    );
}

#[test]
fn outgoing_packets_are_counted() {
    let Some(tried) = alone(&format!("({NOWHERE}); ({NOWHERE_IN_6}); true")) else {
        return forbidden();
    };
    assert!(
        tried.ipv4 > 0 && tried.ipv6 > 0,
        "the counters do not move: {}",
        tried.output
    );
}

fn forbidden() {
    eprintln!(
        "this machine permits no network namespace (`unshare --net`): the packets of a run cannot \
         be counted"
    );
}

/// The test without a network namespace: no process of the run is ever seen with a peer that is not
/// loopback.
fn without_namespace(engine: Engine, build: &tempfile::NamedTempFile) {
    forbidden();
    let tmp = tempfile::tempdir().expect("a temporary folder");
    let mut running = Command::new("bash")
        .args(["-c", &run(engine, build.path(), FILTERS)])
        .env("TMPDIR", tmp.path())
        .spawn()
        .expect("a shell can be run");
    let ended = loop {
        for process in Processes::of(tmp.path()).all() {
            let foreign: Vec<String> = peers(process.id)
                .into_iter()
                .filter(|peer| !is_local(peer))
                .collect();
            assert_eq!(foreign, Vec::<String>::new(), "{process:?}");
        }
        if let Some(ended) = running.try_wait().expect("it can be waited for") {
            break ended;
        }
    };
    assert!(ended.success(), "{ended}");
}

/// Whether an address is empty, as of a listening socket, or loopback: 127.0.0.1 in either family,
/// or `::1`.
fn is_local(peer: &str) -> bool {
    peer.bytes().all(|digit| digit == b'0')
        || peer.ends_with("0100007F")
        || (peer.len() == 32 && peer.trim_start_matches('0') == "1000000")
}

/// The addresses that the sockets of a process are connected to, as `/proc/net/tcp` writes them.
fn peers(id: u32) -> Vec<String> {
    let own: Vec<String> = std::fs::read_dir(format!("/proc/{id}/fd"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            std::fs::read_link(entry.path())
                .ok()?
                .to_str()?
                .strip_prefix("socket:[")?
                .strip_suffix(']')
                .map(str::to_owned)
        })
        .collect();
    let tables = ["tcp", "tcp6"]
        .into_iter()
        .filter_map(|name| std::fs::read_to_string(format!("/proc/{id}/net/{name}")).ok());
    let rows: Vec<String> = tables
        .flat_map(|table| table.lines().skip(1).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let peer = |row: &String| {
        let fields: Vec<&str> = row.split_whitespace().collect();
        own.iter()
            .any(|inode| fields.get(9) == Some(&inode.as_str()))
            .then(|| fields.get(2)?.split(':').next().map(str::to_owned))?
    };
    rows.iter().filter_map(peer).collect()
}
