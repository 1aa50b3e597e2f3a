//! What is never kept: values that look like secrets, by the name of their input or member, and by their format.

use serde_json::Value;

use crate::openapi::{MORE_QUERY, Operation, Values};

/// In the place of a value that is not kept.
const LEFT_OUT: &str = "(not kept)";

/// Parts of names, without case and punctuation.
const SECRET: [&str; 11] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "accesskey",
    "privatekey",
    "authorization",
    "credential",
    "signature",
    "sessionid",
];

const TOKEN: &str = "token";

/// What speaks of tokens that give nothing away: those of paging, and how many.
const HARMLESS: [&str; 7] =
    ["pagetoken", "nexttoken", "prevtoken", "continuationtoken", "tokencount", "maxtoken", "tokentype"];

/// The names of a form's inputs that hold whole bodies as text.
const BODY: &str = "body";

/// Whether something of this name is likely to be secret.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    let plain = plain(name);
    let is_token = plain.contains(TOKEN) && !HARMLESS.iter().any(|word| plain.contains(word));
    is_token || SECRET.iter().any(|word| plain.contains(word))
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Whether a text that nobody can read speaks of anything secret.
fn speaks_of_secrets(text: &str) -> bool {
    let plain = plain(text);
    plain.contains(TOKEN) || SECRET.iter().any(|word| plain.contains(word))
}

/// A form without its secrets, and the names of the inputs that have lost their value, or a part of it.
#[must_use]
pub fn form(operation: &Operation, values: &Values) -> (Values, Vec<String>) {
    let mut left_out: Vec<String> = Vec::new();
    let mut kept = Values::default();
    for (name, value) in values.iter() {
        match input(operation, name, value) {
            Kept::Whole => kept.push(name, value),
            Kept::Part(part) => {
                kept.push(name, part);
                left_out.push(name.to_owned());
            }
            Kept::Nothing => left_out.push(name.to_owned()),
        }
    }
    left_out.dedup();
    (kept, left_out)
}

/// What may be kept of a value.
enum Kept {
    Whole,
    Part(String),
    Nothing,
}

fn input(operation: &Operation, name: &str, value: &str) -> Kept {
    if value.is_empty() {
        return Kept::Whole;
    }
    let is_secret_query = || Values::parse(value).iter().any(|(name, _)| is_secret(name));
    if is_secret(name) || is_password(operation, name) || (name == MORE_QUERY && is_secret_query()) {
        return Kept::Nothing;
    }
    if name == BODY { text(value) } else { Kept::Whole }
}

fn is_password(operation: &Operation, name: &str) -> bool {
    let parameter = operation.parameters.iter().find(|parameter| parameter.input == name);
    parameter.is_some_and(|parameter| {
        is_secret(&parameter.name) || parameter.field.format.as_deref() == Some("password")
    })
}

/// Of JSON, its secret members are left out; of another text that speaks of secrets, everything.
fn text(text: &str) -> Kept {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else {
        return if speaks_of_secrets(text) { Kept::Nothing } else { Kept::Whole };
    };
    if json(&mut value) {
        serde_json::to_string_pretty(&value).map_or(Kept::Nothing, Kept::Part)
    } else {
        Kept::Whole
    }
}

/// Replaces the values of members that look secret, and answers whether there were any.
pub fn json(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => members.iter_mut().fold(false, |found, (name, member)| {
            let is_hidden = is_secret(name) && holds_text(member);
            if is_hidden {
                *member = Value::from(LEFT_OUT);
            }
            is_hidden | json(member) | found
        }),
        Value::Array(items) => items.iter_mut().fold(false, |found, item| json(item) | found),
        _ => false,
    }
}

/// Numbers, flags and empty texts give nothing away.
fn holds_text(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(holds_text),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openapi::Document;

    fn operation() -> Operation {
        let document = json!({ "openapi": "3.1.0", "paths": { "/x": { "post": {
            "operationId": "x",
            "parameters": [
                { "name": "pin", "in": "query", "schema": { "type": "string", "format": "password" } },
                { "name": "X-Api-Key", "in": "header", "schema": { "type": "string" } },
                { "name": "q", "in": "query", "schema": { "type": "string" } },
            ],
        } } } });
        let document = Document::from_json(document.to_string().as_bytes()).unwrap();
        document.operation(document.find("x").unwrap())
    }

    #[test]
    fn names_tell_secrets() {
        for name in [
            "password",
            "X-API-Key",
            "Authorization",
            "client_secret",
            "refreshToken",
            "accountToken",
            "page_access_token",
            "body/a/passWord",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["q", "pageToken", "next_page_token", "max_tokens", "tokenCount", "author", "key", "pass"]
        {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_form_is_kept_without_its_secrets() {
        let values = Values::parse(
            "q=lamp&pin=1234&X-Api-Key=k&pageToken=p&password=&body=%7B%22a%22%3A1%7D&~query=secret%3Dx",
        );
        let (kept, left_out) = form(&operation(), &values);
        assert_eq!(kept, Values::parse("q=lamp&pageToken=p&password=&body=%7B%22a%22%3A1%7D"));
        assert_eq!(left_out, ["pin", "X-Api-Key", MORE_QUERY]);
    }

    #[test]
    fn a_body_is_kept_without_its_secret_members() {
        let body = r#"{"user":"ann","login":[{"password":"p","tokens":["t"],"token_count":3}],"secret":""}"#;
        let values: Values = [("body", body)].into_iter().collect();
        let (kept, left_out) = form(&operation(), &values);
        let kept: Value = serde_json::from_str(kept.first("body").unwrap()).unwrap();
        let login = json!([{ "password": LEFT_OUT, "tokens": LEFT_OUT, "token_count": 3 }]);
        assert_eq!(kept, json!({ "user": "ann", "login": login, "secret": "" }));
        assert_eq!(left_out, ["body"]);
    }

    #[test]
    fn a_body_that_is_no_json_is_kept_whole_or_not_at_all() {
        for (body, is_kept) in [("<a>1</a>", true), ("{\"name\":", true), ("{\"password\": \"p\"", false)] {
            let (kept, _) = form(&operation(), &[("body", body)].into_iter().collect());
            assert_eq!(kept.first("body"), is_kept.then_some(body));
        }
    }
}
