//! `run --events`: what happens during a run, one JSON line an event, for programs that watch it.
//!
//! `model` is the shape of a line, whose schema is committed; `of_run` makes lines of the runner's
//! events. To add a kind of line: a variant of `model::Event`, and `alhena-conformance schema
//! events > fixtures/events.schema.json`.

mod model;
mod of_run;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{Stdout, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::anyhow;

use super::Failure;
use super::exit::Exit;
use crate::report::Report;
use crate::run::RunEvent;
use model::{Event, Line};

pub use model::json_schema;
pub use of_run::Context;

/// The name that stands for standard output.
pub const STDOUT: &str = "-";

/// Writes lines; nothing where none were asked for.
#[derive(Debug)]
pub struct Events {
    sink: Option<Sink>,
    began: Instant,
    /// The first line that could not be written, and why. The run goes on without lines.
    failed: Option<std::io::Error>,
}

#[derive(Debug)]
enum Sink {
    Stdout(Stdout),
    File(File),
}

impl Events {
    /// Writes nothing.
    pub fn none() -> Self {
        Self {
            sink: None,
            began: Instant::now(),
            failed: None,
        }
    }

    /// Begins to write into this file, or to standard output.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn into(asked: Option<&Path>) -> Result<Self, Failure> {
        let sink = asked.map(|path| match path.to_str() {
            Some(STDOUT) => Ok(Sink::Stdout(std::io::stdout())),
            Some(_) | None => File::create(path).map(Sink::File).map_err(|error| {
                let path = path.display();
                anyhow!(
                    "--events: {path} cannot be written: {error}\n   = name a file in a folder \
                     that exists, or - for standard output"
                )
            }),
        });
        Ok(Self {
            sink: sink.transpose().map_err(Failure::usage)?,
            ..Self::none()
        })
    }

    /// Writes what a run reports.
    pub fn listen(&mut self, event: &RunEvent<'_>, context: Context<'_>) {
        if self.sink.is_some() {
            for line in context.lines(event) {
                self.write(line);
            }
        }
    }

    /// Writes the end of a run.
    pub fn run_finished(&mut self, report: &Report) {
        self.write(of_run::run_finished(report));
    }

    /// Writes the end of the program, which a lost line turns into a fault of the machine.
    pub fn ended(
        mut self,
        ended: Result<Exit, Failure>,
        report: Option<&Path>,
    ) -> Result<Exit, Failure> {
        let (exit, error) = match &ended {
            Ok(exit) => (*exit, None),
            Err(Failure { exit, error }) => (*exit, Some(format!("{error:#}"))),
        };
        self.write(Event::Ended {
            exit_code: exit as u8,
            error,
            report: report.map(|folder| folder.display().to_string()),
        });
        match (ended, self.failed) {
            (Ok(exit), Some(error)) if exit != Exit::Interrupted => {
                let error = anyhow!(
                    "--events: a line cannot be written: {error}\n   = name a file on a disk with \
                     room, or a program that reads to the end"
                );
                Err(Failure::environment(error))
            }
            (ended, _) => ended,
        }
    }

    fn write(&mut self, event: Event) {
        let Some(sink) = &mut self.sink else {
            return;
        };
        let line = Line {
            event,
            at_ms: self.began.elapsed().as_secs_f64() * 1000.0,
        };
        if let Err(error) = sink.write(&line) {
            self.failed = Some(error);
            self.sink = None;
        }
    }
}

impl Sink {
    fn write(&mut self, line: &Line) -> std::io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        let output: &mut dyn Write = match self {
            Self::Stdout(stdout) => stdout,
            Self::File(file) => file,
        };
        output.write_all(&bytes)?;
        output.flush()
    }
}
