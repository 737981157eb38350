//! A page as its template made it, once for everybody, and what each reader gets of it.
//!
//! What only some see stands between marks: `<?anonymous?>`, `<?logged-in?>` or `<?user 7?>` before it, `<?everybody?>`
//! after it; `<?username?>` is the reader's name. Nobody can write a mark into a page: a template escapes every `<` that
//! it is given.

use std::ops::Range;

use super::templates::escaped;
use crate::user::{User, UserId};

const MARK_START: &str = "<?";
const MARK_END: &str = "?>";

/// A page for everybody.
#[derive(Debug)]
pub(super) struct Rendered {
    text: String,
    parts: Vec<Part>,
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
}

/// Who sees a part.
#[derive(Clone, Copy, Debug)]
enum Audience {
    Everybody,
    Anonymous,
    LoggedIn,
    User(UserId),
}

impl Audience {
    fn includes(self, reader: Option<&User>) -> bool {
        match self {
            Self::Everybody => true,
            Self::Anonymous => reader.is_none(),
            Self::LoggedIn => reader.is_some(),
            Self::User(id) => reader.is_some_and(|user| user.id == id),
        }
    }

    fn of(mark: &str) -> Option<Self> {
        match mark.split_once(' ') {
            Some(("user", id)) => id.parse().ok().map(|id| Self::User(UserId(id))),
            None if mark == "everybody" => Some(Self::Everybody),
            None if mark == "anonymous" => Some(Self::Anonymous),
            None if mark == "logged-in" => Some(Self::LoggedIn),
            _ => None,
        }
    }
}

impl Rendered {
    /// Takes what a template made apart at its marks. What is no mark is text.
    pub(super) fn new(mut text: String) -> Self {
        text.shrink_to_fit(); // it may be kept, and has grown by doubling
        let mut parts = Vec::new();
        let (mut audience, mut start, mut at) = (Audience::Everybody, 0, 0);
        while let Some((mark, place)) = next_mark(&text, at) {
            at = place.end;
            let is_name = mark == "username";
            let next = Audience::of(mark);
            if next.is_none() && !is_name {
                continue;
            }
            parts.push(Part { audience, content: Content::Text(start..place.start) });
            if is_name {
                parts.push(Part { audience, content: Content::Username });
            }
            audience = next.unwrap_or(audience);
            start = place.end;
        }
        parts.push(Part { audience, content: Content::Text(start..text.len()) });
        parts.shrink_to_fit();
        Self { text, parts }
    }

    /// A text that is the same for everybody, whatever is in it.
    pub(super) fn plain(mut text: String) -> Self {
        text.shrink_to_fit(); // as above
        let parts = vec![Part { audience: Audience::Everybody, content: Content::Text(0..text.len()) }];
        Self { text, parts }
    }

    /// How much memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + self.parts.len() * size_of::<Part>()
    }

    /// How long the page for this reader is at most, in bytes.
    pub(super) fn bytes_for(&self, reader: Option<&User>) -> usize {
        let names = self.parts.iter().filter(|part| matches!(part.content, Content::Username)).count();
        self.text.len() + reader.map_or(0, |user| names * escaped(&user.username).len())
    }

    /// The page for one reader, or for whoever is not logged in.
    pub(super) fn for_reader(&self, reader: Option<&User>) -> Vec<u8> {
        let name = reader.map(|user| escaped(&user.username)).unwrap_or_default();
        let mut page = Vec::with_capacity(self.bytes_for(reader));
        for part in self.parts.iter().filter(|part| part.audience.includes(reader)) {
            let text = match &part.content {
                Content::Text(range) => self.text.get(range.clone()).unwrap_or_default(),
                Content::Username => &name,
            };
            page.extend_from_slice(text.as_bytes());
        }
        page.shrink_to_fit(); // by what is for others: it may be kept
        page
    }
}

/// The next mark from a place on: what stands in it, and where it is.
fn next_mark(text: &str, from: usize) -> Option<(&str, Range<usize>)> {
    let start = from + text.get(from..)?.find(MARK_START)?;
    let inside = start + MARK_START.len();
    let end = inside + text.get(inside..)?.find(MARK_END)?;
    Some((text.get(inside..end)?, start..end + MARK_END.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page(text: &str, reader: Option<(i64, &str)>) -> String {
        let user = reader.map(|(id, name)| User { id: UserId(id), username: name.to_owned() });
        String::from_utf8(Rendered::new(text.to_owned()).for_reader(user.as_ref())).unwrap()
    }

    /// Everybody gets the parts that are for them, in order.
    #[test]
    fn parts() {
        let text = "a<?anonymous?>b<?logged-in?>c <?username?>!<?user 7?>d<?everybody?>e<?user 7?>f<?everybody?>";
        assert_eq!(page(text, None), "abe");
        assert_eq!(page(text, Some((1, "ada"))), "ac ada!e");
        assert_eq!(page(text, Some((7, "<b>"))), "ac &lt;b&gt;!def");
    }

    /// What only looks like a mark stays.
    #[test]
    fn no_marks() {
        for text in ["", "<?", "?>", "<??>", "<?user?>", "<?user x?>", "<?xml version=\"1.0\"?>", "a<?anonymous"] {
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
            let page = rendered.for_reader(None);
            assert_eq!(page.capacity(), page.len());
        }
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
