//! What somebody wrote whose session has ended: it goes with them through the login, in the forms themselves, and
//! nothing of it is stored for who is nobody.

use serde::Serialize;
use warp::reply::Response;

use super::error::Result;
use super::form::Form;
use super::links;
use super::page::{self, Page};
use super::request::Request;
use crate::user::User;

/// Where the form was sent to, in the forms of a login.
const TARGET: &str = "kept-target";
/// What the names of its fields begin with there.
const PREFIX: &str = "kept-field-";
/// Fields that somebody writes in; without any of them there is nothing to keep.
const WRITTEN: [&str; 2] = ["title", "body"];

/// A form that could not be done, as fields of another.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Kept {
    target: String,
    fields: Vec<Field>,
}

#[derive(Clone, Debug, Serialize)]
struct Field {
    name: String,
    value: String,
}

/// What was written, to be sent again by who has logged in.
#[derive(Serialize)]
struct Resume {
    target: String,
    title: Option<String>,
    body: Option<String>,
    others: Vec<Field>,
}

impl Page for Resume {
    const TEMPLATE: &'static str = "auth/resume.html";
}

impl Kept {
    /// What is in a form, if anything of it was written.
    pub(super) fn of(target: &str, form: &Form) -> Option<Self> {
        let is_written = form.fields().any(|(name, value)| WRITTEN.contains(&name) && !value.is_empty());
        let field = |(name, value): (&str, &str)| Field { name: name.to_owned(), value: value.to_owned() };
        is_written.then(|| Self { target: target.to_owned(), fields: form.fields().map(field).collect() })
    }

    /// Takes it out of the form of a login.
    pub(super) fn take_from(form: &mut Form) -> Option<Self> {
        let target = form.take_optional(TARGET).filter(|target| links::is_path(target))?;
        let fields = form.fields().filter_map(|(name, value)| {
            Some(Field { name: name.strip_prefix(PREFIX)?.to_owned(), value: value.to_owned() })
        });
        Some(Self { target, fields: fields.collect() })
    }

    /// Answers with what was written, for who has logged in now.
    pub(super) async fn resume(self, req: &Request, user: &User) -> Result<Response> {
        let Self { target, mut fields } = self;
        let mut take = |name: &str| {
            let at = fields.iter().position(|field| field.name == name)?;
            Some(fields.remove(at).value)
        };
        let (title, body) = (take("title"), take("body"));
        page::show_to(req, &Resume { target, title, body, others: fields }, Some(user)).await
    }
}
