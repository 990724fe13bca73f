//! Lists, inventories and tables.

use super::Terminal;
use super::line::{line, plain, whole};
use crate::render::document::{Block, Entry, Line, Style, Table};

/// More entries of a list that is no inventory are counted.
const SHOWN_ENTRIES: usize = 20;

/// The verdicts of an inventory are a column of at least this width.
const BADGE: usize = 14;

impl Terminal {
    pub fn entries(&mut self, list: &[Entry], is_inventory: bool, before: &str) {
        let shown: Vec<&Entry> = list.iter().filter(|own| own.depth <= self.depth).collect();
        if is_inventory {
            return self.inventory(&shown, before);
        }
        for entry in shown.iter().take(SHOWN_ENTRIES) {
            let mut text = Line::new();
            if let Some(badge) = &entry.badge {
                text = text.badge(badge.clone()).plain("  ");
            }
            text = text.concat(entry.name.clone());
            if !entry.about.is_empty() {
                text = text.plain(": ").concat(entry.about.clone());
            }
            self.put_after(before, &format!("{before}    "), &text);
            for detail in &entry.details {
                self.put(&format!("{before}  | "), detail);
            }
        }
        if shown.len() > SHOWN_ENTRIES {
            let more = shown.len() - SHOWN_ENTRIES;
            let text = format!("… and {more} more, all in the report");
            self.put(before, &Line::from(text));
        }
    }

    /// A row an entry: the verdict, the name, and what is said of it. An entry that holds others
    /// is one row, unless all is shown: then it is the heading of theirs.
    fn inventory(&mut self, list: &[&Entry], before: &str) {
        let name = |entry: &Entry| plain(&line(&entry.name)).chars().count();
        let widest = list.iter().map(|own| name(own)).max().unwrap_or_default();
        for entry in list {
            let mut first = before.to_owned();
            if let Some(badge) = &entry.badge {
                let words = format!("{:BADGE$}  ", whole(&badge.words));
                first.push_str(&super::toned(&words, badge.tone));
            }
            let mut text = entry.name.clone();
            if entry.badge.is_none() {
                let space = widest - name(entry) + 2;
                first.push_str(&(line(&text) + &" ".repeat(space)));
                text = entry.about.clone();
            } else {
                if !entry.count.is_empty() {
                    text = text.plain(" ").with(Style::Soft, entry.count.clone());
                }
                text = text.plain(": ").concat(entry.about.clone());
            }
            let rest = " ".repeat(super::width(&first));
            self.put_after(&first, &rest, &text);
            if self.screen.is_full() {
                self.inside(entry, before);
            }
        }
    }

    /// The inventories that an entry holds.
    fn inside(&mut self, entry: &Entry, before: &str) {
        for block in &entry.more {
            if let Block::Entries {
                list,
                is_inventory: true,
            } = block
            {
                self.entries(list, true, &format!("{before}  "));
            }
        }
    }

    /// Rows of cells, in columns as wide as what is in them.
    pub fn table(&mut self, table: &Table, before: &str) {
        let cells = |cells: &Vec<Line>| cells.iter().map(line).collect();
        let rows = [&table.head].into_iter().chain(&table.rows);
        let rows: Vec<Vec<String>> = rows.map(cells).collect();
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| super::width(cell)).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..table.head.len()).map(width).collect();
        for row in &rows {
            let cells = row.iter().zip(&widths).map(|(cell, width)| {
                let space = width.saturating_sub(super::width(cell));
                format!("{cell}{}", " ".repeat(space))
            });
            self.raw(before, &cells.collect::<Vec<_>>().join("  "));
        }
    }
}
