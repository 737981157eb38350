//! How answers look: aligned for a person, one JSON document for a script.

use std::io::{self, Write};

use console::{Term, measure_text_width, style};
use jiff::Timestamp;
use serde::Serialize;

use super::Result;
use crate::clock;

/// Between two columns.
const GAP: &str = "  ";

/// A text as one line that cannot move a terminal's cursor.
pub(super) fn printable(text: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// A text of many lines that cannot move a terminal's cursor.
pub(super) fn printable_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.split_inclusive(['\n', '\t'])
        .map(|part| match part.strip_suffix(['\n', '\t']) {
            Some(line) => printable(line) + part.get(line.len()..).unwrap_or_default(),
            None => printable(part),
        })
        .collect()
}

/// One document, for a script.
pub(super) fn json(value: &impl Serialize, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}

/// A time for a script.
pub(super) fn json_time(time: Timestamp) -> String {
    clock::as_rfc3339(time)
}

/// A time for a person: UTC, as the site stores it.
pub(super) fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M").to_string()
}

/// How the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// Rows below a head. The last column is cut where a terminal ends, and never elsewhere.
pub(super) fn table(heads: &[(&str, Align)], rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| measure_text_width(cell));
        cells.chain(heads.get(column).map(|(head, _)| head.len())).max().unwrap_or_default()
    };
    let columns: Vec<_> = heads.iter().enumerate().map(|(column, (_, align))| (width(column), *align)).collect();
    let heads: Vec<_> = heads.iter().map(|(head, _)| (*head).to_owned()).collect();
    writeln!(out, "{}", style(line(&columns, &heads)).bold())?;
    rows.iter().try_for_each(|row| writeln!(out, "{}", line(&columns, row)))
}

fn line(columns: &[(usize, Align)], cells: &[String]) -> String {
    let padded = columns.iter().zip(cells).map(|((width, align), cell)| {
        let room = " ".repeat(width - measure_text_width(cell));
        if *align == Align::Left { format!("{cell}{room}") } else { format!("{room}{cell}") }
    });
    let line = padded.collect::<Vec<_>>().join(GAP);
    cut(line.trim_end(), terminal_columns())
}

/// A line, as far as it fits.
fn cut(line: &str, columns: Option<usize>) -> String {
    let Some(columns) = columns.filter(|columns| measure_text_width(line) > *columns) else { return line.to_owned() };
    let mut cut = String::new();
    for c in line.chars() {
        cut.push(c);
        if measure_text_width(&cut) >= columns {
            cut.pop();
            break;
        }
    }
    cut + "…"
}

/// Names and what they have, one below the other.
pub(super) fn fields(fields: &[(&str, String)], out: &mut dyn Write) -> io::Result<()> {
    let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    fields.iter().try_for_each(|(name, value)| {
        let room = " ".repeat(width - name.len());
        writeln!(out, "{}{room}{GAP}{value}", style(*name).bold())
    })
}

/// A text behind something of so many columns: in a terminal it goes on below its own beginning.
pub(super) fn hanging(indent: usize, text: &str) -> String {
    hang(indent, text, terminal_columns())
}

fn hang(indent: usize, text: &str, columns: Option<usize>) -> String {
    let Some(room) = columns.and_then(|columns| columns.checked_sub(indent)).filter(|room| *room > 20) else {
        return text.to_owned();
    };
    let (mut hung, mut used) = (String::new(), 0);
    for word in text.split(' ') {
        let width = measure_text_width(word);
        if used > 0 && used + 1 + width > room {
            hung = hung + "\n" + &" ".repeat(indent);
            used = 0;
        } else if used > 0 {
            hung.push(' ');
            used += 1;
        }
        hung += word;
        used += width;
    }
    hung
}

/// How wide the terminal is, if the output goes to one.
fn terminal_columns() -> Option<usize> {
    Term::stdout().size_checked().map(|(_, columns)| columns.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A user cannot name themselves into the administrator's terminal, nor can what they write move its cursor.
    #[test]
    fn texts_are_printable() {
        assert_eq!(printable("a\u{1b}[2J\n안"), "a\\u{1b}[2J\\n안");
        assert_eq!(printable_lines("a\r\n\tb\u{1b}[2J\n"), "a\n\tb\\u{1b}[2J\n");
    }

    /// Letters that are two columns wide stand in columns too.
    #[test]
    fn columns_are_aligned() {
        let heads = [("ID", Align::Right), ("NAME", Align::Left), ("TITLE", Align::Left)];
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let mut out = Vec::new();
        table(&heads, &[row(["7", "김철수", "가"]), row(["10", "b", ""])], &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "ID  NAME    TITLE\n 7  김철수  가\n10  b\n");
    }

    /// A line is no longer than the terminal is wide, and a text stays behind what it is about.
    #[test]
    fn terminals_are_not_overrun() {
        assert_eq!(cut("가나다라", Some(8)), "가나다라");
        assert_eq!(cut("가나다라마", Some(8)), "가나다…");
        assert_eq!(cut("abc", Some(3)), "abc");
        assert_eq!(cut("abcd", Some(3)), "ab…");
        assert_eq!(cut("abcd", None), "abcd");
        assert_eq!(hang(4, "one two three four five six", Some(28)), "one two three four five\n    six");
        assert_eq!(hang(4, "one two three four five six", None), "one two three four five six");
        assert_eq!(hang(4, "a-word-that-is-longer-than-the-room", Some(28)), "a-word-that-is-longer-than-the-room");
    }
}
