//! What crosses between server and page, besides the `OpenAPI` types of [`crate::openapi`].

mod account;
mod asking;
mod history;
pub mod reading;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::reading::{EventsView, KeptLink, ListView, PathsView, TextView};
use crate::{
    error::{ServerFnError, Transient},
    openapi::{FieldError, Note, Operation, OperationSummary, Reason, ResponseDetail, Server, Values},
};

pub use account::{SignedInSession, SignedInSessions};
pub use asking::{BodyEntry, Intent, Preview, SEND, Step};
pub use history::{
    Comparison, DiffLine, HistoryPage, Past, PastAnswer, PastExchange, PastOperation, PastOutcome,
    PastRequest,
};

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Tells people apart, also those of one name, and says nothing else.
    pub id: String,
    pub name: String,
    pub username: String,
}

/// The person as the API describes them: its answer to the "me" call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    pub person: Person,
    /// Null when this API does not tell.
    pub details: Value,
}

/// What this API is, by its document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiSummary {
    pub title: String,
    pub version: Option<String>,
    pub description: Option<String>,
    pub base_url: String,
    pub operations: u32,
    pub tags: Vec<(String, u32)>,
    /// Why the document cannot be read, for people.
    pub problem: Option<String>,
}

/// The index of operations.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OperationIndex {
    /// The one tag that was asked for.
    pub tag: Option<String>,
    /// How many there are, each counted once.
    pub operations: u32,
    /// The number of the first that is shown of the one tag, from 0.
    pub from: u32,
    pub groups: Vec<OperationGroup>,
    /// What is wrong with the document as a whole.
    pub notes: Vec<Note>,
}

/// The operations of one tag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationGroup {
    pub tag: String,
    pub description: Option<String>,
    pub count: u32,
    /// All of them, or as many as a page shows; none in the index of a document that has too many for one.
    pub operations: Vec<OperationSummary>,
}

/// What a search has found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchResults {
    pub query: String,
    /// The best of them.
    pub results: Vec<SearchResult>,
    /// How many there are.
    pub found: u32,
    /// Operations of the whole document.
    pub total: u32,
    /// Whether these hold most of the words, because none holds all.
    pub partial: bool,
    /// Where nothing is found: words that are.
    pub suggestions: Vec<String>,
}

/// One operation that a search has found. Texts are in pieces, each with whether it is what was searched for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchResult {
    pub operation: OperationSummary,
    pub name: Vec<(String, bool)>,
    pub path: Vec<(String, bool)>,
    pub reasons: Vec<Reason>,
}

/// What a search shows while somebody types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHtml {
    /// One sentence: how many were found.
    pub status: String,
    pub html: String,
}

/// One operation with its form as it is filled in, and what came of sending it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationPage {
    pub operation: Operation,
    pub values: Values,
    pub body: BodyEntry,
    pub problems: Vec<FieldError>,
    pub step: Step,
    /// What one of its answers holds, when somebody has asked for it.
    pub detail: Option<Box<ResponseDetail>>,
    /// The request, when somebody wants to see it first.
    pub preview: Option<Box<Preview>>,
    pub outcome: Outcome,
    /// The person's latest requests of this operation, newest first.
    pub latest: Vec<Past>,
}

/// A server that the document names for an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerChoice {
    pub server: Server,
    /// Where it leads with what is filled in.
    pub address: String,
    pub is_chosen: bool,
    /// Why nothing is sent there, as one sentence.
    pub refused: Option<String>,
}

/// What came of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// Nothing was sent: the form is open.
    NotSent,
    /// Nothing was sent, because a link of another site filled the form in.
    HeldBack,
    /// Nothing was sent: what the person had typed when their session ended fills the form in.
    Restored,
    Answered(Box<AnswerView>),
    Failed(ServerFnError),
}

/// An answer of the API, ready to be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerView {
    pub status: u16,
    /// The status in words.
    pub reason: String,
    pub elapsed_ms: u32,
    /// Bytes of the body.
    pub size: u64,
    pub media_type: String,
    pub headers: Vec<(String, String)>,
    /// The API's own words about it.
    pub message: Option<String>,
    /// What the document says about this status.
    pub meaning: Option<String>,
    /// What is wrong with the answer itself, such as HTML where the document promises JSON.
    pub problem: Option<Transient>,
    /// What the answer says of itself and is not.
    pub notes: Vec<String>,
    /// Where the rest of it is read.
    pub kept: Option<KeptLink>,
    pub body: AnswerBody,
}

/// The body of an answer, by how it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AnswerBody {
    Empty,
    Json {
        /// The data inside an envelope, or the whole.
        data: Value,
        /// What an envelope says of the data.
        about: Map<String, Value>,
        /// The whole body, indented.
        source: String,
    },
    List(Box<ListView>),
    Paths(PathsView),
    Text(TextView),
    /// A picture: as a `data:` URL, which runs no script, or fetched when there is none.
    Image(Option<String>),
    Pdf,
    /// HTML as text.
    Page(TextView),
    Events(EventsView),
    /// Nothing that can be shown.
    Binary,
}

/// An answer that is kept, on a page of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerPage {
    pub operation: OperationSummary,
    pub answer: AnswerView,
}

/// Times of one session, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionTimes {
    pub signed_in_at: u64,
    pub seen_at: u64,
    /// When it ends if nobody uses it again.
    pub idle_ends_at: u64,
    /// When it ends however busy it is.
    pub ends_at: u64,
}

/// A sign-in that did not work, to be shown on the login page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginAttempt {
    pub username: String,
    pub next: String,
    pub problem: LoginProblem,
}

/// Why somebody is not signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginProblem {
    Wrong,
    /// There have been too many attempts; and how long to wait, where that is known.
    TooMany(Option<Duration>),
    Transient(Transient),
}

impl LoginProblem {
    /// What happened, for people. The same for an unknown name and a wrong password.
    pub fn sentence(&self) -> String {
        match self {
            Self::Wrong => "Wrong user name or password.".into(),
            Self::TooMany(None) => "Too many attempts. Wait a little, then try again.".into(),
            Self::TooMany(Some(wait)) => format!("Too many attempts. Try again in {}.", minutes(*wait)),
            Self::Transient(transient) => format!("{} Try again in a moment.", transient.sentence()),
        }
    }

    /// How long to wait before the next attempt, where that is known.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::TooMany(wait) => *wait,
            Self::Wrong | Self::Transient(_) => None,
        }
    }

    /// The status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::Wrong => 401,
            Self::TooMany(_) => 429,
            Self::Transient(transient) => transient.status(),
        }
    }
}

/// No shorter than the time is.
fn minutes(time: Duration) -> String {
    match time.as_secs().div_ceil(60) {
        0 | 1 => "a minute".into(),
        minutes => format!("{minutes} minutes"),
    }
}

impl Outcome {
    /// The status of a page that shows it: that of the API's refusal, or of what kept its answer away.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotSent | Self::HeldBack | Self::Restored => 200,
            Self::Failed(error) => error.status(),
            Self::Answered(answer) => match (&answer.problem, answer.status) {
                (Some(problem), _) => problem.status(),
                (None, status @ 400..=499) => status,
                (None, 500..) => 502,
                (None, _) => 200,
            },
        }
    }
}
