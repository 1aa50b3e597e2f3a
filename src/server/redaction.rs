//! What is never kept: values that look like secrets, by the name of their input or member, and by their format.

use std::{cell::RefCell, collections::HashMap};

use serde_json::Value;

use crate::{
    json_pointer::escaped,
    openapi::{BODY, Document, Field, Kind, MORE_QUERY, Operation, PASSWORD, Parameter, Values},
};

/// In the place of a value that is not kept.
const LEFT_OUT: &str = "(not kept)";

/// Parts of names, without case and punctuation.
const SECRET: [&str; 14] = [
    "password",
    "passwd",
    "pwd",
    "jwt",
    "cookie",
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

/// Words of names that are too short to be looked for inside of others. What they name may be a number.
const CODES: [&str; 3] = ["pin", "otp", "totp"];

/// What speaks of tokens that give nothing away: those of paging, and how many.
const HARMLESS: [&str; 7] =
    ["pagetoken", "nexttoken", "prevtoken", "continuationtoken", "tokencount", "maxtoken", "tokentype"];

/// Whether something of this name is likely to be secret.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    let plain = plain(name);
    let is_token = plain.contains(TOKEN) && !HARMLESS.iter().any(|word| plain.contains(word));
    is_token || SECRET.iter().any(|word| plain.contains(word)) || is_code(name)
}

fn is_code(name: &str) -> bool {
    words(name).iter().any(|word| CODES.contains(&word.as_str()))
}

/// The words of a name: `userPin`, `user_pin` and `user/PIN` have two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_small = false;
    for letter in name.chars() {
        if !letter.is_ascii_alphanumeric() || (is_small && letter.is_ascii_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_ascii_alphanumeric()) {
            word.push(letter.to_ascii_lowercase());
        }
        is_small = letter.is_ascii_lowercase();
    }
    words
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Whether a text that nobody can read speaks of anything secret.
fn speaks_of_secrets(text: &str) -> bool {
    let plain = plain(text);
    plain.contains(TOKEN) || SECRET.iter().any(|word| plain.contains(word))
}

/// A form without its secrets, and the names of the inputs that have lost their value, or a part of it. The document
/// tells the formats of what is in a body.
#[must_use]
pub fn form(document: Option<&Document>, operation: &Operation, values: &Values) -> (Values, Vec<String>) {
    let secrets = Secrets { document, operation, known: RefCell::default() };
    let mut left_out: Vec<String> = Vec::new();
    let mut kept = Values::default();
    for (name, value) in values.iter() {
        match secrets.kept(name, value) {
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

/// What is secret in the form of an operation.
struct Secrets<'a> {
    document: Option<&'a Document>,
    operation: &'a Operation,
    /// Which parts of the body are passwords, as far as it was asked: the same for every item of a list.
    known: RefCell<HashMap<String, bool>>,
}

impl Secrets<'_> {
    /// Of JSON, its secret members are left out; of another body that speaks of secrets, everything.
    fn kept(&self, input: &str, value: &str) -> Kept {
        if value.is_empty() {
            return Kept::Whole;
        }
        let is_secret_query = || Values::parse(value).iter().any(|(name, _)| is_secret(name));
        if is_secret(input) || self.is_password(input, "") || (input == MORE_QUERY && is_secret_query()) {
            return Kept::Nothing;
        }
        let Ok(mut json) = serde_json::from_str::<Value>(value) else {
            let speaks = input == BODY && speaks_of_secrets(value);
            return if speaks { Kept::Nothing } else { Kept::Whole };
        };
        if hide(&mut json, "", Hidden::Nothing, &|pointer| self.is_password(input, pointer)) {
            serde_json::to_string_pretty(&json).map_or(Kept::Nothing, Kept::Part)
        } else {
            Kept::Whole
        }
    }

    /// Whether an input, or the part of its JSON at a pointer, is a password by its format.
    fn is_password(&self, input: &str, pointer: &str) -> bool {
        match input.strip_prefix(BODY) {
            Some(inside) if inside.is_empty() || inside.starts_with('/') => {
                self.is_password_in_body(&format!("{inside}{pointer}"))
            }
            _ => self.operation.parameters.iter().any(|parameter| is_password_of(parameter, input, pointer)),
        }
    }

    fn is_password_in_body(&self, pointer: &str) -> bool {
        let Some((document, body)) = self.document.zip(self.operation.body.as_ref()) else { return false };
        let any_row = |name| if str::parse::<usize>(name).is_ok() { "*" } else { name };
        let spot = pointer.split('/').map(any_row).collect::<Vec<_>>().join("/");
        let find = || document.is_password(&self.operation.summary, &body.media_type, pointer);
        *self.known.borrow_mut().entry(spot).or_insert_with(find)
    }
}

/// Whether `input` belongs to this parameter and is a password: as a whole by its name or format, one of its members or
/// the part at `pointer` by their format.
fn is_password_of(parameter: &Parameter, input: &str, pointer: &str) -> bool {
    let inside = match input.strip_prefix(&parameter.input) {
        Some("") if is_secret(&parameter.name) => return true,
        Some("") => pointer.to_owned(),
        Some(member) => match member.strip_prefix('[').and_then(|member| member.strip_suffix(']')) {
            Some(member) => format!("/{member}{pointer}"),
            None => return false,
        },
        None => return false,
    };
    let part = inside.split('/').skip(1).try_fold(&parameter.field, |field, name| match &field.kind {
        Kind::List(item) => Some(&**item),
        Kind::Object(members) => {
            let named = members.named.iter().find(|member| member.name == name);
            named.map(|member| &member.field).or(members.others.as_deref())
        }
        _ => None,
    });
    let has_format = |field: &Field| field.format.as_deref() == Some(PASSWORD);
    part.is_some_and(|part| match &part.kind {
        Kind::List(item) => has_format(item),
        _ => has_format(part),
    })
}

/// A text that nobody can read: all of it, or in its place that it is not kept.
pub fn text(text: &str) -> String {
    if speaks_of_secrets(text) { LEFT_OUT } else { text }.to_owned()
}

/// Replaces what lies in members that look secret, and answers whether there was anything.
pub fn json(value: &mut Value) -> bool {
    hide(value, "", Hidden::Nothing, &|_| false)
}

/// What is hidden of a value for the names that lead to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hidden {
    Nothing,
    /// Numbers, flags and empty texts give nothing away.
    Texts,
    TextsAndNumbers,
}

impl Hidden {
    fn by(name: &str) -> Self {
        if is_code(name) {
            Self::TextsAndNumbers
        } else if is_secret(name) {
            Self::Texts
        } else {
            Self::Nothing
        }
    }
}

/// Replaces what lies in members that look secret, and texts of which `is_password` says so by their JSON Pointer.
/// Answers whether there was anything.
fn hide(value: &mut Value, pointer: &str, hidden: Hidden, is_password: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::Object(members) => members.iter_mut().fold(false, |found, (name, member)| {
            let inside = format!("{pointer}/{}", escaped(name));
            hide(member, &inside, hidden.max(Hidden::by(name)), is_password) || found
        }),
        Value::Array(items) => items.iter_mut().enumerate().fold(false, |found, (row, item)| {
            hide(item, &format!("{pointer}/{row}"), hidden, is_password) || found
        }),
        Value::String(text) if !text.is_empty() && (hidden > Hidden::Nothing || is_password(pointer)) => {
            LEFT_OUT.clone_into(text);
            true
        }
        Value::Number(_) if hidden == Hidden::TextsAndNumbers => {
            *value = Value::from(LEFT_OUT);
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openapi::Document;

    fn operation() -> (Document, Operation) {
        let word = json!({ "type": "string", "format": "password" });
        let filter =
            json!({ "type": "object", "properties": { "word": word, "size": { "type": "integer" } } });
        let body = json!({ "type": "object", "properties": {
            "word": word, "words": { "type": "array", "items": word }, "any": {},
        } });
        let document = json!({ "openapi": "3.1.0", "paths": { "/x": { "post": {
            "operationId": "x",
            "parameters": [
                { "name": "pin", "in": "query", "schema": { "type": "string", "format": "password" } },
                { "name": "X-Api-Key", "in": "header", "schema": { "type": "string" } },
                { "name": "q", "in": "query", "schema": { "type": "string" } },
                { "name": "f", "in": "query", "style": "deepObject", "schema": filter },
            ],
            "requestBody": { "content": { "application/json": { "schema": body } } },
        } } } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let operation = document.operation(document.find("x").unwrap());
        (document, operation)
    }

    fn kept(values: &Values) -> (Values, Vec<String>) {
        let (document, operation) = operation();
        form(Some(&document), &operation, values)
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
            "userPwd",
            "PIN",
            "body/userPin",
            "otp_code",
            "jwt",
            "Set-Cookie",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "q",
            "pageToken",
            "next_page_token",
            "max_tokens",
            "tokenCount",
            "author",
            "key",
            "pass",
            "shipping",
            "footprint",
            "spinCount",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_form_is_kept_without_its_secrets() {
        let values = Values::parse(
            "q=lamp&pin=1234&X-Api-Key=k&pageToken=p&password=&body=%7B%22a%22%3A1%7D&~query=secret%3Dx",
        );
        let (kept, left_out) = kept(&values);
        assert_eq!(kept, Values::parse("q=lamp&pageToken=p&password=&body=%7B%22a%22%3A1%7D"));
        assert_eq!(left_out, ["pin", "X-Api-Key", MORE_QUERY]);
    }

    #[test]
    fn a_body_is_kept_without_its_secret_members() {
        let body = r#"{"user":"ann","login":[{"password":"p","tokens":["t"],"token_count":3}],"secret":""}"#;
        let values: Values = [("body", body)].into_iter().collect();
        let (kept, left_out) = kept(&values);
        let kept: Value = serde_json::from_str(kept.first("body").unwrap()).unwrap();
        let login = json!([{ "password": LEFT_OUT, "tokens": [LEFT_OUT], "token_count": 3 }]);
        assert_eq!(kept, json!({ "user": "ann", "login": login, "secret": "" }));
        assert_eq!(left_out, ["body"]);
    }

    #[test]
    fn whatever_lies_in_a_secret_member_is_hidden() {
        let mut answer = json!({
            "credentials": { "user": "ann", "pass": "hunter2", "hint": "", "tries": 3 },
            "apiKeys": [{ "id": 1, "value": "sk-1", "scopes": ["read", null], "active": true }],
            "pin": { "digits": [1, 2], "set": false },
            "tokens": { "prompt": 12 },
            "owner": { "name": "ann", "key": { "page": 2 } },
        });
        assert!(super::json(&mut answer));
        assert_eq!(
            answer,
            json!({
                "credentials": { "user": LEFT_OUT, "pass": LEFT_OUT, "hint": "", "tries": 3 },
                "apiKeys": [{ "id": 1, "value": LEFT_OUT, "scopes": [LEFT_OUT, null], "active": true }],
                "pin": { "digits": [LEFT_OUT, LEFT_OUT], "set": false },
                "tokens": { "prompt": 12 },
                "owner": { "name": "ann", "key": { "page": 2 } },
            })
        );
        assert!(!super::json(&mut json!({ "tokens": { "prompt": 12, "cached": true, "note": "" } })));
    }

    #[test]
    fn a_body_that_is_no_json_is_kept_whole_or_not_at_all() {
        for (body, is_kept) in [("<a>1</a>", true), ("{\"name\":", true), ("{\"password\": \"p\"", false)] {
            let (kept, _) = kept(&[("body", body)].into_iter().collect());
            assert_eq!(kept.first("body"), is_kept.then_some(body));
        }
    }

    #[test]
    fn passwords_are_known_by_their_format_wherever_they_are() {
        let typed = "f[word]=w&f[size]=1&body~as=form&body/word=w&body/words/0=w&body/any=%7B%22pin%22:1,%22a%22:2%7D";
        let (kept_values, left_out) = kept(&Values::parse(typed));
        assert_eq!(left_out, ["f[word]", "body/word", "body/words/0", "body/any"]);
        let any: Value = serde_json::from_str(kept_values.first("body/any").unwrap()).unwrap();
        assert_eq!(any, json!({ "pin": LEFT_OUT, "a": 2 }));
        let body = json!({ "word": "w", "words": ["w", ""], "any": "a" }).to_string();
        let (kept_values, _) =
            kept(&[("body", &body), ("f", &"{\"word\":\"w\",\"size\":1}".to_owned())].into_iter().collect());
        let read = |input| serde_json::from_str::<Value>(kept_values.first(input).unwrap()).unwrap();
        assert_eq!(read("body"), json!({ "word": LEFT_OUT, "words": [LEFT_OUT, ""], "any": "a" }));
        assert_eq!(read("f"), json!({ "word": LEFT_OUT, "size": 1 }));
    }
}
