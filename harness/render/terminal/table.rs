//! Tables, with columns as wide as what is in them.

use owo_colors::OwoColorize;

use super::{Terminal, plain};
use crate::render::document::{Row, Table};

impl Terminal {
    pub fn table(&mut self, table: &Table, before: &str) {
        let cells = |cells: &[_]| cells.iter().map(|cell| self.line(cell)).collect::<Vec<_>>();
        let head = cells(&table.head);
        let rows: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|row| match row {
                Row::Group(title) => vec![self.cut(title)],
                Row::Cells(own) => cells(own),
            })
            .collect();
        let length = |cell: &String| plain(cell).chars().count();
        let width = |column: usize| {
            let all = rows.iter().chain([&head]);
            let cells = all.filter_map(|row| row.get(column));
            cells.map(length).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..head.len()).map(width).collect();
        let line = |row: &[String]| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| {
                format!("{cell}{}", " ".repeat(width.saturating_sub(length(cell))))
            });
            cells.collect::<Vec<_>>().join("  ")
        };
        let head = line(&head);
        let rows: Vec<String> = rows.iter().map(|row| line(row)).collect();
        self.put(before, &head.bold().to_string());
        for row in rows {
            self.put(before, &row);
        }
    }
}
