use std::ffi::OsStr;
use std::io;
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use super::eventually;

/// Machines of a test's own: network namespaces of this one, joined to it by a bridge. Where none
/// can be made, all of them are this machine, and the test says so.
#[derive(Debug)]
pub struct Network {
    /// The name of the bridge, and the beginning of those of the namespaces; `None`: there is none.
    name: Option<String>,
    subnet: String,
}

/// One of them.
#[derive(Debug)]
pub struct Machine {
    namespace: Option<String>,
    /// At which the others reach it.
    pub address: String,
    processes: Vec<Child>,
}

impl Network {
    /// No two tests that run at a time have the same `number`.
    pub fn start(number: u8) -> Self {
        // An interface's name has fifteen letters at most.
        let name = format!("alh{}n{number}", std::process::id() % 100_000);
        let subnet = format!("10.{}.{number}", 64 + std::process::id() % 128);
        let made = Self::bridge(&name, &format!("{subnet}.1/24"));
        if let Err(why) = &made {
            eprintln!("no network namespace can be made ({why}): over loopback instead");
        }
        Self {
            name: made.is_ok().then_some(name),
            subnet,
        }
    }

    fn bridge(name: &str, address: &str) -> io::Result<()> {
        // Whether namespaces can be made shows first, so that nothing is left of a failure.
        let trial = format!("{name}t");
        ip(&["netns", "add", &trial])?;
        ip(&["netns", "del", &trial])?;
        ip(&["link", "add", name, "type", "bridge"])?;
        ip(&["addr", "add", address, "dev", name])?;
        ip(&["link", "set", name, "up"])
    }

    /// Whether its machines are others than this one.
    pub fn is_apart(&self) -> bool {
        self.name.is_some()
    }

    /// The address of this machine, as the others reach it.
    pub fn ours(&self) -> String {
        let subnet = &self.subnet;
        let apart = self.name.as_ref().map(|_| format!("{subnet}.1"));
        apart.unwrap_or_else(|| "127.0.0.1".to_owned())
    }

    /// A machine with this number, from 2 up.
    pub fn machine(&self, number: u8) -> Machine {
        let Some(name) = &self.name else {
            return Machine {
                namespace: None,
                address: "127.0.0.1".to_owned(),
                processes: Vec::new(),
            };
        };
        let (namespace, address) = (format!("{name}m{number}"), self.subnet.clone());
        let address = format!("{address}.{number}");
        let joined = Self::join(name, &namespace, &format!("{address}/24"));
        joined.expect("what was tried before works");
        Machine {
            namespace: Some(namespace),
            address,
            processes: Vec::new(),
        }
    }

    fn join(bridge: &str, namespace: &str, address: &str) -> io::Result<()> {
        let (cable, end) = (namespace, "eth0");
        ip(&["netns", "add", namespace])?;
        let peer = ["peer", "name", end, "netns", namespace];
        ip(&[&["link", "add", cable, "type", "veth"][..], &peer].concat())?;
        ip(&["link", "set", cable, "master", bridge, "up"])?;
        ip(&["-n", namespace, "addr", "add", address, "dev", end])?;
        ip(&["-n", namespace, "link", "set", end, "up"])?;
        ip(&["-n", namespace, "link", "set", "lo", "up"])
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            let _ = ip(&["link", "del", name]);
        }
    }
}

impl Machine {
    /// Starts a program there, and waits until it listens at `port`.
    pub fn serve(&mut self, port: u16, program: impl AsRef<OsStr>, arguments: &[String]) {
        let mut command = match &self.namespace {
            Some(name) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", name]).arg(program);
                command
            }
            None => Command::new(program),
        };
        let started = command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        self.processes.push(started.expect("the program starts"));
        eventually("the program listens", || {
            let open = TcpStream::connect((&*self.address, port));
            open.map(|_| ()).map_err(|error| error.to_string())
        });
    }

    /// Ends all that runs there at once.
    pub fn die(&mut self) {
        for process in &mut self.processes {
            let group = format!("-{}", process.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
            let _ = process.wait();
        }
        self.processes.clear();
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.die();
        if let Some(name) = &self.namespace {
            let _ = ip(&["netns", "del", name]);
        }
    }
}

fn ip(arguments: &[&str]) -> io::Result<()> {
    let output = Command::new("ip").args(arguments).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(
        String::from_utf8_lossy(&output.stderr).into_owned(),
    ))
}
