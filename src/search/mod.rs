//! Search: how a text becomes tokens, what was asked for, and where that is in a text.
//!
//! Texts and queries are folded alike, and matched word by word. In scripts with spaces a word is found by its beginning;
//! in those without, and in Korean, whose particles grow onto words, by any part.

mod excerpt;
mod fold;
mod query;
mod token;

pub use excerpt::Fragment;
pub use query::{Query, Term};
pub use token::tokens;

/// Bytes of a text that are searched: fifty pages. What is behind them is not found, so that no text holds up those that
/// wait to be written.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;

/// The part of a text that is searched.
fn searched(text: &str) -> &str {
    cut(text, TEXT_BYTES_MAX)
}

/// The characters of a text that fit into so many bytes.
fn cut(text: &str, bytes_max: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or(text)
}
