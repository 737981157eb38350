//! Pages that were made, kept until something is written.
//!
//! Everything is kept under the generation of the database that it was made from: after a commit nobody asks for it any
//! more, and what is asked for takes its place. Nothing personal is kept: a page is kept as its template made it, for
//! everybody, and as the answers that those get who are not logged in.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use quick_cache::sync::{Cache as Memory, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Equivalent, OptionsBuilder, Weighter};

use super::answer::Answer;
use super::coding::Coding;
use super::look::Look;
use super::rendered::Rendered;

/// Parts of the memory that are locked, and filled, each on its own.
const SHARDS: usize = 2;
/// What an entry takes besides what it holds, in bytes: its place in the map and in the queues, and what the allocator adds
/// to each of its parts.
const ENTRY_BYTES: usize = 400;
/// Bytes of an ordinary page: how many entries to reckon with.
const PAGE_BYTES: usize = 8192;

/// What a page depends on besides who reads it, as a request says it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The state of the database.
    pub(super) generation: u64,
    /// What the address of the site, as this client knows it, is made from.
    pub(super) site: [&'a [u8]; 3],
    /// The path, and the query if the page depends on it.
    pub(super) target: &'a str,
    /// In which language, and light or dark.
    pub(super) look: Look,
    /// How the body is sent.
    pub(super) coding: Coding,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    generation: u64,
    site: [Box<[u8]>; 3],
    target: Box<str>,
    look: Look,
    coding: Coding,
}

impl Asked<'_> {
    fn key(&self) -> Key {
        Key {
            generation: self.generation,
            site: self.site.map(Box::from),
            target: self.target.into(),
            look: self.look,
            coding: self.coding,
        }
    }
}

impl Key {
    fn asked(&self) -> Asked<'_> {
        let site = self.site.each_ref().map(AsRef::as_ref);
        Asked { generation: self.generation, site, target: &self.target, look: self.look, coding: self.coding }
    }

    fn bytes(&self) -> usize {
        ENTRY_BYTES + self.target.len() + self.site.iter().map(|part| part.len()).sum::<usize>()
    }
}

impl Hash for Asked<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.generation, self.site, self.target, self.look, self.coding).hash(state);
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.asked().hash(state);
    }
}

impl Equivalent<Key> for Asked<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        let other = key.asked();
        (self.generation, self.target, self.look, self.site, self.coding)
            == (other.generation, other.target, other.look, other.site, other.coding)
    }
}

/// Something whose memory counts.
trait Weighed {
    fn bytes(&self) -> usize;
}

impl Weighed for Rendered {
    fn bytes(&self) -> usize {
        Self::bytes(self)
    }
}

impl Weighed for Answer {
    fn bytes(&self) -> usize {
        Self::bytes(self)
    }
}

#[derive(Clone, Debug)]
struct ByBytes;

impl<V: Weighed> Weighter<Key, Arc<V>> for ByBytes {
    fn weight(&self, key: &Key, value: &Arc<V>) -> u64 {
        (key.bytes() + value.bytes()) as u64
    }
}

/// Pages, and answers made from them, in bounded memory: what is asked for seldom goes first.
#[derive(Debug)]
pub(super) struct Cache {
    pages: Memory<Key, Arc<Rendered>, ByBytes>,
    answers: Memory<Key, Arc<Answer>, ByBytes>,
}

impl Cache {
    /// Keeps at most so many bytes.
    pub(super) fn new(bytes_max: usize) -> Self {
        Self { pages: memory(bytes_max / 2), answers: memory(bytes_max / 2) }
    }

    /// How many pages and answers are kept.
    pub(super) fn entries(&self) -> [usize; 2] {
        [self.pages.len(), self.answers.len()]
    }

    /// How much memory they take, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.pages.weight() + self.answers.weight()
    }

    /// The answer, if it is there.
    pub(super) fn answer(&self, asked: &Asked<'_>) -> Option<Arc<Answer>> {
        self.answers.get(asked)
    }

    /// The page, if it is there.
    pub(super) fn page(&self, asked: &Asked<'_>) -> Option<Arc<Rendered>> {
        self.pages.get(&Asked { coding: Coding::Identity, ..*asked })
    }

    /// The answer, which one of those who ask for it at a time makes if it is not there.
    pub(super) async fn answer_or<E>(
        &self,
        asked: &Asked<'_>,
        make: impl Future<Output = Result<Answer, E>>,
    ) -> Result<Arc<Answer>, E> {
        get_or(&self.answers, asked, make).await
    }

    /// The page, which one of those who ask for it at a time makes if it is not there.
    pub(super) async fn page_or<E>(
        &self,
        asked: &Asked<'_>,
        make: impl Future<Output = Result<Rendered, E>>,
    ) -> Result<Arc<Rendered>, E> {
        get_or(&self.pages, &Asked { coding: Coding::Identity, ..*asked }, make).await
    }
}

fn memory<V: Weighed>(bytes_max: usize) -> Memory<Key, Arc<V>, ByBytes> {
    let (pages, weight) = (bytes_max / PAGE_BYTES, bytes_max as u64);
    let options = OptionsBuilder::new().shards(SHARDS).estimated_items_capacity(pages).weight_capacity(weight).build();
    match options {
        Ok(options) => {
            Memory::with_options(options, ByBytes, DefaultHashBuilder::default(), DefaultLifecycle::default())
        }
        Err(_) => Memory::with_weighter(pages, weight, ByBytes), // it says so where one of the two is not set
    }
}

async fn get_or<V: Weighed, E>(
    memory: &Memory<Key, Arc<V>, ByBytes>,
    asked: &Asked<'_>,
    make: impl Future<Output = Result<V, E>>,
) -> Result<Arc<V>, E> {
    memory.get_or_insert_async(&asked.key(), async { make.await.map(Arc::new) }).await
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;
    use crate::language::Language;
    use crate::preference::Theme;

    const LOOK: Look = Look { language: Language::ENGLISH, theme: Theme::Auto };

    fn asked(target: &str) -> Asked<'_> {
        Asked { generation: 1, site: [b"blog", b"", b""], target, look: LOOK, coding: Coding::Identity }
    }

    /// Makes a page of so many bytes, in a moment.
    async fn make(bytes: usize, made: &AtomicUsize) -> Result<Rendered, ()> {
        tokio::task::yield_now().await;
        made.fetch_add(1, Relaxed);
        Ok(Rendered::new("x".repeat(bytes)))
    }

    /// Of all who want a page one makes it; who wants another, of another state or for another site, makes that.
    #[tokio::test]
    async fn made_once() {
        let (cache, made) = (Cache::new(1_000_000), AtomicUsize::new(0));
        let (cache, made) = (&cache, &made);
        let want = |asked| async move { cache.page_or(&asked, make(9, made)).await.unwrap().bytes() };
        let (first, second, third) = tokio::join!(want(asked("/")), want(asked("/")), want(asked("/1")));
        assert_eq!((first, second, third, made.load(Relaxed)), (first, first, first, 2));
        want(asked("/")).await;
        assert_eq!(made.load(Relaxed), 2);
        want(Asked { generation: 2, ..asked("/") }).await;
        want(Asked { site: [b"other", b"", b""], ..asked("/") }).await;
        want(Asked { site: [b"blog", b"https", b""], ..asked("/") }).await;
        want(Asked { look: Look { theme: Theme::Dark, ..LOOK }, ..asked("/") }).await;
        assert_eq!(made.load(Relaxed), 6);
    }

    /// Who makes a page and fails, or goes away, does not keep the others from it.
    #[tokio::test]
    async fn made_by_the_next() {
        let (cache, made) = (Cache::new(1_000_000), AtomicUsize::new(0));
        assert!(cache.page_or(&asked("/"), async { Err::<Rendered, ()>(()) }).await.is_err());
        let front = asked("/");
        let gone = cache.page_or(&front, std::future::pending::<Result<Rendered, ()>>());
        assert!(tokio::time::timeout(std::time::Duration::from_millis(1), gone).await.is_err());
        assert!(cache.page_or(&asked("/"), make(9, &made)).await.is_ok());
        assert_eq!(made.load(Relaxed), 1);
    }

    /// However many pages are made, and however long, what is kept stays within its bytes.
    #[tokio::test]
    async fn bounded() {
        let (cache, made) = (Cache::new(200_000), AtomicUsize::new(0));
        for number in 0..1000 {
            let target = format!("/{number}");
            cache.page_or(&asked(&target), make(1000 + 200 * (number % 100), &made)).await.unwrap();
            assert!(cache.pages.weight() <= 100_000);
        }
        assert!(cache.pages.len() > 3);
        cache.page_or(&asked("/huge"), make(300_000, &made)).await.unwrap();
        assert!(cache.pages.weight() <= 100_000);
        let before = made.load(Relaxed);
        cache.page_or(&asked("/huge"), make(300_000, &made)).await.unwrap();
        assert_eq!(made.load(Relaxed), before + 1, "what is too long is not kept");
    }
}
