//! The texts of one language, from its file.

use std::borrow::Cow;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use include_dir::{Dir, include_dir};

use crate::escape::{escaped, has_special};
use crate::language::written_in;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/locales");

/// The tag of the language that stands first.
const FIRST: &str = "en";
const FILE_ENDING: &str = "ftl";
/// What a language calls itself.
pub(super) const NAME: &str = "language-name";

type Bundle = FluentBundle<Arc<FluentResource>>;

/// What one language says.
pub(super) struct Texts {
    tag: &'static str,
    letters: &'static str,
    plain: Bundle,
    /// The same, whose own words are escaped.
    html: Bundle,
}

/// Every file, English first.
pub(super) fn all() -> Vec<Texts> {
    let mut texts: Vec<_> =
        FILES.files().filter_map(|file| Texts::read(file.path().to_str()?, file.contents_utf8()?)).collect();
    texts.sort_by_key(|texts| (texts.tag != FIRST, texts.tag));
    texts
}

impl Texts {
    fn read(path: &'static str, text: &str) -> Option<Self> {
        let tag = path.strip_suffix(FILE_ENDING)?.strip_suffix('.')?;
        // What of it cannot be read is left out, and a test fails.
        let resource = Arc::new(FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, _)| readable));
        let mut html = bundle(tag, &resource)?;
        html.set_transform(Some(escape));
        let plain = bundle(tag, &resource)?;
        let name = plain.get_message(NAME)?.value().map(|name| plain.format_pattern(name, None, &mut Vec::new()));
        Some(Self { tag, letters: written_in(&name?), plain, html })
    }

    pub(super) fn tag(&self) -> &'static str {
        self.tag
    }

    pub(super) fn letters(&self) -> &'static str {
        self.letters
    }

    pub(super) fn plain(&'static self, name: &str, arguments: Option<&FluentArgs<'_>>) -> Option<Cow<'static, str>> {
        find(&self.plain, name, arguments)
    }

    pub(super) fn html(&'static self, name: &str, arguments: Option<&FluentArgs<'_>>) -> Option<Cow<'static, str>> {
        find(&self.html, name, arguments)
    }
}

fn bundle(tag: &str, resource: &Arc<FluentResource>) -> Option<Bundle> {
    let mut bundle = Bundle::new_concurrent(vec![tag.parse().ok()?]);
    bundle.set_use_isolating(false); // marks around each argument, which a page says with markup where it matters
    bundle.add_resource_overriding(Arc::clone(resource));
    Some(bundle)
}

fn find(bundle: &'static Bundle, name: &str, arguments: Option<&FluentArgs<'_>>) -> Option<Cow<'static, str>> {
    let pattern = bundle.get_message(name)?.value()?;
    // An argument that is missing stands there as its name; a test sees to it that none is.
    let mut errors = Vec::new();
    Some(match arguments {
        None => bundle.format_pattern(pattern, None, &mut errors),
        Some(arguments) => bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned().into(),
    })
}

/// Most words have nothing to escape.
fn escape(text: &str) -> Cow<'_, str> {
    if has_special(text) { Cow::Owned(escaped(text)) } else { Cow::Borrowed(text) }
}
