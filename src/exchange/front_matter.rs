//! What stands above the text in a file: YAML between `---`, TOML between `+++`, or JSON in braces.

use serde_json::{Map, Value};

/// The keys and their values, whatever they were written in.
pub(super) type Keys = Map<String, Value>;

/// The keys above a text, and the text; a file may have none.
pub(super) fn split(file: &str) -> Result<(Keys, &str), String> {
    let file = file.strip_prefix('\u{feff}').unwrap_or(file);
    if let Some((yaml, text)) = fenced(file, "---")? {
        let keys: Option<Keys> = serde_saphyr::from_str(yaml).map_err(|error| format!("its YAML: {error}"))?;
        return Ok((keys.unwrap_or_default(), text));
    }
    if let Some((toml, text)) = fenced(file, "+++")? {
        let table: toml::Table = toml.parse().map_err(|error| format!("its TOML: {error}"))?;
        return Ok((table.into_iter().map(|(key, value)| (key, json(value))).collect(), text));
    }
    if file.starts_with('{') {
        let mut values = serde_json::Deserializer::from_str(file).into_iter::<Keys>();
        // A text may begin with a brace.
        if let Some(Ok(keys)) = values.next() {
            let text = file.get(values.byte_offset()..).unwrap_or_default();
            return Ok((keys, without_line_end(text)));
        }
    }
    Ok((Keys::new(), file))
}

/// What stands between the first line and the next like it, and what comes behind that.
fn fenced<'a>(file: &'a str, fence: &str) -> Result<Option<(&'a str, &'a str)>, String> {
    let Some(rest) = file.strip_prefix(fence).and_then(line_end) else { return Ok(None) };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        let end = at + line.len();
        if line.trim_end() == fence {
            return Ok(Some((rest.get(..at).unwrap_or_default(), rest.get(end..).unwrap_or_default())));
        }
        at = end;
    }
    Err(format!("line 1 begins with {fence}, and no other line is {fence} to end what is above the text"))
}

fn line_end(text: &str) -> Option<&str> {
    text.strip_prefix('\n').or_else(|| text.strip_prefix("\r\n"))
}

fn without_line_end(text: &str) -> &str {
    line_end(text).unwrap_or(text)
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(integer) => integer.into(),
        toml::Value::Float(float) => float.into(),
        toml::Value::Boolean(is_true) => is_true.into(),
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(values) => values.into_iter().map(json).collect(),
        toml::Value::Table(table) => Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The three ways say the same.
    #[test]
    fn ways() {
        for file in [
            "---\ntitle: a\ntags: [b, 안]\ndate: 2018-01-01\n---\ntext\n",
            "+++\ntitle = \"a\"\ntags = [\"b\", \"안\"]\ndate = 2018-01-01\n+++\ntext\n",
            "{\"title\": \"a\", \"tags\": [\"b\", \"안\"], \"date\": \"2018-01-01\"}\ntext\n",
            "---\r\ntitle: a\r\ntags: [b, 안]\r\ndate: 2018-01-01\r\n---\r\ntext\n",
            "\u{feff}---\ntitle: a\ntags:\n  - b\n  - 안\ndate: 2018-01-01\n---\ntext\n",
        ] {
            let (keys, text) = split(file).unwrap();
            assert_eq!(
                Value::Object(keys),
                serde_json::json!({"title": "a", "tags": ["b", "안"], "date": "2018-01-01"}),
                "{file}"
            );
            assert_eq!(text, "text\n");
        }
    }

    /// A file need not have any, and a text may look like it.
    #[test]
    fn none() {
        for file in ["", "text", "----\ntext", "{text}", "--- \n", "---\n---\n"] {
            let (keys, _) = split(file).unwrap_or_default();
            assert!(keys.is_empty(), "{file}");
        }
        assert_eq!(split("----\ntext"), Ok((Keys::new(), "----\ntext")));
    }

    /// What is wrong is said with its line.
    #[test]
    fn malformed() {
        for (file, part) in [
            ("---\ntitle: a\n", "no other line is ---"),
            ("---\ntitle: [a\n---\n", "line"),
            ("+++\ntitle = a\n+++\n", "line 1"),
            ("---\n- a\n---\n", "YAML"),
        ] {
            let error = split(file).unwrap_err();
            assert!(error.contains(part), "{file}: {error}");
        }
    }
}
