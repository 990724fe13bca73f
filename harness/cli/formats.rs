//! What is shown of a report, and where.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::Failure;
use super::args::RunArguments;
use super::channel::Channel;
use crate::render::{self, Format, Screen};
use crate::report::{Conclusion, Mask, Stored};

/// Where GitHub Actions says that the summary of a step is to be written to.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Where it says that the outputs of a step are to be written to.
const STEP_OUTPUT: &str = "GITHUB_OUTPUT";

/// The formats that a run was asked for.
#[derive(Debug)]
pub struct Formats {
    /// On standard output, in this order.
    pub printed: Vec<Format>,
    /// Into the report's folder.
    pub written: Vec<Format>,
    /// Where text is printed, and how much of it.
    pub screen: Screen,
    /// Where what is printed goes.
    pub channel: Channel,
}

impl Formats {
    /// Reads what was typed to `run`, and refuses what standard output cannot take.
    pub fn of(arguments: &RunArguments) -> Result<Self, Failure> {
        let has_folder = arguments.report.is_some();
        let formats = &arguments.format;
        let channel = arguments.channel();
        let is_text = |format: &Format| matches!(format, Format::Text | Format::Github);
        if channel == Channel::Stderr && !has_folder && !formats.iter().all(is_text) {
            return Err(Failure::usage(anyhow!(
                "standard output takes the events, and no other format\n   = add --report DIR for \
                 the formats, or name a file: --events FILE"
            )));
        }
        let asked = Self::asked(
            formats,
            has_folder,
            arguments.has_pairings(),
            arguments.screen(),
        )?;
        Ok(Self { channel, ..asked })
    }

    /// These formats, for one report with a folder or without, or for one each pairing.
    pub fn asked(
        formats: &[Format],
        has_folder: bool,
        has_pairings: bool,
        screen: Screen,
    ) -> Result<Self, Failure> {
        let mut asked: Vec<Format> = Vec::new();
        // A folder always holds the page that a person opens.
        let always = has_folder.then_some(&Format::Html);
        for format in always.into_iter().chain(formats) {
            if !asked.contains(format) {
                asked.push(*format);
            }
        }
        let is_annotation = |format: &Format| *format == Format::Github;
        let (annotations, written): (Vec<Format>, Vec<Format>) =
            asked.into_iter().partition(is_annotation);
        if has_folder {
            return Ok(Self {
                printed: [&[Format::Text], annotations.as_slice()].concat(),
                written,
                screen,
                channel: Channel::Stdout,
            });
        }
        let printed = match (written.as_slice(), annotations.as_slice()) {
            ([], []) => vec![Format::Text],
            ([] | [Format::Text], _) => [written, annotations].concat(),
            ([_], []) if !has_pairings => written,
            _ => return Err(refusal(&written, has_pairings)),
        };
        Ok(Self {
            printed,
            written: Vec::new(),
            screen,
            channel: Channel::Stdout,
        })
    }

    /// Prints what is asked for.
    pub fn print(&self, stored: &Stored) -> Result<(), Failure> {
        self.printed
            .iter()
            .try_for_each(|format| print_on(self.channel, stored, *format, self.screen))
    }
}

fn refusal(formats: &[Format], has_pairings: bool) -> Failure {
    let files = formats.iter().filter_map(|format| format.file_name());
    let files = files.collect::<Vec<_>>().join(", ");
    let (found, each) = if has_pairings {
        (
            "standard output takes one report in such a format, and each build with each \
             snippet on each engine has its own",
            "each of them has a folder there, with",
        )
    } else {
        (
            "standard output takes one format; only `text` and `github` go together",
            "it then holds, beside report.json,",
        )
    };
    Failure::usage(anyhow!("{found}\n   = add --report DIR: {each} {files}"))
}

/// A report without fingerprints.
pub fn masked(mask: &Mask, stored: Stored) -> Result<Stored, Failure> {
    let masked = mask.over(stored).context(
        "the masked report is none any more: a fingerprint is like something that \
         a report rests on",
    );
    masked.map_err(Failure::bug)
}

/// Prints a report on standard output.
pub fn print(stored: &Stored, format: Format, screen: Screen) -> Result<(), Failure> {
    print_on(Channel::Stdout, stored, format, screen)
}

/// Prints a report. Only a terminal's text has styles; of any other format each byte counts.
fn print_on(
    channel: Channel,
    stored: &Stored,
    format: Format,
    screen: Screen,
) -> Result<(), Failure> {
    if format == Format::Text {
        channel.print(&render::text(stored, screen));
        return Ok(());
    }
    let rendered = match format {
        Format::Github => stored.annotations(|file| Path::new(file).is_file()),
        Format::Text
        | Format::Html
        | Format::Junit
        | Format::Gitlab
        | Format::Markdown
        | Format::Ctrf => stored.rendered(format),
    };
    let mut output: Box<dyn Write> = match channel {
        Channel::Stdout => Box::new(std::io::stdout().lock()),
        Channel::Stderr => Box::new(std::io::stderr().lock()),
    };
    let written = output.write_all(rendered.as_bytes());
    let written = written.and_then(|()| output.flush());
    let written = written.context("the report cannot be printed");
    written.map_err(Failure::environment)?;
    match format {
        Format::Github => summarise(stored),
        Format::Text
        | Format::Html
        | Format::Junit
        | Format::Gitlab
        | Format::Markdown
        | Format::Ctrf => Ok(()),
    }
}

/// Adds the report to the summary of the step, and the verdict to its outputs, where it has them.
fn summarise(stored: &Stored) -> Result<(), Failure> {
    let report = &stored.report;
    let failed = report.checks.iter().filter(|check| check.fails_the_run());
    let verdict = Conclusion::of(report).words();
    let outputs = format!("verdict={verdict}\nfailed={}\n", failed.count());
    append(STEP_SUMMARY, &stored.rendered(Format::Markdown))?;
    append(STEP_OUTPUT, &outputs)
}

/// Adds a text to the file that a variable names, where it names one.
fn append(variable: &str, text: &str) -> Result<(), Failure> {
    let named = std::env::var_os(variable).filter(|file| !file.is_empty());
    let Some(file) = named.map(PathBuf::from) else {
        return Ok(());
    };
    let opened = OpenOptions::new().append(true).create(true).open(&file);
    let written = opened.and_then(|mut opened| opened.write_all(text.as_bytes()));
    let written = written.with_context(|| {
        let file = file.display();
        format!("cannot add to {file}, which {variable} names")
    });
    written.map_err(Failure::environment)
}
