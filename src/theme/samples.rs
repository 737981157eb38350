//! What pages are made of, as `tests/web/theme.rs` has seen it: with it a theme is tried before anybody reads it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::engine::{Engine, file};
use super::fault::Fault;
use super::marks;

/// Of each template the fields of pages, each of another shape. `UPDATE_SAMPLES=1` writes them anew.
const SAMPLES: &str = include_str!("samples.json");

/// What is in the samples a comment that only some may see.
pub const SECRET: &str = "only-some-may-see-this";

type Samples = BTreeMap<String, Vec<Value>>;

/// Every page that a theme cannot make, and every one that shows what it must not.
pub(super) fn faults(theme: &Engine, ours: &Engine) -> Vec<Fault> {
    let samples: Samples = serde_json::from_str(SAMPLES).unwrap_or_default();
    let mut faults = Vec::new();
    for (template, pages) in &samples {
        faults.extend(pages.iter().filter_map(|page| fault(template, page, theme, ours)));
    }
    faults
}

fn fault(template: &str, page: &Value, theme: &Engine, ours: &Engine) -> Option<Fault> {
    // The fields of a look are among those of a page.
    let made = |engine: &Engine| engine.render(template, page, &engine.frame(page)?);
    let shown = match made(theme) {
        Ok(shown) => shown,
        Err(fault) => return Some(fault.on_page(template)),
    };
    let is_seen = |page: &str| marks::seen_by_nobody(page).contains(SECRET);
    let is_secret = || made(ours).is_ok_and(|ours| !is_seen(&ours));
    (is_seen(&shown) && is_secret()).then(|| {
        let what = "shows everybody comments that wait for approval: a mark such as <?user …?> is missing before them";
        Fault::of(&file(template, theme.origins()), what)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::theme::files::Addresses;
    use crate::theme::{BuiltIn, Kind, StaticFile};

    /// Ours make every page of the samples, and one at least of them has something that only some may see.
    #[test]
    fn ours() {
        let files: Vec<_> = BuiltIn::all().into_iter().filter(|file| file.kind == Kind::Static).collect();
        let files: Vec<_> = files.iter().filter_map(|file| StaticFile::new(file.name, file.bytes.into())).collect();
        let ours = Engine::new(&[], &Arc::new(Addresses::of(&files))).unwrap();
        assert_eq!(faults(&ours, &ours), []);
        let samples: Samples = serde_json::from_str(SAMPLES).unwrap();
        let made = |page| ours.render("blog/post.html", page, &ours.frame(page).unwrap()).unwrap();
        let posts: Vec<_> = samples["blog/post.html"].iter().map(made).collect();
        assert!(posts.iter().any(|post| post.contains(SECRET)));
        assert!(posts.iter().all(|post| !marks::seen_by_nobody(post).contains(SECRET)));
    }
}
