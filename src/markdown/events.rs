//! What a parser finds in a text, made into what may be shown.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd};

use super::table::Table;
use super::{Described, NoPictures, Place, code, link};

/// Goes through the events of one text.
pub(super) struct Events<'a> {
    /// `None` for a comment.
    place: Option<Place<'a>>,
    /// The address of the page that links are relative to, or nothing.
    page: &'a str,
    /// The links that are open: whether each is shown.
    links: Vec<bool>,
    table: Table,
    /// The code block that is being read, with its language.
    code: Option<(String, String)>,
    /// The description of a picture that is being read.
    picture: Option<Pictured>,
    /// The first picture that was shown.
    pub(super) first_picture: Option<Described>,
    highlighted: code::Budget,
    /// The author's levels of the headings that the last one stands under, and its own.
    outline: Vec<HeadingLevel>,
    /// Whether the text that is read says what a box stands for.
    is_label: bool,
}

struct Pictured {
    url: String,
    title: String,
    alt: String,
    /// Pictures that stand in the description of this one: they are a part of it.
    depth: usize,
}

/// What an event becomes.
type Shown<'e> = Vec<Event<'e>>;

impl<'a> Events<'a> {
    pub(super) fn of_post(place: Place<'a>) -> Self {
        Self {
            place: Some(place),
            page: place.page,
            links: Vec::new(),
            table: Table::default(),
            code: None,
            picture: None,
            first_picture: None,
            highlighted: code::Budget::default(),
            outline: Vec::new(),
            is_label: false,
        }
    }

    pub(super) fn of_comment(page: &'a str) -> Self {
        Self { place: None, ..Self::of_post(Place { heading: 1, prefix: "", page, pictures: &NoPictures }) }
    }

    /// What is shown of an event.
    pub(super) fn shown<'e>(&mut self, event: Event<'e>) -> Shown<'e> {
        if self.picture.is_some() {
            return self.in_picture(event);
        }
        if self.code.is_some() {
            return self.in_code(event);
        }
        let mut shown = if self.ends_label(&event) { tag("</label>") } else { Vec::new() };
        shown.extend(self.made_of(event));
        shown
    }

    fn made_of<'e>(&mut self, event: Event<'e>) -> Shown<'e> {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => vec![Event::Text(html)],
            Event::Text(text) if self.links.is_empty() => link::found_in(&text, self.rel()),
            Event::HardBreak => tag("<br>"),
            Event::Rule => tag("<hr>\n"),
            Event::TaskListMarker(is_done) => {
                self.is_label = true;
                let box_alone = "<label><input type=\"checkbox\" disabled> ";
                tag(if is_done { "<label><input type=\"checkbox\" disabled checked> " } else { box_alone })
            }
            Event::FootnoteReference(name) => vec![Event::FootnoteReference(self.prefixed(&name))],
            Event::Start(start) => self.started(start),
            Event::End(end) => self.ended(end),
            event => vec![event],
        }
    }

    fn started<'e>(&mut self, start: Tag<'e>) -> Shown<'e> {
        match start {
            Tag::Heading { level, .. } => {
                self.outline.retain(|above| *above < level);
                self.outline.push(level);
                self.heading(false)
            }
            // What is HTML in it comes as events of its own.
            Tag::HtmlBlock => vec![Event::Start(Tag::Paragraph)],
            Tag::FootnoteDefinition(name) => vec![Event::Start(Tag::FootnoteDefinition(self.prefixed(&name)))],
            Tag::BlockQuote(_) => vec![Event::Start(Tag::BlockQuote(None))],
            Tag::CodeBlock(kind) => {
                self.code = Some((language(&kind), String::new()));
                Vec::new()
            }
            Tag::Link { dest_url, title, .. } => {
                let opened = link::opening(&dest_url, &title, self.page, self.rel());
                self.links.push(opened.is_some());
                opened.map_or_else(Vec::new, |opening| vec![Event::InlineHtml(opening.into())])
            }
            Tag::Image { dest_url, title, .. } => {
                let (url, title) = (dest_url.into_string(), title.into_string());
                self.picture = Some(Pictured { url, title, alt: String::new(), depth: 0 });
                Vec::new()
            }
            start => self.table.started(&start).unwrap_or_else(|| vec![Event::Start(start)]),
        }
    }

    fn ended<'e>(&mut self, end: TagEnd) -> Shown<'e> {
        match end {
            TagEnd::Heading(_) => self.heading(true),
            TagEnd::HtmlBlock => vec![Event::End(TagEnd::Paragraph)],
            TagEnd::Link => {
                if self.links.pop() == Some(true) {
                    tag("</a>")
                } else {
                    Vec::new()
                }
            }
            end => self.table.ended(end).unwrap_or_else(|| vec![Event::End(end)]),
        }
    }

    /// What a box stands for is said in its own line: a label has no blocks in it.
    fn ends_label(&mut self, event: &Event<'_>) -> bool {
        let is_inside = |tag: &Tag<'_>| {
            matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
        };
        let is_over = match event {
            Event::Start(tag) => !is_inside(tag),
            Event::End(tag) => matches!(tag, TagEnd::Item | TagEnd::Paragraph),
            _ => false,
        };
        let ends = self.is_label && is_over;
        self.is_label &= !is_over;
        ends
    }

    /// Headings are one below the other without a gap, whatever levels the author took, beginning below the heading above
    /// the text; there are six.
    fn heading<'e>(&self, is_end: bool) -> Shown<'e> {
        let slash = if is_end { "/" } else { "" };
        let end = if is_end { "\n" } else { "" };
        let html = match self.place {
            Some(Place { heading, .. }) => {
                format!("<{slash}h{}>{end}", (self.outline.len() + usize::from(heading)).min(6))
            }
            None if is_end => "</strong></p>\n".to_owned(),
            None => "<p><strong>".to_owned(),
        };
        vec![Event::Html(html.into())]
    }

    /// The text of a code block, and its end, where all of it is known.
    fn in_code<'e>(&mut self, event: Event<'e>) -> Shown<'e> {
        match (event, &mut self.code) {
            (Event::Text(text), Some((_, code))) => code.push_str(&text),
            (Event::End(TagEnd::CodeBlock), code) => {
                let (language, code) = code.take().unwrap_or_default();
                return vec![Event::Html(code::block(&language, &code, &mut self.highlighted).into())];
            }
            _ => (),
        }
        Vec::new()
    }

    /// The description of a picture is text, whatever Markdown is in it.
    fn in_picture<'e>(&mut self, event: Event<'e>) -> Shown<'e> {
        let Some(picture) = &mut self.picture else { return Vec::new() };
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => picture.alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => picture.alt.push(' '),
            Event::Start(Tag::Image { .. }) => picture.depth += 1,
            Event::End(TagEnd::Image) if picture.depth > 0 => picture.depth -= 1,
            Event::End(TagEnd::Image) => return self.end_picture(),
            _ => (),
        }
        Vec::new()
    }

    /// A picture of this site is shown; another is a link, since the reader's browser would tell that other site who reads.
    fn end_picture<'e>(&mut self) -> Shown<'e> {
        let Some(Pictured { url, title, alt, .. }) = self.picture.take() else { return Vec::new() };
        let known = self.place.and_then(|place| place.pictures.find(&url));
        if let Some(picture) = known {
            let tag = picture.tag(&alt, &title, self.page);
            self.first_picture.get_or_insert(Described { picture, alt });
            return vec![Event::InlineHtml(tag.into())];
        }
        let name = if alt.is_empty() { url.clone() } else { alt };
        match link::opening(&url, &title, self.page, self.rel()).filter(|_| self.links.is_empty()) {
            Some(opening) => {
                vec![Event::InlineHtml(opening.into()), Event::Text(name.into()), Event::InlineHtml("</a>".into())]
            }
            None => vec![Event::Text(name.into())],
        }
    }

    fn prefixed<'e>(&self, name: &str) -> CowStr<'e> {
        format!("{}{name}", self.place.map_or("", |place| place.prefix)).into()
    }

    /// What links say of where they lead.
    fn rel(&self) -> &'static str {
        if self.place.is_some() { "" } else { link::NOBODYS_ADVICE }
    }
}

fn tag<'e>(html: &'static str) -> Shown<'e> {
    vec![Event::InlineHtml(html.into())]
}

/// The first word of what stands behind the fence.
fn language(kind: &CodeBlockKind<'_>) -> String {
    match kind {
        CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default().to_owned(),
        CodeBlockKind::Indented => String::new(),
    }
}
