//! What templates say in the reader's language: `{{ "log-in" | t }}`, `{{ "likes" | t(count=2) }}`, `{{ problem | t }}`,
//! and `{{ time | date }}`.

use fluent_bundle::{FluentArgs, FluentValue};
use jiff::civil::DateTime;
use tera::{Kwargs, State, TeraResult, Value};

use crate::language::Language;

/// The variable with the tag of the reader's language.
const LANGUAGE: &str = "lang";

/// How a message is written in a page's fields (`message.rs`).
const NAME: &str = "name";
const ARGUMENTS: &str = "arguments";

/// A message by its name, about what is given with it; or one that a page has as a field. What is not HTML is escaped.
#[allow(clippy::needless_pass_by_value, reason = "a filter is called so")]
pub(super) fn text(message: &Value, given: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let language = language(state)?;
    let Some(name) = message.as_str() else { return Ok(Value::safe_string(&html(message, language, state)?)) };
    let mut given = given.iter().peekable();
    if given.peek().is_none() {
        return Ok(Value::safe_string(&language.html(name, None)));
    }
    let mut arguments = FluentArgs::new();
    for (name, argument) in given {
        arguments.set(name.to_string(), self::argument(argument, language, state)?);
    }
    Ok(Value::safe_string(&language.html(name, Some(&arguments))))
}

/// A message that is a field of a page.
fn html(message: &Value, language: Language, state: &State<'_>) -> TeraResult<String> {
    let name = message.get_from_path(NAME).and_then(Value::as_str);
    let name = name.ok_or_else(|| tera::Error::message(format!("{message} is no message")))?;
    let mut arguments = FluentArgs::new();
    for pair in message.get_from_path(ARGUMENTS).and_then(Value::as_array).unwrap_or_default() {
        if let Some([name, argument]) = pair.as_array()
            && let Some(name) = name.as_str()
        {
            arguments.set(name.to_owned(), self::argument(argument, language, state)?);
        }
    }
    Ok(language.html(name, Some(&arguments)).into_owned())
}

fn argument(value: &Value, language: Language, state: &State<'_>) -> TeraResult<FluentValue<'static>> {
    if let Some(number) = value.as_i64() {
        return Ok(number.into());
    }
    if let Some(messages) = value.as_array() {
        let said: Vec<_> = messages.iter().map(|message| html(message, language, state)).collect::<TeraResult<_>>()?;
        return Ok(said.join(" ").into());
    }
    Ok(state.escape_if_needed(value)?.into())
}

/// The day of a time, as the reader writes days. What is no time is shown as it is.
pub(super) fn date(time: &str, _: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    when("date", time, state)
}

/// A time to the minute, likewise.
pub(super) fn moment(time: &str, _: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    when("moment", time, state)
}

fn when(name: &str, time: &str, state: &State<'_>) -> TeraResult<Value> {
    let Ok(parsed) = time.trim_end_matches('Z').parse::<DateTime>() else { return Ok(Value::normal_string(time)) };
    let mut arguments = FluentArgs::new();
    arguments.set("iso", parsed.date().to_string());
    arguments.set("year", i64::from(parsed.year()));
    arguments.set("month", i64::from(parsed.month()));
    arguments.set("day", i64::from(parsed.day()));
    arguments.set("clock", parsed.strftime("%H:%M").to_string());
    Ok(Value::safe_string(&language(state)?.html(name, Some(&arguments))))
}

/// The attribute that says in which language a part is, if its letters are others than the page's: ` lang="ko"`.
pub(super) fn lang(tag: &str, _: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let is_as_the_page = tag == language(state)?.letters();
    let attribute = if is_as_the_page { String::new() } else { format!(" lang=\"{}\"", state.escape(tag)?) };
    Ok(Value::safe_string(&attribute))
}

fn language(state: &State<'_>) -> TeraResult<Language> {
    let tag = state.get::<Value>(LANGUAGE)?;
    Ok(tag.as_ref().and_then(Value::as_str).and_then(|tag| tag.parse().ok()).unwrap_or(Language::ENGLISH))
}
