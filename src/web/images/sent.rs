//! The pictures in the form of a post: each is stored at once and added to the text, so that whatever else is wrong with
//! the form, no picture is sent twice.

use serde::Serialize;

use crate::db::images::{self, UNUSED_BYTES_MAX, UNUSED_IMAGES_MAX};
use crate::image::{Address, Picture};
use crate::message::{Argument, Message};
use crate::pool::Rejected;
use crate::problem::Problem;
use crate::user::User;
use crate::web::error::{Error, Result};
use crate::web::form::{Form, SentFile};
use crate::web::request::Request;

/// Pictures that a form has room for.
const IMAGES_MAX: usize = 3;
/// Longest description of a picture, in characters.
const ALT_LENGTH_MAX: usize = 1000;
/// How much of a file's name a message shows, in characters.
const NAME_LENGTH_MAX: usize = 80;

/// What the form shows of its pictures.
#[derive(Clone, Debug, Serialize)]
pub(in crate::web) struct Images {
    places: Vec<Place>,
    /// What is wrong with all of them together.
    problem: Option<Problem>,
    /// Whether there is something to see in them.
    is_open: bool,
}

/// Room for a picture in the form.
#[derive(Clone, Debug, Default, Serialize)]
struct Place {
    number: usize,
    alt: String,
    is_decorative: bool,
    /// The picture that was sent before, and waits for its description.
    waiting: Option<String>,
    problem: Option<Problem>,
}

impl Default for Images {
    fn default() -> Self {
        let places = (1..=IMAGES_MAX).map(|number| Place { number, ..Place::default() }).collect();
        Self { places, problem: None, is_open: false }
    }
}

impl Images {
    /// Why the form has to be shown again, if so.
    pub(in crate::web) fn problem(&self) -> Option<Problem> {
        let is_refused = self.places.iter().any(|place| place.problem.is_some());
        self.problem.clone().or_else(|| is_refused.then(|| Problem::new("images-not-taken")))
    }
}

/// The pictures that a form held.
pub(in crate::web) struct SentImages {
    places: Vec<(Place, Option<SentFile>)>,
    /// Files for which there is no room.
    others: usize,
}

impl SentImages {
    /// Takes them out of the form.
    pub(in crate::web) fn take_from(form: &mut Form) -> Self {
        let mut files = form.take_files();
        let mut place = |number| {
            let mut field = |name: &str| form.take_optional(&format!("image-{number}-{name}"));
            let place = Place {
                number,
                alt: field("alt").unwrap_or_default(),
                is_decorative: field("decorative").is_some(),
                waiting: field("waiting"),
                problem: None,
            };
            let name = format!("image-{number}");
            let file = files.iter().position(|file| file.field == name).map(|index| files.remove(index));
            (place, file)
        };
        let places = (1..=IMAGES_MAX).map(&mut place).collect();
        Self { places, others: files.len() }
    }

    /// Stores those that are fine, adds them to the text, and says what is wrong with the others.
    pub(in crate::web) async fn store(self, req: &Request, user: &User, text: &mut String) -> Result<Images> {
        let mut images = Images::default();
        if self.others > 0 {
            images.problem = Some(Problem::new("images-too-many").with("most", IMAGES_MAX));
        }
        for ((mut place, file), shown) in self.places.into_iter().zip(&mut images.places) {
            let stored = match file {
                Some(file) => place.store(req, user, file).await?,
                None => place.waiting(req).await?,
            };
            match stored.map(|address| address.map(|address| place.add(&address, text)).transpose()) {
                Ok(Ok(_)) => (),
                Ok(Err(problem)) | Err(problem) => *shown = Place { problem: Some(problem), ..place },
            }
        }
        images.is_open = images.problem().is_some();
        Ok(images)
    }
}

type Checked<T> = std::result::Result<T, Problem>;

impl Place {
    /// Stores a file.
    async fn store(&mut self, req: &Request, user: &User, file: SentFile) -> Result<Checked<Option<Address>>> {
        self.waiting = None; // the file is in its place
        let name = short(&file.name);
        let of_file = |problem: Problem| Problem::new("image-file").with("file", name).with("problem", problem);
        let Some(content) = file.content else {
            let most = req.app().config().limits.upload_bytes_max / (1024 * 1024);
            return Ok(Err(of_file(Problem::new("images-too-large").with("most", most))));
        };
        let picture = match req.app().images.decode(content).await {
            Ok(Ok(picture)) => picture,
            Ok(Err(problem)) => return Ok(Err(of_file(problem))),
            Err(Rejected::Full) => return Err(Error::Busy("the queue of pictures is full".to_owned())),
            // The log has it. For whoever sent the file it is one that cannot be read.
            Err(Rejected::Panicked) => return Ok(Err(of_file(Problem::new("image-unreadable")))),
        };
        Ok(insert(req, user, picture).await?.map(Some).map_err(of_file))
    }

    /// The picture that was sent before, if it is still there.
    async fn waiting(&mut self, req: &Request) -> Result<Checked<Option<Address>>> {
        let Some(address) = self.waiting.take().and_then(|path| Address::from_path(&path)) else { return Ok(Ok(None)) };
        let hash = address.hash.clone();
        let is_there = req.db().read(move |conn| images::find_sizes(conn, &hash)).await?.is_some();
        let gone = || Problem::new("image-gone");
        Ok(if is_there { Ok(Some(address)) } else { Err(gone()) })
    }

    /// Adds a picture to the text, in a paragraph of its own; it waits for its description if there is none.
    fn add(&mut self, address: &Address, text: &mut String) -> Checked<()> {
        let alt = self.alt.trim();
        let problem = if self.is_decorative {
            None
        } else if alt.is_empty() {
            Some(Problem::new("image-needs-alt"))
        } else if alt.chars().count() > ALT_LENGTH_MAX {
            Some(Problem::new("image-alt-too-long").with("most", ALT_LENGTH_MAX))
        } else {
            None
        };
        if let Some(problem) = problem {
            self.waiting = Some(address.path());
            return Err(problem);
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let alt = if self.is_decorative { String::new() } else { escaped(alt) };
        text.extend(["![", &alt, "](", &address.path(), ")"]);
        Ok(())
    }
}

async fn insert(req: &Request, user: &User, picture: Picture) -> Result<Checked<Address>> {
    let (address, user, now) = (picture.address(), user.id, req.app().clock.now());
    let is_stored = req.db().write(move |conn| images::insert(conn, user, &picture, now)).await?;
    let too_many = || {
        let most = UNUSED_BYTES_MAX / (1024 * 1024);
        Problem::new("images-unused").with("count", UNUSED_IMAGES_MAX).with("most", most)
    };
    Ok(if is_stored { Ok(address) } else { Err(too_many()) })
}

/// A description as Markdown that means just it.
fn escaped(alt: &str) -> String {
    let mut escaped = String::with_capacity(alt.len());
    for character in alt.chars() {
        match character {
            // What would be emphasis, code, a link, an entity or markup.
            '\\' | '[' | ']' | '*' | '_' | '`' | '~' | '<' | '&' => escaped.extend(['\\', character]),
            _ if character.is_control() => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    escaped
}

fn short(name: &str) -> Argument {
    let mut short: String = name.chars().take(NAME_LENGTH_MAX).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    if short.is_empty() { Message::new("image-nameless").into() } else { short.into() }
}
