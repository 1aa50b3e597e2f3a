use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// The most that is kept of what a browser says of itself, in bytes.
const LONGEST_AGENT: usize = 512;

/// How a session began: what its person sees of it elsewhere, and an operator in the list of sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// By what name somebody signed in.
    pub person: String,
    /// The browser's `User-Agent`.
    pub agent: String,
    /// The browser's address.
    pub address: IpAddr,
}

impl About {
    /// The session of a person whose browser says `agent`, any bytes at all, and stands at `address`.
    #[must_use]
    pub fn new(person: &str, agent: &[u8], address: IpAddr) -> Self {
        let agent = agent.get(..LONGEST_AGENT).unwrap_or(agent);
        Self { person: person.to_owned(), agent: String::from_utf8_lossy(agent).into_owned(), address }
    }
}
