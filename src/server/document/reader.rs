//! From the place of a document to a version of it, with everything that it refers to.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{runtime::Handle, sync::Mutex, time::Instant};
use url::Url;

use super::place::{self, Asker, Digest, Found, Stamp};
use crate::{
    openapi::{Bundle, Document, DocumentError},
    server::{config::UpstreamSettings, upstream::Transient},
};

/// Documents that one may refer to. Real ones that are spread over files have up to 1,500.
const MOST_PARTS: usize = 2000;
/// Documents between the first one and another.
const DEEPEST: usize = 32;
/// How long it may take to get all of them, or to see whether they have changed.
const LONGEST: Duration = Duration::from_mins(1);
/// How long it may take to get them and to put them together.
const LONGEST_READING: Duration = Duration::from_mins(3);

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("it cannot be fetched: {}", .0.sentence())]
    Fetch(Transient),
    #[error("the API answered {0} instead of it")]
    Status(u16),
    #[error("its file cannot be read")]
    File(#[from] std::io::Error),
    #[error("its file lies outside of the document's folder")]
    OutsideFolder,
    #[error("it is larger than {}", bytesize::ByteSize(u64::try_from(*.0).unwrap_or(u64::MAX)))]
    TooLarge(usize),
    #[error("it cannot be understood: {0}")]
    Document(#[from] DocumentError),
    #[error("it is no OpenAPI document")]
    AnotherKind,
    #[error("reading it takes longer than {} minutes", LONGEST_READING.as_secs() / 60)]
    TooSlow,
    #[error("the session of the person who asked has ended")]
    SessionEnded,
    #[error("reading it did not come to an end")]
    Aborted(#[from] tokio::task::JoinError),
    #[error("a document that it refers to cannot be had: {0}")]
    Part(Box<ReadError>),
}

impl ReadError {
    /// Whether the same may go well a moment later.
    fn is_passing(&self) -> bool {
        match self {
            Self::Fetch(_) | Self::SessionEnded => true,
            Self::Status(status) => *status == 429 || *status >= 500,
            _ => false,
        }
    }
}

/// One version of the document, and the parts it was made of: the document itself first.
#[derive(Debug)]
pub struct Version {
    pub document: Arc<Document>,
    parts: Vec<Part>,
    /// Why a part is missing that may be there a moment later.
    missing: Option<ReadError>,
}

/// A part as it was found. Without a digest there was nothing.
#[derive(Debug, Clone)]
pub struct Part {
    pub place: Url,
    pub stamp: Stamp,
    pub digest: Option<Digest>,
}

/// Reads the document of one API.
#[derive(Debug, Clone)]
pub struct Reader {
    place: Url,
    largest: usize,
    longest: Duration,
    alone: Arc<Mutex<()>>,
}

/// What a first look has shown: the document, or that it is what it was.
pub struct Look(Option<Found>);

impl Version {
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether all is there that is to be had.
    pub fn is_whole(&self) -> bool {
        self.missing.is_none()
    }

    /// By what the same document is known again, whoever got it.
    pub fn digest(&self) -> Option<Digest> {
        self.parts.first().and_then(|main| main.digest)
    }
}

impl Reader {
    pub fn new(settings: &UpstreamSettings, base: &Url) -> Self {
        let (place, largest) = (place::of(settings, base), settings.max_document);
        Self { place, largest, longest: LONGEST_READING, alone: Arc::default() }
    }

    /// Where the document itself is.
    pub fn place(&self) -> &Url {
        &self.place
    }

    /// Fetches the document itself, unless it is what it was in `last`.
    pub async fn look(&self, asker: &Asker, last: Option<&Version>) -> Result<Look, ReadError> {
        let known = last.and_then(|last| last.parts.first()).map(|main| &main.stamp);
        place::fetch(asker, &self.place, &self.place, known, self.largest).await.map(Look)
    }

    /// The version that the look has shown: `last` or one that `find` knows, where nothing has changed since, else
    /// a new one. It is made on a thread where nobody waits for anything else. One that lacks a part for the moment takes
    /// no whole one's place.
    pub async fn settle(
        &self,
        asker: &Asker,
        look: Look,
        last: Option<Arc<Version>>,
        find: impl Fn(&Digest) -> Option<Arc<Version>>,
    ) -> Result<Arc<Version>, ReadError> {
        let replaces = last.as_ref().is_some_and(|last| last.is_whole());
        let known = match &look.0 {
            None => last,
            Some(found) => {
                last.filter(|last| last.digest() == Some(found.digest)).or_else(|| find(&found.digest))
            }
        };
        if let Some(version) = known
            && self.is_unchanged(asker, &version).await
        {
            return Ok(version);
        }
        let main = match look.0 {
            Some(found) => found,
            None => self.look(asker, None).await?.0.ok_or(ReadError::Status(304))?,
        };
        let reading = self.read(asker.clone(), main);
        let read = tokio::time::timeout(self.longest, reading).await.unwrap_or(Err(ReadError::TooSlow))?;
        match read.missing {
            Some(why) if replaces => Err(ReadError::Part(Box::new(why))),
            missing => Ok(Arc::new(Version { missing, ..read })),
        }
    }

    /// A thread cannot be stopped: who comes after one that has not ended waits for it.
    async fn read(&self, asker: Asker, main: Found) -> Result<Version, ReadError> {
        let alone = self.alone.clone().lock_owned().await;
        let reader = self.clone();
        let read = move || {
            let read = Handle::current().block_on(reader.gather(&asker, main));
            drop(alone);
            read
        };
        tokio::task::spawn_blocking(read).await?
    }

    /// Whether all parts but the first are what they were. Where it takes too long to see, they are.
    async fn is_unchanged(&self, asker: &Asker, version: &Version) -> bool {
        let ends_at = Instant::now() + LONGEST;
        for part in version.parts.iter().skip(1) {
            let now = place::fetch(asker, &self.place, &part.place, Some(&part.stamp), self.largest);
            let is_same = match tokio::time::timeout_at(ends_at, now).await {
                Ok(Ok(None)) => true,
                Ok(Ok(Some(found))) => part.digest == Some(found.digest),
                Ok(Err(error)) => part.digest.is_none() || error.is_passing(),
                Err(_) => return true,
            };
            if !is_same {
                return false;
            }
        }
        true
    }

    /// Puts the document together with all that it refers to.
    async fn gather(&self, asker: &Asker, main: Found) -> Result<Version, ReadError> {
        let mut bundle = Bundle::new(&main.bytes)?;
        let mut gathering = Gathering::begin(self, asker, &main);
        drop(main);
        let mut part = 0;
        while part < bundle.len() {
            for reference in bundle.references(part) {
                let target = gathering.follow(&mut bundle, part, &reference).await;
                bundle.link(part, reference, target);
            }
            // Whoever is not signed in any more would be told that nothing is there.
            if matches!(gathering.missing, Some(ReadError::SessionEnded)) {
                return Err(ReadError::SessionEnded);
            }
            part += 1;
        }
        let document = bundle.open()?;
        if document.operations().is_empty() && !document.names_its_version() {
            return Err(ReadError::AnotherKind);
        }
        let Gathering { parts, missing, .. } = gathering;
        Ok(Version { document: Arc::new(document), parts, missing })
    }
}

/// What was found so far, and what may still be asked for.
struct Gathering<'a> {
    reader: &'a Reader,
    asker: &'a Asker,
    /// Where each part of the bundle is, and how many documents lead to it.
    places: Vec<(Url, usize)>,
    numbers: HashMap<Url, usize>,
    lost: HashMap<Url, String>,
    parts: Vec<Part>,
    /// The last failure that may pass.
    missing: Option<ReadError>,
    bytes_left: usize,
    ends_at: Instant,
}

impl<'a> Gathering<'a> {
    fn begin(reader: &'a Reader, asker: &'a Asker, main: &Found) -> Self {
        let part = Part { place: reader.place.clone(), stamp: main.stamp.clone(), digest: Some(main.digest) };
        Self {
            reader,
            asker,
            places: vec![(reader.place.clone(), 0)],
            numbers: HashMap::from([(reader.place.clone(), 0)]),
            lost: HashMap::new(),
            parts: vec![part],
            missing: None,
            bytes_left: reader.largest.saturating_sub(main.bytes.len()),
            ends_at: Instant::now() + LONGEST,
        }
    }

    /// The number of the part that a reference leads to, or why there is none.
    async fn follow(&mut self, bundle: &mut Bundle, from: usize, reference: &str) -> Result<usize, String> {
        let (base, depth) = self.places.get(from).ok_or("It is not clear where the reference leads.")?;
        let depth = depth + 1;
        let place = base.join(reference).map_err(|_| "The reference is no address.")?;
        if let Some(known) = self.numbers.get(&place) {
            return Ok(*known);
        }
        if let Some(why) = self.lost.get(&place) {
            return Err(why.clone());
        }
        let added = self.add(bundle, &place, depth, reference).await;
        if let Err(why) = &added {
            self.lost.insert(place, why.clone());
        }
        added
    }

    async fn add(
        &mut self,
        bundle: &mut Bundle,
        place: &Url,
        depth: usize,
        name: &str,
    ) -> Result<usize, String> {
        self.may_follow(place, depth)?;
        let fetched = place::fetch(self.asker, &self.reader.place, place, None, self.bytes_left);
        let found = tokio::time::timeout_at(self.ends_at, fetched)
            .await
            .unwrap_or(Err(ReadError::Fetch(Transient::TimedOut)))
            .and_then(|found| found.ok_or(ReadError::Status(304)));
        let digest = found.as_ref().ok().map(|found| found.digest);
        let stamp = found.as_ref().map_or(Stamp::Missing, |found| found.stamp.clone());
        self.parts.push(Part { place: place.clone(), stamp, digest });
        let added = found.and_then(|found| {
            self.bytes_left = self.bytes_left.saturating_sub(found.bytes.len());
            Ok(bundle.add(name, &found.bytes)?)
        });
        let number = added.map_err(|error| self.told(error))?;
        self.places.push((place.clone(), depth));
        self.numbers.insert(place.clone(), number);
        Ok(number)
    }

    /// Why a part is left out.
    fn told(&mut self, error: ReadError) -> String {
        let why = format!("The document that it refers to is left out: {error}.");
        if error.is_passing() {
            self.missing = Some(error);
        }
        why
    }

    fn may_follow(&self, place: &Url, depth: usize) -> Result<(), &'static str> {
        if !place::is_allowed(&self.reader.place, place) {
            return Err("The reference leads to another site, where nothing is fetched.");
        }
        if self.parts.len() > MOST_PARTS || depth > DEEPEST {
            return Err("The document refers to too many others to follow them all.");
        }
        if Instant::now() >= self.ends_at {
            return Err("The document refers to others that took too long to fetch.");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::tests::app::App;

    #[tokio::test]
    async fn a_reading_that_does_not_end_is_given_up() {
        let app = App::start().await;
        let reader = Reader { longest: Duration::from_millis(50), ..app.state.document().reader.clone() };
        let asker = Asker::Nobody(app.state.clone());
        let before = reader.alone.clone().lock_owned().await;
        let look = || async { reader.look(&asker, None).await.unwrap() };
        let given_up = reader.settle(&asker, look().await, None, |_| None).await;
        assert_eq!(given_up.unwrap_err().to_string(), "reading it takes longer than 3 minutes");
        drop(before);
        let reader = Reader { longest: LONGEST_READING, ..reader };
        let look = reader.look(&asker, None).await.unwrap();
        assert!(reader.settle(&asker, look, None, |_| None).await.is_ok());
    }
}
