//! The servers that a document names for an operation (`OpenAPI` 3.1.1, sections 4.8.5 and 4.8.6).

use percent_encoding::utf8_percent_encode;
use serde::{Deserialize, Serialize};

use super::node;
use super::reference::Resolver;
use super::request::FieldError;
use super::template::{self, Piece};
use super::tree::Node;
use super::values::Values;

/// The input that says which server is meant, by its [`Server::url`]. The inputs of its variables are named after
/// it: `~server/region`.
pub const SERVER: &str = "~server";

/// Servers that are read for one operation.
const MOST_SERVERS: usize = 50;
/// Values that one variable may have.
const MOST_CHOICES: usize = 200;

/// A server as the document describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Its address, perhaps relative, perhaps with variables in braces.
    pub url: String,
    /// What it is, in words.
    pub description: Option<String>,
    /// What its address leaves open.
    pub variables: Vec<ServerVariable>,
    /// Whether it is the first server of the whole document: the one that the settings stand for.
    pub is_main: bool,
}

/// A variable in the address of a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerVariable {
    /// Its name between the braces.
    pub name: String,
    /// What it means.
    pub description: Option<String>,
    /// Its value when nothing is filled in.
    pub default: String,
    /// All values that it may have; any when there are none.
    pub choices: Vec<String>,
}

impl Server {
    /// Its address with what was filled in.
    ///
    /// # Errors
    /// When a value is none of those that are allowed.
    pub fn address(&self, values: &Values) -> Result<String, FieldError> {
        let piece = |piece| match piece {
            Piece::Fixed(text) => Ok(text.to_owned()),
            Piece::Slot(slot) => match self.variables.iter().find(|variable| variable.name == slot.name) {
                Some(variable) => variable.filled(values),
                None => Ok(format!("{{{}}}", slot.name)),
            },
        };
        template::pieces(&self.url).into_iter().map(piece).collect()
    }
}

impl ServerVariable {
    /// The name of its input.
    #[must_use]
    pub fn input(&self) -> String {
        format!("{SERVER}/{}", self.name)
    }

    /// What is filled in, or the default. Nothing that ends a path or a host can be filled in where any value goes.
    fn filled(&self, values: &Values) -> Result<String, FieldError> {
        let input = self.input();
        let Some(value) = values.first(&input) else { return Ok(self.default.clone()) };
        if self.choices.is_empty() {
            let encoded = utf8_percent_encode(value, percent_encoding::CONTROLS).to_string();
            return if encoded.contains(['\\', '?', '#', '@', ' ', '%']) {
                Err(FieldError::new(input, "An address cannot hold this."))
            } else {
                Ok(encoded)
            };
        }
        if self.choices.iter().any(|choice| choice == value) {
            return Ok(value.to_owned());
        }
        Err(FieldError::new(input, "This is none of the values that the document allows."))
    }
}

/// The servers of an operation: its own, else those of its path, else those of the document. The main one is what
/// the settings stand for, wherever it is named.
pub(super) fn read(resolver: &Resolver, item: &Node, operation: &Node) -> Vec<Server> {
    let of_document = node::items(resolver.root(), "servers");
    let main = of_document.first().and_then(|server| node::text(server, "url"));
    let levels = [operation, item].map(|node| node::items(node, "servers"));
    let named = levels.into_iter().find(|servers| !servers.is_empty()).unwrap_or(of_document);
    let servers = named.iter().take(MOST_SERVERS).filter_map(|server| {
        let url = node::string(server, "url")?;
        Some(Server {
            is_main: main == Some(url.as_str()),
            description: node::string(server, "description").or_else(|| node::string(server, "name")),
            variables: variables(server, &url),
            url,
        })
    });
    servers.collect()
}

/// Those that the address has; what is declared besides means nothing.
fn variables(server: &Node, url: &str) -> Vec<ServerVariable> {
    let names = template::names(url);
    let declared = node::entries(server, "variables").filter(|(name, _)| names.contains(name));
    declared.map(|(name, variable)| ServerVariable::read(name, variable)).collect()
}

impl ServerVariable {
    fn read(name: &str, variable: &Node) -> Self {
        let choices = node::items(variable, "enum").iter().take(MOST_CHOICES).map(node::as_typed);
        let choices: Vec<String> = choices.collect();
        let default = variable.get("default").map(node::as_typed).or_else(|| choices.first().cloned());
        Self {
            name: name.to_owned(),
            description: node::string(variable, "description"),
            default: default.unwrap_or_default(),
            choices,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openapi::Document;

    fn servers(address: &str) -> Vec<Server> {
        let region = json!({ "enum": ["eu", "us"], "default": "us" });
        let document = json!({
            "servers": [{ "url": "https://api.example" }, { "url": "https://{region}.example/{base}", "variables": { "region": region, "base": { "default": "v1" }, "x": {} } }],
            "paths": {
                "/a": { "get": {}, "put": { "servers": [{ "url": "https://up.example", "description": "Uploads" }, { "url": "https://api.example" }] } },
                "/b": { "servers": [{ "url": "/v2" }, {}, 7], "get": {} },
            },
        });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        document.operation(document.find(address).unwrap()).servers
    }

    #[test]
    fn the_nearest_servers_count() {
        let named = |address| {
            servers(address).into_iter().map(|server| (server.url, server.is_main)).collect::<Vec<_>>()
        };
        assert_eq!(
            named("get/a"),
            [("https://api.example".to_owned(), true), ("https://{region}.example/{base}".to_owned(), false)]
        );
        assert_eq!(
            named("put/a"),
            [("https://up.example".to_owned(), false), ("https://api.example".to_owned(), true)]
        );
        assert_eq!(named("get/b"), [("/v2".to_owned(), false)]);
    }

    #[test]
    fn variables_are_filled_in() {
        let server = servers("get/a").remove(1);
        let address = |query: &str| server.address(&Values::parse(query));
        assert_eq!(address("").unwrap(), "https://us.example/v1");
        assert_eq!(address("~server/region=eu&~server/base=v2/beta").unwrap(), "https://eu.example/v2/beta");
        assert_eq!(address("~server/region=evil.example/").unwrap_err().input, "~server/region");
        for value in ["a?b", "a%23", "a@b", "a%0Ab", "a%5C", "%252e%252e"] {
            assert_eq!(
                address(&format!("~server/base={value}")).unwrap_err().input,
                "~server/base",
                "{value}"
            );
        }
    }
}
