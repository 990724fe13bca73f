//! A display of its own for a browser that cannot do without one.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// It prints its number within a second; this covers a machine that swaps.
const START: Duration = Duration::from_secs(20);

/// Larger than every window, which nothing places.
const SCREEN: &str = "1600x1200x24";

/// A display that shows its windows to nobody. It ends when this is dropped.
#[derive(Debug)]
pub struct Display {
    /// As in the variable `DISPLAY`.
    pub name: String,
    process: Child,
}

impl Display {
    /// Starts `program`, an X server without a screen, in a process group of its own. It takes the
    /// first number that is free.
    pub async fn start(program: &Path, folder: &Path) -> io::Result<Self> {
        let mut process = Command::new(program)
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                SCREEN,
                "-nolisten",
                "tcp",
            ])
            .env("TMPDIR", folder)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let output = process.stdout.take();
        let number = tokio::time::timeout(START, async {
            BufReader::new(output?).lines().next_line().await.ok()?
        });
        let number = number.await.unwrap_or_default();
        let number = number.ok_or_else(|| io::Error::other("it opened no display"))?;
        Ok(Self {
            name: format!(":{}", number.trim()),
            process,
        })
    }

    /// The id of its process, which is that of its group; `None` where it has ended.
    pub fn id(&self) -> Option<u32> {
        self.process.id()
    }
}
