//! The parameters of a list, each of which has to be known.

use std::str::FromStr;

use super::Refusal;
use crate::web::error::Result;
use crate::web::form::Form;
use crate::web::links;
use crate::web::request::Request;

/// Most entries of a list.
pub(super) const LIMIT_MAX: usize = 100;
/// How many there are if nobody says.
const LIMIT_DEFAULT: usize = 20;

/// How many entries somebody wants.
#[derive(Clone, Copy, Debug)]
struct Limit(usize);

/// The text is no such number.
struct NotALimit;

impl FromStr for Limit {
    type Err = NotALimit;

    fn from_str(text: &str) -> std::result::Result<Self, NotALimit> {
        let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let limit = digits.and_then(|digits| digits.parse().ok()).filter(|limit| (1..=LIMIT_MAX).contains(limit));
        limit.map(Self).ok_or(NotALimit)
    }
}

/// The parameters of one request.
pub(super) struct Query(Form);

impl Query {
    /// Takes them if there is none but these.
    pub(super) fn of(req: &Request, known: &[&str]) -> Result<Self> {
        let form = req.query_fields();
        if let Some((name, _)) = form.fields().find(|(name, _)| !known.contains(name)) {
            let words = format!("unknown parameter `{name}`, expected one of `{}`.", known.join("`, `"));
            return Err(Refusal::Invalid(words).into());
        }
        Ok(Self(form))
    }

    /// A text.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.0.take_optional(name)
    }

    /// Something that is read from its text.
    pub(super) fn parsed<T: FromStr>(&mut self, name: &str, expected: &str) -> Result<Option<T>> {
        let parsed = self.text(name).map(|text| text.parse());
        parsed.transpose().map_err(|_| Refusal::Invalid(format!("{name}: {expected} is expected.")).into())
    }

    /// How many entries are wanted.
    pub(super) fn limit(&mut self) -> Result<usize> {
        let limit = self.parsed::<Limit>("limit", &format!("a number from 1 to {LIMIT_MAX}"))?;
        Ok(limit.map_or(LIMIT_DEFAULT, |Limit(limit)| limit))
    }
}

/// A list, whatever part of it: its path, and the parameters that all parts have.
#[derive(Clone, Debug)]
pub(super) struct List {
    path: String,
    parameters: Vec<(&'static str, String)>,
    limit: usize,
}

impl List {
    /// A list with so many entries in a part.
    pub(super) fn new(path: String, limit: usize) -> Self {
        Self { path, parameters: Vec::new(), limit }
    }

    /// The same, of those that have this.
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.parameters.push((name, value.to_owned()));
        self
    }

    /// How many entries a part has.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// The target of a part, in its one normal form: a page is kept under it.
    pub(super) fn target(&self, place: Option<(&str, String)>) -> String {
        let limit = (self.limit != LIMIT_DEFAULT).then(|| ("limit", self.limit.to_string()));
        let own = self.parameters.iter().map(|(name, value)| (*name, value.clone()));
        links::with_query(&self.path, own.chain(limit).chain(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A part of a list has one address.
    #[test]
    fn targets() {
        let list = List::new("/x".to_owned(), LIMIT_DEFAULT);
        assert_eq!(list.target(None), "/x");
        let list = List::new("/x".to_owned(), 7).with("tag", "a&b");
        assert_eq!(
            list.target(Some(("before", "2018-01-01 00:00:00.7".to_owned()))),
            "/x?tag=a%26b&limit=7&before=2018-01-01%2000:00:00.7"
        );
    }

    /// So many, and neither none nor more.
    #[test]
    fn limits() {
        let limit = |text: &str| text.parse::<Limit>().ok().map(|Limit(limit)| limit);
        assert_eq!((limit("1"), limit("100")), (Some(1), Some(LIMIT_MAX)));
        for text in ["", "0", "101", "-1", "+1", "1.0", "99999999999999999999999"] {
            assert_eq!(limit(text), None, "{text}");
        }
    }
}
