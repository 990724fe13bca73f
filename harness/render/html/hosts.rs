//! The hosts that were asked for by their public names.

use maud::html;

use super::parts::{Section, line_cut};
use super::shown::Shown;
use crate::evidence::Asker;

/// Absent where none was.
pub fn hosts(shown: &Shown<'_>) -> Option<Section> {
    let hosts = &shown.report.hosts;
    if hosts.is_empty() {
        return None;
    }
    let body = html! {
        div.scroll role="region" aria-label="Hosts" tabindex="0" {
            table {
                caption {
                    "Who was asked for by a public name. Nothing left the machine: the backend \
                     answered for those that the profile names, and all others were denied."
                }
                thead {
                    tr {
                        th scope="col" { "Host" } th scope="col" { "Asked by" }
                        th scope="col" { "Answer" } th.number scope="col" { "Requests" }
                        th.number scope="col" { "Cases" } th scope="col" { "Such as" }
                    }
                }
                tbody {
                    @for host in hosts {
                        tr {
                            th scope="row" { bdi { (line_cut(&host.host)) } }
                            td {
                                @match host.asked_by {
                                    Asker::Page => "the page",
                                    Asker::Browser => "the browser itself"
                                }
                            }
                            td {
                                @if host.ours {
                                    "by the backend"
                                } @else if host.asked_by == Asker::Page {
                                    strong { "denied" }
                                } @else {
                                    "denied"
                                }
                            }
                            td.number { (host.requests) }
                            td.number { (host.cases.len()) }
                            td {
                                @if let Some(url) = &host.example {
                                    code { (line_cut(url)) }
                                } @else {
                                    "a connection only"
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Some(Section {
        id: shown.section("hosts"),
        title: "Hosts contacted".to_owned(),
        count: Some(hosts.len().to_string()),
        body,
    })
}
