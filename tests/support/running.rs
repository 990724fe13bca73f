use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;

use rustix::process::{Pid, Signal, kill_process};

use super::Ended;
use super::browser::Permits;
use super::command::{Answer, Home};

/// A run in progress. Dropping it kills it: a failing test leaves nothing running.
#[derive(Debug)]
pub struct Running {
    line: String,
    child: Child,
    stdout: Option<JoinHandle<Vec<u8>>>,
    lines: Receiver<String>,
    stderr: BufReader<ChildStderr>,
    progress: String,
    home: Option<Home>,
    _permits: Option<Permits>,
}

impl Running {
    pub(super) fn new(
        line: String,
        mut child: Child,
        home: Home,
        permits: Option<Permits>,
    ) -> Self {
        let mut output = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let (send, lines) = channel();
        // In a thread of its own: a full pipe would stop the program.
        let stdout = std::thread::spawn(move || {
            let (mut all, mut line) = (Vec::new(), Vec::new());
            while output
                .read_until(b'\n', &mut line)
                .is_ok_and(|read| read > 0)
            {
                // A test may not be interested.
                let _ = send.send(String::from_utf8_lossy(&line).into_owned());
                all.append(&mut line);
            }
            all
        });
        let stderr = BufReader::new(child.stderr.take().expect("standard error is piped"));
        Self {
            line,
            child,
            stdout: Some(stdout),
            lines,
            stderr,
            progress: String::new(),
            home: Some(home),
            _permits: permits,
        }
    }

    /// Waits for a line of progress that contains `text`, however long that takes.
    pub fn until_it_reports(mut self, text: &str) -> Self {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            let read = self
                .stderr
                .read_line(&mut line)
                .expect("standard error is text");
            self.progress.push_str(&line);
            assert!(
                read > 0,
                "$ {}\nended without reporting: {text}\n--- stderr\n{}",
                self.line,
                self.progress
            );
        }
        self
    }

    /// Waits for the next line of its result that contains `text`.
    pub fn prints(&self, text: &str) -> String {
        self.lines
            .iter()
            .find(|line| line.contains(text))
            .unwrap_or_else(|| panic!("$ {}\nended without printing: {text}", self.line))
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    pub fn signal(self, signal: Signal) -> Self {
        send(self.id(), signal);
        self
    }

    /// Waits for its end.
    pub fn ends(mut self) -> Ended {
        let mut rest = String::new();
        let _ = self.stderr.read_to_string(&mut rest);
        self.progress.push_str(&rest);
        let status = self.child.wait().expect("it can be waited for");
        let stdout = self
            .stdout
            .take()
            .and_then(|reader| reader.join().ok())
            .unwrap_or_default();
        let answer = Answer {
            line: self.line.clone(),
            code: status.code(),
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr: self.progress.clone(),
        };
        Ended::new(answer, self.home.take().expect("a run ends once"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends `signal` to a process.
pub(super) fn send(id: u32, signal: Signal) {
    let id = Pid::from_raw(id.cast_signed()).expect("a process id");
    kill_process(id, signal).expect("the process takes a signal");
}
