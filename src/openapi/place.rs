//! Where the parameters of a request go, and in which styles they are written there.

use serde::{Deserialize, Serialize};

use super::node;
use super::style::{Style, TAB_DELIMITED};
use super::tree::Node;

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Place {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into a header.
    Header,
    /// Into the `Cookie` header.
    Cookie,
}

impl Place {
    /// The word for it in a document (`in`), and after the `~` in the name of an input.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }

    /// `querystring` (3.2) is the whole query as one object, which a form that explodes writes, or as JSON.
    pub(super) fn of(node: &Node) -> Option<Self> {
        match node::text(node, "in")? {
            "path" => Some(Self::Path),
            "query" | "querystring" => Some(Self::Query),
            "header" => Some(Self::Header),
            "cookie" => Some(Self::Cookie),
            _ => None,
        }
    }

    /// The style that is meant where none is named.
    pub(super) fn usual_style(self) -> Style {
        if matches!(self, Self::Path | Self::Header) { Style::Simple } else { Style::Form }
    }

    /// Which style is meant by a name, or by none. `None` for a style that this place does not have.
    pub(super) fn style(self, name: Option<&str>) -> Option<Style> {
        match (self, name) {
            (_, None) => Some(self.usual_style()),
            (Self::Path | Self::Header, Some("simple")) => Some(Style::Simple),
            (Self::Query | Self::Cookie, Some("form")) => Some(Style::Form),
            (Self::Cookie, Some("cookie")) => Some(Style::Cookie),
            (Self::Path, Some("matrix")) => Some(Style::Matrix),
            (Self::Path, Some("label")) => Some(Style::Label),
            // In a path or a header, these are Swagger 2.0.
            (Self::Query | Self::Path | Self::Header, Some("spaceDelimited")) => Some(Style::SpaceDelimited),
            (Self::Query | Self::Path | Self::Header, Some("pipeDelimited")) => Some(Style::PipeDelimited),
            (Self::Query | Self::Path | Self::Header, Some(TAB_DELIMITED)) => Some(Style::TabDelimited),
            (Self::Query, Some("deepObject")) => Some(Style::DeepObject),
            _ => None,
        }
    }
}
