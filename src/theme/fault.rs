//! What is wrong with a theme, and where.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// What stands before the path of a file that is none of the theme's.
pub(super) const BUILT_IN: &str = "(built in)";

/// One thing that is wrong: `FILE:LINE:COLUMN: WHAT`, as compilers say it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    file: PathBuf,
    /// Line and column, both from 1; none where it is about the file as a whole.
    place: Option<(usize, usize)>,
    what: String,
}

impl Fault {
    /// Of a file as a whole.
    pub(super) fn of(file: &Path, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), place: None, what: what.into() }
    }

    /// Of a place in a file.
    pub(super) fn at(file: &Path, (line, column): (usize, usize), what: impl Into<String>) -> Self {
        Self { place: Some((line, column)), ..Self::of(file, what) }
    }

    /// The same, of a template of ours: said with the page of the theme that it was made for.
    pub(super) fn on_page(mut self, page: &str) -> Self {
        if self.file.starts_with(BUILT_IN) {
            self.what = format!("for the page {page}: {}", self.what);
        }
        self
    }

    /// Of the place in a text where this byte is.
    pub(super) fn at_byte(file: &Path, text: &str, byte: usize, what: impl Into<String>) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self::at(file, (before.matches('\n').count() + 1, line.chars().count() + 1), what)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, what) = (self.file.display(), &self.what);
        match self.place {
            Some((line, column)) => write!(f, "{file}:{line}:{column}: {what}"),
            None => write!(f, "{file}: {what}"),
        }
    }
}

impl std::error::Error for Fault {}

/// Why a theme is not taken: at least one fault, each once, by file.
#[derive(Debug)]
pub struct Refused(pub Vec<Fault>);

impl Refused {
    pub(super) fn of(faults: impl IntoIterator<Item = Fault>) -> Self {
        let each: BTreeSet<_> = faults.into_iter().collect();
        Self(each.into_iter().collect())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(faults) = self;
        if let Some(first) = faults.first() {
            write!(f, "the theme is refused: {first}")?;
        }
        match faults.len() {
            0 | 1 => Ok(()),
            all => write!(f, " (and {} more: `flaskr-admin theme check` shows all)", all - 1),
        }
    }
}

impl std::error::Error for Refused {}

#[cfg(test)]
mod tests {
    use super::*;

    /// A place is counted in lines and characters, from 1.
    #[test]
    fn places() {
        let text = "첫\n줄 <?x";
        let fault = Fault::at_byte(Path::new("a.html"), text, text.find('<').unwrap(), "bad");
        assert_eq!(fault.to_string(), "a.html:2:3: bad");
        assert_eq!(Fault::of(Path::new("a.html"), "bad").to_string(), "a.html: bad");
    }

    /// One line says the first fault and how many there are.
    #[test]
    fn refusals() {
        let fault = |what: &str| Fault::of(Path::new("a"), what);
        let refused = |faults: [Fault; 2]| Refused::of(faults).to_string();
        assert_eq!(refused([fault("x"), fault("x")]), "the theme is refused: a: x");
        let more = "the theme is refused: a: x (and 1 more: `flaskr-admin theme check` shows all)";
        assert_eq!(refused([fault("y"), fault("x")]), more);
    }
}
