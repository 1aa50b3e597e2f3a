//! The people who can sign in to the shop.

use jiff::civil::{Date, date};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// What a person does in the shop.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Reader,
    Bookseller,
    Buyer,
}

/// A person with an account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Profile)]
pub struct Person {
    #[schema(minimum = 1, example = 1)]
    pub id: u32,
    #[schema(value_type = String, example = "Demo Reader")]
    pub name: &'static str,
    #[schema(value_type = String, example = "demo")]
    pub username: &'static str,
    #[schema(value_type = String, format = Email, example = "demo@bookshop.example")]
    pub email: &'static str,
    pub role: Role,
    /// The day the account was opened.
    #[schema(example = "2021-03-14")]
    pub member_since: Date,
}

/// Everybody has their username for a password, as the API's own description says.
pub static PEOPLE: [Person; 3] = [
    Person {
        id: 1,
        name: "Demo Reader",
        username: "demo",
        email: "demo@bookshop.example",
        role: Role::Reader,
        member_since: date(2021, 3, 14),
    },
    Person {
        id: 2,
        name: "Ada Lovelace",
        username: "ada",
        email: "ada@bookshop.example",
        role: Role::Bookseller,
        member_since: date(2019, 12, 10),
    },
    Person {
        id: 3,
        name: "Grace Hopper",
        username: "grace",
        email: "grace@bookshop.example",
        role: Role::Buyer,
        member_since: date(2020, 12, 9),
    },
];

/// The person with this name and password. An unknown name costs the same work as a wrong password, so that the
/// time taken does not say which names exist.
pub fn authenticate(username: &str, password: &str) -> Option<&'static Person> {
    let person = PEOPLE.iter().find(|person| person.username == username);
    let expected = Sha256::digest(person.map_or("nobody", |person| person.username));
    let right = Sha256::digest(password) == expected;
    person.filter(|_| right)
}
