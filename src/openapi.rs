//! `OpenAPI`: from a document to its operations, from an operation to its form, from what a person filled in
//! to the request. Pure: nothing here reads a file, opens a connection or knows who is signed in.
//!
//! Real documents hold mistakes. Only one that cannot be read at all is refused; whatever else is wrong
//! becomes a [`Note`] on the part that it spoils, and the rest goes on working. So the document stays the JSON
//! it is, a light index of its operations is made once, and every other part is read when it is asked for.

mod accept;
mod address;
mod body;
mod bound;
mod bundle;
mod conformance;
mod copies;
mod danger;
mod described;
mod document;
mod edit;
mod example;
mod field;
mod form;
mod form_data;
mod index;
mod inheritance;
mod input;
mod input_name;
mod json_schema;
mod key;
mod mend;
mod moment;
mod node;
mod note;
mod operation;
mod parameter;
mod parts;
mod password;
mod path_items;
mod pattern;
mod place;
mod reference;
mod request;
mod response;
mod schema;
mod search;
mod servers;
mod style;
mod swagger2;
mod target;
mod template;
mod tree;
mod values;
mod xml;
mod yaml;

pub use body::{BODY_AS, BODY_EXAMPLE, BODY_FILE, BODY_FOR, Body, BodyKind, MEDIA_TYPE, NamedExample};
pub use bound::Bound;
pub use bundle::Bundle;
pub use described::{Described, Inside};
pub use document::{Document, DocumentError};
pub use edit::{Edit, NoEdit};
pub use field::{Field, Kind, Member, Members};
pub use form::{Content, FormNode, Variants};
pub use form_data::{FormPart, PartContent, Piece, RequestBody, Upload};
pub use index::OperationSummary;
pub use input_name::{
    add_input, empty_input, is_rows_input, is_within, member_input, null_input, open_input, rows_input,
};
pub use json_schema::JsonSchema;
pub use key::KEYS;
pub use moment::local_of;
pub use note::Note;
pub use operation::Operation;
pub use parameter::Parameter;
pub use password::PASSWORD;
pub use place::Place;
pub use request::{BODY, Check, FieldError, Filled, MORE_QUERY, RequestParts};
pub use response::{RESPONSE, RESPONSE_TYPE, Response, ResponseDetail};
pub use search::{Hit, Matches, Reason};
pub use servers::{SERVER, Server, ServerVariable};
pub use style::{Style, Writing};
pub use values::{Values, as_typed};
