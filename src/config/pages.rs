//! What pages show.

use serde::{Deserialize, Serialize};

use super::limits::between;
use crate::language::Language;

/// What is on a page: `[pages]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pages {
    /// Posts on a page of a list.
    #[serde(deserialize_with = "between::<1, 1000, _, _>")]
    pub posts_per_page: usize,
    /// Posts in a feed.
    #[serde(deserialize_with = "between::<1, 1000, _, _>")]
    pub feed_posts: usize,
    /// The language of feeds, and of pages for those whose browser asks for none that there is.
    pub language: Language,
}

impl Default for Pages {
    fn default() -> Self {
        Self { posts_per_page: 5, feed_posts: 20, language: Language::ENGLISH }
    }
}
