//! One operation in full.

use serde::{Deserialize, Serialize};

use super::body::{Body, MEDIA_TYPE};
use super::danger;
use super::index::{OperationSummary, operations_of};
use super::key::{self, KEYS};
use super::node;
use super::note::Note;
use super::parameter::{self, Parameter};
use super::reference::Resolver;
use super::response::{self, Response};
use super::servers::{self, Server};
use super::tree::{NULL, Node};
use super::values::Values;

/// An operation with everything that its page shows and its request needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// Its entry in the index: method, path, names, address.
    pub summary: OperationSummary,
    /// What it does, in `CommonMark`.
    pub description: Option<String>,
    /// What it takes besides a body, ordered by place.
    pub parameters: Vec<Parameter>,
    /// The names of its keys, where its address holds all else, and they are not asked for.
    pub keys: Vec<String>,
    /// The body that it takes.
    pub body: Option<Body>,
    /// Where the document sends it.
    pub servers: Vec<Server>,
    /// What it may answer.
    pub responses: Vec<Response>,
    /// Whether it takes something away for good: a DELETE, one that is marked so, or named so.
    pub dangerous: bool,
    /// What is wrong in its part of the document.
    pub notes: Vec<Note>,
}

impl Operation {
    /// Whether an address holds all of its request, and may send it: it only reads (RFC 9110, safe methods), takes no
    /// body and no key that is asked for, and is not marked as dangerous.
    #[must_use]
    pub fn is_by_address(&self) -> bool {
        let is_key = |parameter: &Parameter| parameter.is_key;
        let is_safe = matches!(self.summary.method.as_str(), "GET" | "HEAD");
        is_safe && self.body.is_none() && !self.dangerous && !self.parameters.iter().any(is_key)
    }

    /// Whether there is nothing to fill in besides a body, unless it is what the answer is to be in.
    #[must_use]
    pub fn takes_no_parameters(&self) -> bool {
        self.parameters.iter().all(Parameter::is_about_answer)
    }

    /// Its body is the one of the media type that is chosen, if the operation takes that.
    pub(super) fn read(root: &Node, summary: &OperationSummary, values: &Values) -> Self {
        let resolver = Resolver::new(root);
        let (item, node) = locate(&resolver, summary).unwrap_or((&NULL, &NULL));
        let own = node::string(node, "description");
        let responses = response::read(&resolver, node);
        let operation = Self {
            summary: summary.clone(),
            description: own.or_else(|| node::string(item, "description")),
            parameters: parameter::read(&resolver, item, node, &summary.path, &responses),
            keys: Vec::new(),
            servers: servers::read(&resolver, item, node),
            body: Body::read(&resolver, node, values.first(MEDIA_TYPE)),
            responses,
            dangerous: danger::is_dangerous(summary, node),
            notes: Vec::new(),
        };
        let keys = key::read(&resolver, node, &operation.parameters);
        let are_asked_for = values.first(KEYS).is_some();
        Self { notes: resolver.into_notes(), ..operation.with_keys(keys, are_asked_for) }
    }

    /// An input for a key is one that no address can hold.
    fn with_keys(self, keys: Vec<Parameter>, are_asked_for: bool) -> Self {
        if self.is_by_address() && !are_asked_for {
            return Self { keys: keys.into_iter().map(|key| key.name).collect(), ..self };
        }
        Self { parameters: parameter::in_order(self.parameters.into_iter().chain(keys).collect()), ..self }
    }
}

/// The Path Item Object and the Operation Object that a summary stands for.
pub(super) fn locate<'a>(
    resolver: &Resolver<'a>,
    summary: &OperationSummary,
) -> Option<(&'a Node, &'a Node)> {
    let item = resolver.resolve(resolver.root().get("paths")?.get(&summary.path)?)?;
    let (_, operation) = operations_of(item).find(|(method, _)| *method == summary.method)?;
    Some((item, resolver.resolve(operation)?))
}
