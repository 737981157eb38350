//! What a page says of itself to those who link to it: search engines, previews in messages, and other sites.

use jiff::Timestamp;
use serde::Serialize;

use super::links;
use super::request::Request;
use crate::content::{Format, beginning};
use crate::markdown::{self, Described};
use crate::post::Post;

/// Length of a description, in characters: about what search engines show.
const DESCRIPTION_CHARS_MAX: usize = 160;

/// What `_about.html` shows.
#[derive(Clone, Debug, Serialize)]
pub(super) struct About {
    /// The one address of the page, in full.
    url: String,
    description: Option<String>,
    image: Option<Image>,
}

/// A picture that may stand for the page.
#[derive(Clone, Debug, Serialize)]
struct Image {
    url: String,
    width: u32,
    height: u32,
    alt: String,
}

/// The addresses of this site in full, as whoever asks knows them.
#[derive(Clone, Debug)]
pub(super) struct Addresses {
    site: String,
}

impl Addresses {
    /// As this request has them. One without a host does not say whose they are: then they are paths.
    pub(super) fn of(req: &Request) -> Self {
        Self { site: req.client().site.clone().unwrap_or_default() }
    }

    /// Of this path.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.site)
    }
}

impl About {
    /// A page that is found at this address.
    pub(super) fn new(url: String) -> Self {
        Self { url, description: None, image: None }
    }

    /// The same, about this.
    pub(super) fn described(self, description: Option<String>) -> Self {
        Self { description: description.filter(|text| !text.is_empty()), ..self }
    }

    /// The page of a post: what it begins with.
    pub(super) fn post(addresses: &Addresses, post: &Post) -> Self {
        Self::new(addresses.url(&links::post(post.id))).described(Some(description(post)))
    }

    /// The same, with a picture that the page shows.
    pub(super) fn pictured(self, addresses: &Addresses, picture: Option<&Described>) -> Self {
        let image = picture.map(|Described { picture, alt }| Image {
            url: addresses.url(&picture.path),
            width: picture.width,
            height: picture.height,
            alt: alt.clone(),
        });
        Self { image, ..self }
    }
}

fn description(post: &Post) -> String {
    match post.format {
        Format::Plain => beginning(&post.body, DESCRIPTION_CHARS_MAX),
        Format::Markdown => beginning(&markdown::words(&post.body), DESCRIPTION_CHARS_MAX),
    }
}

/// A time for programs, to the second, as HTML and the sitemap protocol have it: neither takes more than three digits
/// behind the second.
pub(super) fn machine_time(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}
