//! Tables: as `pulldown_cmark` would write them, but for the alignment, which it writes as a style, and the site's
//! policy forbids.

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

/// The table that is being read.
#[derive(Default)]
pub(super) struct Table {
    columns: Vec<Alignment>,
    column: usize,
    is_head: bool,
}

impl Table {
    /// The beginning of a table, or of a part of one.
    pub(super) fn started<'e>(&mut self, start: &Tag<'_>) -> Option<Vec<Event<'e>>> {
        let html = match start {
            Tag::Table(columns) => {
                self.columns.clone_from(columns);
                "<table>".to_owned()
            }
            Tag::TableHead => {
                (self.column, self.is_head) = (0, true);
                "<thead><tr>".to_owned()
            }
            Tag::TableRow => {
                self.column = 0;
                "<tr>".to_owned()
            }
            Tag::TableCell => {
                let class = match self.columns.get(self.column) {
                    Some(Alignment::Center) => " class=\"center\"",
                    Some(Alignment::Right) => " class=\"right\"",
                    _ => "",
                };
                self.column += 1;
                format!("<{}{class}>", self.cell())
            }
            _ => return None,
        };
        Some(vec![Event::Html(html.into())])
    }

    /// The end of a table, or of a part of one.
    pub(super) fn ended<'e>(&mut self, end: TagEnd) -> Option<Vec<Event<'e>>> {
        let html = match end {
            TagEnd::Table => "</tbody></table>\n".to_owned(),
            TagEnd::TableHead => {
                self.is_head = false;
                "</tr></thead><tbody>\n".to_owned()
            }
            TagEnd::TableRow => "</tr>\n".to_owned(),
            TagEnd::TableCell => format!("</{}>", self.cell()),
            _ => return None,
        };
        Some(vec![Event::Html(html.into())])
    }

    fn cell(&self) -> &'static str {
        if self.is_head { "th" } else { "td" }
    }
}
