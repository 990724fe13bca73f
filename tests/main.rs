//! The integration tests: the program as a person types it, and its library against a real browser.
//!
//! One binary, so that it is linked once. The tests are threads under `cargo test` and processes
//! under `cargo nextest run`; what they share therefore lives in files (`support/locks.rs`,
//! `support/shared.rs`).

mod support;

mod bench;
mod blame;
mod broken_builds;
mod browser_features;
mod command_line;
mod compare;
mod conditions;
mod conformance;
mod deceptive_builds;
mod detected_bugs;
mod docs;
mod engines;
mod events;
mod explain;
mod explore;
mod external_driver;
mod fixture_errors;
mod hermetic;
mod hosts;
mod html_report;
mod init;
mod interruptions;
mod isolation;
mod known_failures;
mod machine_faults;
mod missing_browser;
mod other_machines;
mod other_sdks;
mod packaging;
mod panics;
mod profile_commands;
mod profiles;
mod rejudge;
mod report_command;
mod report_folder;
mod report_formats;
mod repro;
mod selection;
mod selenium_grid;
mod self_test;
mod serve;
mod settings;
mod shards;
mod shared_pages;
mod source_style;
mod third_party_tracker;
mod transcripts;
mod verify;
mod watch;
mod widgets;
