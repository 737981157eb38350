//! flaskr-config(5), made of the shipped config file: the one place that says what each setting means.

use std::path::Path;

use clap_mangen::roff::{Roff, bold, roman};
use flaskr::config::Config;
use toml::{Table, Value};

use super::{see_also, without_date};

const NAME: &str = "flaskr-config - settings of the blog";

/// Settings that stand together below one comment: their keys, each with the value that is shown.
struct Block {
    comment: String,
    settings: Vec<(String, Value, bool)>,
}

/// A line as a setting, and whether it takes effect as shipped.
fn setting(line: &str) -> Option<(String, Value, bool)> {
    let (key, _) = line.trim_start_matches('#').split_once(" = ")?;
    let is_key = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let table: Table = line.trim_start_matches('#').parse().ok()?;
    is_key.then(|| (key.to_owned(), table.get(key).unwrap().clone(), !line.starts_with('#')))
}

fn block(lines: &[&str]) -> Block {
    let settings: Vec<_> = lines.iter().filter_map(|line| setting(line)).collect();
    let words = lines.iter().filter(|line| setting(line).is_none()).filter_map(|line| line.strip_prefix("# "));
    Block { comment: words.collect::<Vec<_>>().join(" "), settings }
}

/// What kind of value it is, and what it is if nobody sets it.
fn kind(value: &Value, default: Option<&Value>, is_shipped: bool, section: &str, key: &str) -> String {
    let kind = match value {
        Value::String(_) => "text",
        Value::Integer(_) => "whole number",
        Value::Boolean(_) => "true or false",
        Value::Array(_) => "list of texts",
        _ => "section",
    };
    let default = match (default, is_shipped) {
        (Some(default), _) => format!("default: {default}"),
        (None, true) => "not set by default".to_owned(),
        (None, false) => format!("not set; example: {value}"),
    };
    let section = if section.is_empty() { String::new() } else { format!("{}_", section.to_uppercase()) };
    format!("{kind}; {default}; FLASKR_{section}{}", key.to_uppercase())
}

/// The page.
pub(crate) fn page(others: &[(&str, &str)]) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd/config.toml");
    let text = std::fs::read_to_string(file).unwrap();
    let (head, rest) = text.split_once("\n\n").unwrap();
    let version = format!("Flaskr {}", env!("CARGO_PKG_VERSION"));
    let mut page = Roff::new();
    page.control("TH", ["flaskr-config", "5", "", &version, "Flaskr"]);
    page.control("SH", ["NAME"]).text([roman(NAME)]);
    page.control("SH", ["SYNOPSIS"]).text([bold("/etc/flaskr/config.toml")]);
    page.control("SH", ["DESCRIPTION"]);
    for paragraph in head.split("\n#\n") {
        let words = paragraph.lines().map(|line| line.trim_start_matches('#').trim()).collect::<Vec<_>>();
        page.text([roman(words.join(" "))]).control("PP", []);
    }
    page.text([roman(
        "The file is TOML. Each setting is shown with what kind of value it is, its default, and its variable in the \
         environment, where a list is written with commas and without brackets.",
    )]);
    page.control("SH", ["SETTINGS"]);
    settings(rest, &mut page);
    see_also(others, &mut page);
    let mut bytes = Vec::new();
    page.to_writer(&mut bytes).unwrap();
    without_date(bytes)
}

fn settings(text: &str, page: &mut Roff) {
    let defaults = Table::try_from(Config::default()).unwrap();
    let mut section = String::new();
    for lines in text.replace("\n#\n", "\n\n").split("\n\n") {
        let mut lines: Vec<_> = lines.lines().collect();
        if let Some(name) = lines.first().and_then(|line| line.strip_prefix('[')?.strip_suffix(']')) {
            name.clone_into(&mut section);
            page.control("SS", [format!("[{name}]").as_str()]);
            lines.remove(0);
        }
        let Block { comment, settings } = block(&lines);
        let table = if section.is_empty() { Some(&defaults) } else { defaults.get(&section).and_then(Value::as_table) };
        for (index, (key, value, is_shipped)) in settings.iter().enumerate() {
            let default = table.and_then(|table| table.get(key));
            let shipped = if *is_shipped { format!("; as shipped: {value}") } else { String::new() };
            page.control("TP", []).text([bold(key.as_str())]);
            page.text([roman(format!("({}{shipped})", kind(value, default, *is_shipped, &section, key)))]);
            if index + 1 == settings.len() {
                let comment = comment.trim_end_matches("Example:").trim_end_matches("Examples:").trim();
                page.control("br", []).text([roman(comment)]);
            }
        }
    }
}
