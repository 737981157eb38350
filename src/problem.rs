//! A user's mistake: one sentence, shown with the form it was made on.

use std::fmt;

use serde::Serialize;

use crate::message::{Argument, Message};

/// What is wrong with what a person sent, in words for that person.
///
/// A problem is never an error: nothing failed, nothing is logged, the form is shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    #[serde(flatten)]
    message: Message,
    /// The field of the form that it is about, if it is one.
    field: Option<&'static str>,
}

impl Problem {
    /// The problem with this name in `locales/`.
    pub fn new(name: &'static str) -> Self {
        Self { message: Message::new(name), field: None }
    }

    /// The same, which says this too.
    #[must_use]
    pub fn with(self, name: &'static str, argument: impl Into<Argument>) -> Self {
        Self { message: self.message.with(name, argument), ..self }
    }

    /// The same, about this field.
    #[must_use]
    pub fn about(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }
}

/// As part of what else is to be said.
impl From<Problem> for Argument {
    fn from(problem: Problem) -> Self {
        problem.message.into()
    }
}

/// In English, for programs and administrators.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}
