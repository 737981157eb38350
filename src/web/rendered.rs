//! A page as its template made it, once for everybody, and what each reader gets of it.
//!
//! What only some see stands between marks: before it who sees it, after it `<?everybody?>`. That is `<?anonymous?>`,
//! `<?logged-in?>`, `<?moderator?>`, `<?user 7?>`, `<?liked 7?>` or `<?not-liked 7?>` (who is logged in and likes post 7,
//! or does not), or several of these, as in `<?user 7 or moderator?>`. `<?username?>` is the reader's name, and `<?flash?>` what
//! they are told of what they just did. Nobody can
//! write a mark into a page: a template escapes every `<` that it is given.

use std::ops::Range;

use memchr::memmem;

use super::audience::{Audience, Group, Reader};
use crate::escape::escaped;
use crate::post::PostId;

const MARK_START: &str = "<?";
const MARK_END: &str = "?>";
/// Around what a reader is told.
const FLASH: (&str, &str) = ("<div class=\"flash\" role=\"status\">", "</div>");

/// A page for everybody.
#[derive(Debug)]
pub(super) struct Rendered {
    text: String,
    parts: Vec<Part>,
    /// The version of what it shows, if that has one.
    pub(super) version: Option<String>,
}

#[derive(Debug)]
struct Part {
    audience: Audience,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// What stands there in the text.
    Text(Range<usize>),
    /// The name of whoever reads it.
    Username,
    /// What they are told.
    Flash,
}

impl Rendered {
    /// Takes what a template made apart at its marks. What is no mark is text.
    pub(super) fn new(mut text: String) -> Self {
        text.shrink_to_fit(); // it may be kept, and has grown by doubling
        let mut parts = Vec::new();
        let (mut audience, mut start, mut at) = (Audience::Everybody, 0, 0);
        while let Some((mark, place)) = next_mark(&text, at) {
            at = place.end;
            let before = Content::Text(start..place.start);
            if let Some(content) = Content::of(mark) {
                let contents = [before, content];
                parts.extend(contents.map(|content| Part { audience: audience.clone(), content }));
            } else if let Some(next) = Audience::of(mark) {
                parts.push(Part { audience: std::mem::replace(&mut audience, next), content: before });
            } else {
                continue;
            }
            start = place.end;
        }
        parts.push(Part { audience, content: Content::Text(start..text.len()) });
        parts.shrink_to_fit();
        Self { text, parts, version: None }
    }

    /// A text that is the same for everybody, whatever is in it.
    pub(super) fn plain(mut text: String) -> Self {
        text.shrink_to_fit(); // as above
        let parts = vec![Part { audience: Audience::Everybody, content: Content::Text(0..text.len()) }];
        Self { text, parts, version: None }
    }

    /// The same, of what has this version.
    pub(super) fn of_version(self, version: Option<&str>) -> Self {
        Self { version: version.map(str::to_owned), ..self }
    }

    /// How much memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let groups: usize = self.parts.iter().map(|part| part.audience.groups().len()).sum();
        let version = self.version.as_ref().map_or(0, String::len);
        version + self.text.len() + self.parts.len() * size_of::<Part>() + groups * size_of::<Group>()
    }

    /// The posts of which has to be known whether a reader likes them.
    pub(super) fn asks_about(&self) -> Vec<PostId> {
        let mut posts: Vec<_> =
            self.parts.iter().flat_map(|part| part.audience.groups()).filter_map(|group| group.post()).collect();
        posts.dedup();
        posts
    }

    /// How long the page for this reader is at most, in bytes.
    pub(super) fn bytes_for(&self, reader: &Reader<'_>) -> usize {
        let own = Own::of(reader);
        let more = self.parts.iter().map(|part| match part.content {
            Content::Text(_) => 0,
            Content::Username => own.name.len(),
            Content::Flash => own.flash.len(),
        });
        self.text.len() + more.sum::<usize>()
    }

    /// The page for one reader.
    pub(super) fn for_reader(&self, reader: &Reader<'_>) -> Vec<u8> {
        let own = Own::of(reader);
        let mut page = Vec::with_capacity(self.bytes_for(reader));
        for part in self.parts.iter().filter(|part| part.audience.includes(reader)) {
            let text = match &part.content {
                Content::Text(range) => self.text.get(range.clone()).unwrap_or_default(),
                Content::Username => &own.name,
                Content::Flash => &own.flash,
            };
            page.extend_from_slice(text.as_bytes());
        }
        page.shrink_to_fit(); // by what is for others: it may be kept
        page
    }
}

/// What stands in a page in the place of marks.
struct Own {
    name: String,
    flash: String,
}

impl Own {
    fn of(reader: &Reader<'_>) -> Self {
        let (start, end) = FLASH;
        Self {
            name: reader.username().map(escaped).unwrap_or_default(),
            flash: reader.flash.as_ref().map(|text| format!("{start}{text}{end}")).unwrap_or_default(),
        }
    }
}

impl Content {
    fn of(mark: &str) -> Option<Self> {
        match mark {
            "username" => Some(Self::Username),
            "flash" => Some(Self::Flash),
            _ => None,
        }
    }
}

/// The next mark from a place on: what stands in it, and where it is.
fn next_mark(text: &str, from: usize) -> Option<(&str, Range<usize>)> {
    let start = from + memmem::find(text.get(from..)?.as_bytes(), MARK_START.as_bytes())?;
    let inside = start + MARK_START.len();
    let end = inside + text.get(inside..)?.find(MARK_END)?;
    Some((text.get(inside..end)?, start..end + MARK_END.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::theme;
    use crate::user::{Role, User, UserId};
    use crate::web::visitor::Who;

    fn page(text: &str, reader: Option<(i64, &str)>) -> String {
        let user = reader.map(|(id, name)| user(id, name, Role::Author));
        page_for(text, user.as_ref(), &[])
    }

    fn user(id: i64, name: &str, role: Role) -> User {
        User { id: UserId(id), username: name.to_owned(), role }
    }

    fn page_for(text: &str, user: Option<&User>, liked: &[i64]) -> String {
        let liked = liked.iter().map(|id| PostId(*id)).collect();
        let reader = Reader { liked, ..Reader::new(user.map_or(Who::Nobody, Who::User)) };
        String::from_utf8(Rendered::new(text.to_owned()).for_reader(&reader)).unwrap()
    }

    /// Everybody gets the parts that are for them, in order.
    #[test]
    fn parts() {
        let text = "a<?anonymous?>b<?logged-in?>c <?username?>!<?user 7?>d<?everybody?>e<?user 7?>f<?everybody?>";
        assert_eq!(page(text, None), "abe");
        assert_eq!(page(text, Some((1, "ada"))), "ac ada!e");
        assert_eq!(page(text, Some((7, "<b>"))), "ac &lt;b&gt;!def");
    }

    /// What more is known of a reader decides too, and whoever belongs to several groups gets a part once.
    #[test]
    fn groups() {
        let text = "a<?moderator?>b<?user 7 or user 8 or moderator?>c<?liked 2?>d<?not-liked 2?>e<?everybody?>f";
        assert_eq!(page_for(text, None, &[2]), "af");
        assert_eq!(page_for(text, Some(&user(1, "", Role::Author)), &[]), "aef");
        assert_eq!(page_for(text, Some(&user(8, "", Role::Author)), &[2]), "acdf");
        assert_eq!(page_for(text, Some(&user(8, "", Role::Moderator)), &[1, 3]), "abcef");
        let asked = |text: &str| Rendered::new(text.to_owned()).asks_about();
        assert_eq!((asked(text), asked("a<?user 7?>b")), (vec![PostId(2)], vec![]));
    }

    /// Of whom nothing is known sees what everybody sees; whoever just did something is told so.
    #[test]
    fn readers() {
        let page = Rendered::new("a<?flash?><?anonymous?>b<?logged-in?>c<?everybody?>d".to_owned());
        let mut reader = Reader::new(Who::Unknown);
        assert_eq!(page.for_reader(&reader), b"ad");
        reader.flash = Some("Done.".to_owned());
        let shown = page.for_reader(&reader);
        assert_eq!(shown, b"a<div class=\"flash\" role=\"status\">Done.</div>d");
        assert!(page.bytes_for(&reader) >= shown.len());
    }

    /// What only looks like a mark stays.
    #[test]
    fn no_marks() {
        for text in [
            "",
            "<?",
            "?>",
            "<??>",
            "<?user?>",
            "<?user x?>",
            "<?xml version=\"1.0\"?>",
            "a<?anonymous",
            "<?moderator 7?>",
            "<?user 7 or x?>",
        ] {
            assert_eq!(page(text, Some((1, "ada"))), text);
        }
    }

    /// What may be kept takes no more memory than is reckoned with.
    #[test]
    fn no_room_is_left() {
        let with_room = || {
            let mut text = String::with_capacity(1000);
            text.push_str("a<?logged-in?>b<?everybody?>c<?username?>");
            text
        };
        for rendered in [Rendered::new(with_room()), Rendered::plain(with_room())] {
            assert_eq!(rendered.text.capacity(), rendered.text.len());
            assert_eq!(rendered.parts.capacity(), rendered.parts.len());
            let page = rendered.for_reader(&Reader::new(Who::Nobody));
            assert_eq!(page.capacity(), page.len());
        }
    }

    /// Those that themes are held to are those that there are.
    #[test]
    fn marks_of_themes() {
        for name in theme::AUDIENCES {
            let is_audience = Audience::of(name).is_some() || Audience::of(&format!("{name} 7")).is_some();
            assert!(is_audience, "{name}");
        }
        assert!(theme::CONTENTS.iter().all(|name| Content::of(name).is_some()));
        let all = include_str!("audience.rs").matches("=> Self::").count();
        assert!(all >= theme::AUDIENCES.len() - 1, "a group that themes may not name");
    }

    proptest! {
        /// A text without marks is the page, and no text is too odd.
        #[test]
        fn anything(text in "(<\\?|\\?>|user|anonymous|everybody| |7|é|a){0,12}") {
            let whole = page(&text, None);
            prop_assert!(whole.len() <= text.len());
            if !text.contains("<?") {
                prop_assert_eq!(whole, text);
            }
        }
    }
}
