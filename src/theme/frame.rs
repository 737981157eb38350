//! What stands around every page and is the same on each of one look. It is made once, and pages have it ready:
//! `{{ frame.nav }}` is what `_nav.html` makes.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::{Context, Tera, TeraResult, Value};

/// The variable that has it.
const FRAME: &str = "frame";

/// Its parts, each with its template.
const PARTS: [(&str, &str); 4] =
    [("keys", "_keys.html"), ("links", "_links.html"), ("nav", "_nav.html"), ("preferences", "_preferences.html")];

/// The fields that are about a look, and the frame of its pages.
#[derive(Clone, Debug)]
pub(super) struct Frame(Context);

impl Frame {
    /// What these templates make of the fields of a look.
    pub(super) fn new(tera: &Tera, look: &impl Serialize) -> TeraResult<Self> {
        let mut fields = Context::from_serialize(look)?;
        let part = |(name, template)| Ok((name, Value::safe_string(tera.render(template, &fields)?.trim())));
        let parts: BTreeMap<&str, Value> = PARTS.into_iter().map(part).collect::<TeraResult<_>>()?;
        fields.insert_value(FRAME, parts.into());
        Ok(Self(fields))
    }

    /// A page's own fields, and these.
    pub(super) fn around(&self, page: &impl Serialize) -> TeraResult<Context> {
        let mut fields = Context::from_serialize(page)?;
        fields.extend(self.0.clone());
        Ok(fields)
    }
}
