//! From what was filled in to the request.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::field::Kind;
use super::form_data::{RequestBody, Upload};
use super::input;
use super::operation::Operation;
use super::parameter::Parameter;
use super::place::Place;
use super::style::{Style, encode};
use super::target::Target;
use super::values::Values;

/// The input for pairs of the query that the document has no parameters for, as a query: the API itself has put them
/// into the address of a page.
pub const MORE_QUERY: &str = "~query";

/// The input that the body stands in as a text, and what the names of all its other inputs begin with.
pub const BODY: &str = "body";

/// A request, ready to be sent once it has a base URL and a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestParts {
    /// The HTTP method, as the operation has it.
    pub method: String,
    /// What follows the base URL: begins with `/`, is percent-encoded, and holds the query.
    pub path_and_query: String,
    /// Headers, in order. Their values are visible ASCII, spaces and tabs.
    pub headers: Vec<(String, String)>,
    /// Cookies, percent-encoded, in order.
    pub cookies: Vec<(String, String)>,
    /// The body.
    pub body: Option<RequestBody>,
}

impl RequestParts {
    /// The value of the `Cookie` header, where there are cookies.
    #[must_use]
    pub fn cookie(&self) -> Option<String> {
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

/// How much of what the document asks for is insisted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Everything that a form can see by itself.
    Strict,
    /// Only what there is no request without: what does not fit its type goes out as a text.
    Lenient,
}

/// What a person filled in.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'a> {
    /// The inputs.
    pub values: &'a Values,
    /// The body as a text: JSON also for forms.
    pub body: Option<&'a str>,
    /// The files that were chosen.
    pub uploads: &'a [Upload],
    /// What stands between the parts of a multipart body (RFC 2046, section 5.1.1). Random, for it must stand in none
    /// of the files.
    pub boundary: &'a str,
    /// How much is insisted on.
    pub check: Check,
}

/// Why one input cannot be sent as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The name of the input: that of a parameter, or `body`.
    pub input: String,
    /// What is wrong, as one sentence.
    pub message: String,
}

impl FieldError {
    pub(super) fn new(input: impl Into<String>, message: impl Into<String>) -> Self {
        Self { input: input.into(), message: message.into() }
    }

    pub(super) fn missing(input: impl Into<String>) -> Self {
        Self::new(input, "This is required.")
    }
}

impl Operation {
    /// The request for what was filled in, without files.
    #[cfg(test)]
    pub(super) fn request(
        &self,
        values: &Values,
        body: Option<&str>,
    ) -> Result<RequestParts, Vec<FieldError>> {
        self.request_for(Filled {
            values,
            body,
            uploads: &[],
            boundary: "part-of-form",
            check: Check::Strict,
        })
    }

    /// The request for what was filled in. Optional inputs that are empty are not sent.
    ///
    /// # Errors
    /// One for each input that is missing or does not fit.
    pub fn request_for(&self, filled: Filled) -> Result<RequestParts, Vec<FieldError>> {
        let is_needed =
            |parameter: &Parameter| parameter.place == Place::Path || filled.check == Check::Strict;
        let mut target = Target::new(&self.summary.path);
        let mut parts = RequestParts { method: self.summary.method.clone(), ..RequestParts::default() };
        let mut errors = Vec::new();
        for parameter in &self.parameters {
            match input::value(parameter, filled.values, filled.check) {
                Ok(Some(value)) => errors.extend(write(parameter, &value, &mut target, &mut parts).err()),
                Ok(None) if parameter.required && is_needed(parameter) => {
                    errors.push(FieldError::missing(&parameter.input));
                }
                Ok(None) => {}
                Err(wrong) => errors.extend(wrong),
            }
        }
        let more = filled.values.first(MORE_QUERY).map(Values::parse).unwrap_or_default();
        let encoded = more.iter().map(|(name, value)| (encode(name).to_string(), encode(value).to_string()));
        target.query(encoded.collect());
        match self.body.as_ref().map_or(Ok(None), |body| body.encoded(&filled)) {
            Ok(body) => parts.body = body,
            Err(error) => errors.push(error),
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        parts.path_and_query = target.finish().map_err(|error| vec![error])?;
        Ok(parts)
    }

    /// The path that these values lead to, without the query.
    #[must_use]
    pub fn path(&self, values: &Values) -> Option<String> {
        let mut target = Target::new(&self.summary.path);
        for parameter in self.parameters.iter().filter(|parameter| parameter.place == Place::Path) {
            let value = input::value(parameter, values, Check::Lenient).ok().flatten()?;
            write(parameter, &value, &mut target, &mut RequestParts::default()).ok()?;
        }
        let path = target.finish().ok()?;
        Some(path.split('?').next().unwrap_or_default().to_owned())
    }

    /// Whether opening its page runs it with these values: nothing that is required is missing.
    #[must_use]
    pub fn accepts_get_run(&self, values: &Values) -> bool {
        let mut required = self.parameters.iter().filter(|parameter| parameter.required);
        self.is_by_address() && required.all(|parameter| parameter.is_given(values))
    }

    /// Whether one of the parameters is there, be it empty.
    #[must_use]
    pub fn is_any_given(&self, values: &Values) -> bool {
        let is_input = |name| name == MORE_QUERY || self.parameters.iter().any(|one| one.is_input(name));
        values.iter().any(|(name, _)| is_input(name))
    }
}

impl Parameter {
    /// The value that was filled in, whether it fits or not. `None` when it was left empty.
    #[must_use]
    pub fn value(&self, values: &Values) -> Option<Value> {
        input::value(self, values, Check::Lenient).ok().flatten()
    }

    fn is_given(&self, values: &Values) -> bool {
        !matches!(input::value(self, values, Check::Strict), Ok(None))
    }

    /// Whether an input of this name is its own, or that of one of its members.
    #[must_use]
    pub fn is_input(&self, name: &str) -> bool {
        let member = || name.strip_prefix(&self.input).is_some_and(|rest| rest.starts_with('['));
        name == self.input || (matches!(self.field.kind, Kind::Object(_)) && member())
    }
}

/// Puts the value of a parameter in its place.
fn write<'a>(
    parameter: &'a Parameter,
    value: &Value,
    target: &mut Target<'a>,
    parts: &mut RequestParts,
) -> Result<(), FieldError> {
    let Parameter { name, input, writing, .. } = parameter;
    match parameter.place {
        Place::Path => target.fill(name, input, writing.in_path(name, value)),
        Place::Query if writing.style == Style::WholeQuery => {
            writing.in_query(name, value).into_iter().for_each(|(_, json)| target.whole_query(json));
        }
        Place::Query => target.query(writing.in_query(name, value)),
        Place::Header => parts.headers.push((name.clone(), header(input, writing.as_text(value))?)),
        Place::Cookie => {
            for (name, value) in writing.in_query(name, value) {
                parts.cookies.push((name, cookie(input, value)?));
            }
        }
    }
    Ok(())
}

/// A field value of RFC 9110, section 5.5, in the part of it that every server reads alike.
fn header(input: &str, text: String) -> Result<String, FieldError> {
    if text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) {
        Ok(text)
    } else {
        Err(FieldError::new(input, "A header can hold ASCII characters on one line only."))
    }
}

/// A cookie's value ends at a `;` (RFC 6265, section 4.1.1).
fn cookie(input: &str, text: String) -> Result<String, FieldError> {
    if text.contains(';') {
        return Err(FieldError::new(input, "A cookie cannot hold a semicolon."));
    }
    header(input, text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openapi::Document;

    fn operation(path: &str, parameters: &Value) -> Operation {
        let body = json!({ "content": { "application/json": {} }, "required": true });
        let both = json!({ "parameters": parameters, "get": {}, "post": { "requestBody": body } });
        let document = json!({ "openapi": "3.1.0", "paths": { path: both } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        document.operation(&document.operations()[0])
    }

    fn sent(path: &str, parameters: &Value, query: &str) -> Result<RequestParts, Vec<FieldError>> {
        operation(path, parameters).request(&Values::parse(query), None)
    }

    /// The table of `OpenAPI` 3.1.1, section 4.8.12.4, and the places where it says nothing.
    #[test]
    fn every_style_is_written_as_the_specification_says() {
        let list = "color=blue&color=black&color=brown";
        let object = "color[R]=100&color[G]=200&color[B]=150";
        let cases = [
            ("path", "simple", false, "/blue,black,brown", "/R,100,G,200,B,150"),
            ("path", "simple", true, "/blue,black,brown", "/R=100,G=200,B=150"),
            ("path", "label", false, "/.blue,black,brown", "/.R,100,G,200,B,150"),
            ("path", "label", true, "/.blue.black.brown", "/.R=100.G=200.B=150"),
            ("path", "matrix", false, "/;color=blue,black,brown", "/;color=R,100,G,200,B,150"),
            ("path", "matrix", true, "/;color=blue;color=black;color=brown", "/;R=100;G=200;B=150"),
            ("query", "form", false, "/?color=blue,black,brown", "/?color=R,100,G,200,B,150"),
            ("query", "form", true, "/?color=blue&color=black&color=brown", "/?R=100&G=200&B=150"),
            (
                "query",
                "spaceDelimited",
                false,
                "/?color=blue%20black%20brown",
                "/?color=R%20100%20G%20200%20B%20150",
            ),
            ("query", "spaceDelimited", true, "/?color=blue&color=black&color=brown", "/?R=100&G=200&B=150"),
            (
                "query",
                "pipeDelimited",
                false,
                "/?color=blue%7Cblack%7Cbrown",
                "/?color=R%7C100%7CG%7C200%7CB%7C150",
            ),
            ("query", "pipeDelimited", true, "/?color=blue&color=black&color=brown", "/?R=100&G=200&B=150"),
            (
                "query",
                "deepObject",
                true,
                "/?color%5B%5D=blue&color%5B%5D=black&color%5B%5D=brown",
                "/?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
            ),
            ("header", "simple", false, "blue,black,brown", "R,100,G,200,B,150"),
            ("header", "simple", true, "blue,black,brown", "R=100,G=200,B=150"),
            ("cookie", "form", false, "color=blue,black,brown", "color=R,100,G,200,B,150"),
            ("cookie", "form", true, "color=blue; color=black; color=brown", "R=100; G=200; B=150"),
        ];
        let color = json!({ "type": "integer" });
        let list_schema = json!({ "type": "array", "items": { "type": "string" } });
        let object_schema = json!({ "properties": { "R": color, "G": color, "B": color } });
        for (place, style, explode, as_list, as_object) in cases {
            for (schema, query, expected) in
                [(&list_schema, list, as_list), (&object_schema, object, as_object)]
            {
                let parameter = json!([{ "name": "color", "in": place, "style": style, "explode": explode, "schema": schema }]);
                let path = if place == "path" { "/{color}" } else { "/" };
                let parts = sent(path, &parameter, query).unwrap();
                let written = match place {
                    "header" => parts.headers[0].1.clone(),
                    "cookie" => parts.cookie().unwrap(),
                    _ => parts.path_and_query,
                };
                assert_eq!(written, expected, "{place} {style} {explode}");
            }
        }
    }

    #[test]
    fn single_values_json_and_reserved_characters() {
        let cases = [
            (json!({ "in": "path" }), "c=a/b?%23", "/x/a%2Fb%3F%23"),
            (json!({ "in": "path", "style": "label" }), "c=blue", "/x/.blue"),
            (json!({ "in": "path", "style": "matrix" }), "c=blue", "/x/;c=blue"),
            (json!({ "in": "query" }), "c=ä+%26", "/x/?c=%C3%A4%20%26"),
            (
                json!({ "in": "query", "allowReserved": true }),
                "c=/a?b=c%26d%2541%25",
                "/x/?c=/a?b=c%26d%41%25",
            ),
            (
                json!({ "in": "query", "content": { "application/json": { "schema": { "type": "object" } } } }),
                "c={\"a\":[1]}",
                "/x/?c=%7B%22a%22%3A%5B1%5D%7D",
            ),
            (
                json!({ "in": "querystring", "content": { "application/x-www-form-urlencoded": { "schema": { "type": "object" } } } }),
                "c={\"a\":1,\"b\":\"x y\"}",
                "/x/?a=1&b=x%20y",
            ),
            (
                json!({ "in": "querystring", "content": { "application/json": { "schema": { "type": "object" } } } }),
                "c={\"a\":1}",
                "/x/?%7B%22a%22%3A1%7D",
            ),
            (
                json!({ "in": "query", "style": "deepObject", "schema": { "type": "object" } }),
                "c={\"a\":{\"b\":[1,2]}}",
                "/x/?c%5Ba%5D%5Bb%5D%5B%5D=1&c%5Ba%5D%5Bb%5D%5B%5D=2",
            ),
        ];
        for (mut parameter, query, expected) in cases {
            parameter["name"] = json!("c");
            let path = if parameter["in"] == "path" { "/x/{c}" } else { "/x/" };
            assert_eq!(sent(path, &json!([parameter]), query).unwrap().path_and_query, expected, "{query}");
        }
    }

    #[test]
    fn what_is_empty_is_sent_where_that_is_asked_for() {
        let cases = [
            (json!({ "in": "query" }), "/x/?c="),
            (json!({ "in": "query", "allowEmptyValue": true, "schema": { "type": "boolean" } }), "/x/?c="),
            (json!({ "in": "path", "style": "matrix" }), "/x/;c"),
        ];
        for (mut parameter, expected) in cases {
            parameter["name"] = json!("c");
            let path = if parameter["in"] == "path" { "/x/{c}" } else { "/x/" };
            let sent = |query| sent(path, &json!([parameter]), query);
            assert_eq!(sent("c=&c~empty=1").unwrap().path_and_query, expected);
            assert!(sent("c=a&c~empty=1").is_err() || sent("c=a&c~empty=1") == sent("c=a"));
        }
        let strict = json!([{ "name": "c", "in": "query", "schema": { "type": "boolean" } }]);
        assert_eq!(sent("/x/", &strict, "c~empty=1").unwrap_err()[0].input, "c");
        let closed = json!([{ "name": "c", "in": "path" }]);
        assert_eq!(sent("/x/{c}", &closed, "c~empty=1").unwrap_err()[0].message, "A path cannot hold this.");
    }

    #[test]
    fn nothing_that_is_filled_in_changes_the_shape_of_the_path() {
        let parameters = json!([{ "name": "a", "in": "path" }, { "name": "b", "in": "path" }]);
        for query in ["a=.&b=.", "a=.&b=%252e%252E"] {
            let parts = sent("/x/{a}{b}/y", &parameters, query);
            assert_eq!(parts.is_err(), query == "a=.&b=.", "{parts:?}");
        }
        for query in ["a=..&b=c", "a=.&b=c"] {
            assert_eq!(sent("/x/{a}/{b}", &parameters, query).unwrap_err()[0].input, "a");
        }
        assert_eq!(
            sent("/x/{a}/{b}", &parameters, "a=../..&b=\r\n").unwrap().path_and_query,
            "/x/..%2F../%0A"
        );
    }

    #[test]
    fn a_slot_for_the_rest_of_a_path_takes_several_segments() {
        let parameters = json!([{ "name": "rest", "in": "path" }]);
        for path in ["/x/{rest+}", "/x/{+rest}", "/x/{rest*}"] {
            let sent = |query| sent(path, &parameters, query);
            assert_eq!(sent("rest=a/b c?.txt").unwrap().path_and_query, "/x/a/b%20c%3F.txt");
            assert_eq!(sent("rest=a/").unwrap().path_and_query, "/x/a/");
            assert_eq!(sent("rest=a//b").unwrap().path_and_query, "/x/a%2F%2Fb");
            assert_eq!(sent("rest=/").unwrap().path_and_query, "/x/%2F");
            for query in ["rest=../a", "rest=a/..", "rest=a/./b", "rest=a/../"] {
                assert_eq!(sent(query).unwrap_err()[0].input, "rest", "{query}");
            }
        }
        assert_eq!(sent("/x/{rest+}/y", &parameters, "rest=a/").unwrap().path_and_query, "/x/a%2F/y");
        assert_eq!(sent("/x/.{rest+}/y", &parameters, "rest=./a").unwrap_err()[0].input, "rest");
    }

    #[test]
    fn a_query_in_the_path_is_left_to_the_parameters_of_the_query() {
        let parameters = json!([{ "name": "q", "in": "query" }]);
        let operation = operation("/s{?q,page}{#part}", &parameters);
        assert!(operation.parameters.len() == 1 && operation.parameters[0].place == Place::Query);
        let sent = |query| operation.request(&Values::parse(query), None).unwrap().path_and_query;
        assert_eq!((sent("q=a").as_str(), sent("").as_str()), ("/s?q=a", "/s"));
    }

    #[test]
    fn what_is_missing_or_wrong_is_said_at_its_input() {
        let parameters = json!([
            { "name": "id", "in": "path" },
            { "name": "id", "in": "query", "required": true, "schema": { "type": "integer" } },
            { "name": "X-Trace", "in": "header" },
            { "name": "Authorization", "in": "header", "required": true },
            { "name": "f", "in": "query", "schema": { "required": ["a"], "properties": { "a": {}, "b": {} } } },
        ]);
        let errors = sent("/{id}", &parameters, "id~query=x&X-Trace=a%0Ab&f[b]=1").unwrap_err();
        let inputs: Vec<_> = errors.iter().map(|error| error.input.as_str()).collect();
        assert_eq!(inputs, ["id", "id~query", "f[a]", "X-Trace"]);
        let parts = sent("/{id}", &parameters, "id=1&id~query=2&X-Trace=").unwrap();
        assert_eq!((parts.path_and_query.as_str(), parts.headers.len()), ("/1?id=2", 0));
    }

    #[test]
    fn a_page_runs_when_nothing_required_is_missing() {
        let mut operation = operation("/a/{id}", &json!([{ "name": "q", "in": "query" }]));
        let runs = |query| operation.accepts_get_run(&Values::parse(query));
        assert!(runs("id=1") && !runs("q=1") && !runs("id="));
        operation.summary.method = "POST".to_owned();
        assert!(!operation.accepts_get_run(&Values::parse("id=1")));
    }

    #[test]
    fn an_empty_parameter_is_there() {
        let object =
            json!({ "name": "f", "in": "query", "schema": { "type": "object", "properties": { "a": {} } } });
        let operation = operation("/", &json!([{ "name": "q", "in": "query" }, object]));
        let is_there = |query| operation.is_any_given(&Values::parse(query));
        assert!(is_there("q=") && is_there("q") && is_there("f[a]=") && is_there("q=x"));
        assert!(!is_there("") && !is_there("p=1") && !is_there("q[a]=1"));
    }

    #[test]
    fn a_body_is_sent_as_it_was_typed() {
        let document = json!({ "paths": { "/": { "post": { "requestBody": {
            "content": { "text/plain": {}, "application/problem+json": {} }, "required": true,
        } } } } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let operation = document.operation(&document.operations()[0]);
        let body = |text| operation.request(&Values::default(), text).map(|parts| parts.body);
        let sent = RequestBody::of("application/problem+json", "{ \"a\": 1.0 }");
        assert_eq!(body(Some("{ \"a\": 1.0 }")), Ok(Some(sent)));
        assert_eq!(body(Some(" ")).unwrap_err()[0].message, "This is required.");
        assert!(body(Some("{")).unwrap_err()[0].message.starts_with("This is not JSON"));
    }
}
