//! A user's mistake: one sentence, shown with the form it was made on.

use std::borrow::Cow;
use std::fmt;

/// What is wrong with what a person sent, in words for that person.
///
/// A problem is never an error: nothing failed, nothing is logged, the form is shown again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Cow<'static, str>);

impl Problem {
    /// A problem in these words.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
