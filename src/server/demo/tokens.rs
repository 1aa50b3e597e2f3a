//! Access and refresh tokens: opaque, random, and held only as SHA-256 digests.
//!
//! One sign-in makes one *family*: the refresh token that is good now, and the last few access tokens. A token is
//! a kind, then the family's identity and a secret of its own. A refresh token of a living family that is not the
//! one good now has been used before, so no list of spent tokens is needed to notice a thief (RFC 9700, 4.14.2).

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::Lifetimes;
use super::people::Person;

const ACCESS: &str = "access_";
const REFRESH: &str = "refresh_";

/// How many sign-ins are remembered; the one that would end first makes room.
const MAX_FAMILIES: usize = 10_000;
/// How many access tokens of one sign-in can be good at a time.
const MAX_ACCESS_TOKENS: usize = 4;

type Digest = [u8; 32];
type FamilyName = [u8; 16];

/// A family, as the store knows it: the digest of the name that its tokens carry.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FamilyId(Digest);

impl FamilyId {
    fn of(name: &FamilyName) -> Self {
        Self(Sha256::digest(name).into())
    }
}

/// Who is calling, and by which sign-in.
#[derive(Clone, Copy)]
pub struct Caller {
    pub person: &'static Person,
    pub family: FamilyId,
}

/// What a sign-in or a refresh answers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenPair {
    /// Goes into the header `Authorization: Bearer …`.
    #[schema(example = "access_Zm9yIGV4YW1wbGU")]
    access_token: String,
    /// Buys the next pair, once.
    #[schema(example = "refresh_Zm9yIGV4YW1wbGU")]
    refresh_token: String,
    /// Seconds until the access token expires.
    #[schema(minimum = 0, example = 300)]
    expires_in: u64,
}

/// All tokens that are good now.
pub struct Tokens {
    lifetimes: Lifetimes,
    families: HashMap<FamilyId, Family>,
}

struct Family {
    person: &'static Person,
    access: VecDeque<Issued>,
    refresh: Option<Issued>,
}

struct Issued {
    digest: Digest,
    at: Instant,
}

impl Issued {
    fn now(token: &[u8]) -> Self {
        Self { digest: Sha256::digest(token).into(), at: Instant::now() }
    }

    fn is_alive(&self, lifetime: Duration) -> bool {
        self.at.elapsed() < lifetime
    }
}

impl Family {
    fn is_alive(&self, lifetimes: Lifetimes) -> bool {
        let refresh = self.refresh.as_ref().is_some_and(|token| token.is_alive(lifetimes.refresh));
        refresh || self.access.iter().any(|token| token.is_alive(lifetimes.access))
    }

    fn last_issued(&self) -> Option<Instant> {
        self.refresh.iter().chain(&self.access).map(|token| token.at).max()
    }
}

/// A token as somebody showed it: well formed, and so far no more than that.
struct Presented {
    family: FamilyName,
    digest: Digest,
}

impl Presented {
    fn read(kind: &str, token: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.strip_prefix(kind)?).ok()?;
        Some(Self { family: *bytes.first_chunk()?, digest: Sha256::digest(&bytes).into() })
    }
}

impl Tokens {
    pub fn new(lifetimes: Lifetimes) -> Self {
        Self { lifetimes, families: HashMap::new() }
    }

    /// Starts a family.
    pub fn sign_in(&mut self, person: &'static Person) -> TokenPair {
        self.make_room();
        let name: FamilyName = rand::random();
        let mut family = Family { person, access: VecDeque::new(), refresh: None };
        let pair = issue(name, &mut family, self.lifetimes);
        self.families.insert(FamilyId::of(&name), family);
        pair
    }

    /// Exchanges a refresh token for a new pair. Any other than the one that is good now ends the family.
    pub fn refresh(&mut self, token: &str) -> Option<TokenPair> {
        let presented = Presented::read(REFRESH, token)?;
        let id = FamilyId::of(&presented.family);
        let family = self.families.get_mut(&id)?;
        let good = family.refresh.take_if(|held| held.digest == presented.digest);
        if good.is_some_and(|held| held.is_alive(self.lifetimes.refresh)) {
            return Some(issue(presented.family, family, self.lifetimes));
        }
        self.end(id);
        None
    }

    /// Who holds this access token, if it is good.
    pub fn caller(&self, token: &str) -> Option<Caller> {
        let presented = Presented::read(ACCESS, token)?;
        let id = FamilyId::of(&presented.family);
        let family = self.families.get(&id)?;
        let held = family.access.iter().find(|held| held.digest == presented.digest)?;
        held.is_alive(self.lifetimes.access).then_some(Caller { person: family.person, family: id })
    }

    /// Ends the family of a token of either kind, also of one that has expired. Any other token changes nothing.
    pub fn end_family_of(&mut self, token: &str) {
        let presented = Presented::read(ACCESS, token).or_else(|| Presented::read(REFRESH, token));
        if let Some(presented) = presented {
            self.end(FamilyId::of(&presented.family));
        }
    }

    pub fn end(&mut self, family: FamilyId) {
        self.families.remove(&family);
    }

    pub fn expire_access(&mut self, family: FamilyId) {
        if let Some(family) = self.families.get_mut(&family) {
            family.access.clear();
        }
    }

    pub fn expire_refresh(&mut self, family: FamilyId) {
        if let Some(family) = self.families.get_mut(&family) {
            family.refresh = None;
        }
    }

    fn make_room(&mut self) {
        let lifetimes = self.lifetimes;
        self.families.retain(|_, family| family.is_alive(lifetimes));
        if self.families.len() >= MAX_FAMILIES {
            let idlest = self.families.iter().min_by_key(|(_, family)| family.last_issued());
            if let Some(id) = idlest.map(|(id, _)| *id) {
                self.end(id);
            }
        }
    }
}

/// Makes the next pair of a family. Older access tokens stay good for their time, as calls in flight need them.
fn issue(name: FamilyName, family: &mut Family, lifetimes: Lifetimes) -> TokenPair {
    let (access_token, access) = mint(ACCESS, name);
    let (refresh_token, refresh) = mint(REFRESH, name);
    family.refresh = Some(refresh);
    family.access.push_back(access);
    if family.access.len() > MAX_ACCESS_TOKENS {
        family.access.pop_front();
    }
    TokenPair { access_token, refresh_token, expires_in: lifetimes.access.as_secs() }
}

fn mint(kind: &str, name: FamilyName) -> (String, Issued) {
    let secret: [u8; 32] = rand::random();
    let token = [name.as_slice(), &secret].concat();
    (format!("{kind}{}", BASE64_URL_SAFE_NO_PAD.encode(&token)), Issued::now(&token))
}
