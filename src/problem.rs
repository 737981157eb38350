//! A user's mistake: one sentence, shown with the form it was made on.

use std::fmt;

use serde::Serialize;

use crate::message::{Argument, Message};

/// What is wrong with what a person sent, in words for that person.
///
/// A problem is never an error: nothing failed, nothing is logged, the form is shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problem(Message);

impl Problem {
    /// The problem with this name in `locales/`.
    pub fn new(name: &'static str) -> Self {
        Self(Message::new(name))
    }

    /// The same, about this too.
    #[must_use]
    pub fn with(self, name: &'static str, argument: impl Into<Argument>) -> Self {
        Self(self.0.with(name, argument))
    }
}

/// As part of what else is to be said.
impl From<Problem> for Argument {
    fn from(Problem(message): Problem) -> Self {
        message.into()
    }
}

/// In English, for programs and administrators.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
