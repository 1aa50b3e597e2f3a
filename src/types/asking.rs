//! What crosses between the server and the form of an operation.

use std::{convert::Infallible, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::OperationPage;
use crate::openapi::{Body, Content, Edit, FormNode};

/// The input whose value is an [`Intent`].
pub const SEND: &str = "send";

/// How the body of a request is filled in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum BodyEntry {
    /// The operation takes none.
    #[default]
    None,
    /// Input by input.
    Form(Box<FormNode>),
    /// As JSON, or as another text.
    Text {
        text: String,
        /// The form for it, if there is one as well.
        form: Option<Box<FormNode>>,
        /// Why the form cannot show it.
        why: Option<String>,
    },
    /// As one file.
    File,
}

impl BodyEntry {
    /// The form of the body, also where a text is shown in its place.
    #[must_use]
    pub fn form(&self) -> Option<&FormNode> {
        match self {
            Self::Form(form) => Some(form),
            Self::Text { form, .. } => form.as_deref(),
            Self::None | Self::File => None,
        }
    }

    /// The inputs for files in the form.
    #[must_use]
    pub fn files(&self) -> Vec<&FormNode> {
        let mut files = Vec::new();
        if let Some(form) = self.form() {
            form.walk(&mut |node| files.extend(matches!(node.content, Content::File { .. }).then_some(node)));
        }
        files
    }
}

impl OperationPage {
    /// Whether its form takes files.
    #[must_use]
    pub fn takes_files(&self) -> bool {
        let is_multipart = self.operation.body.as_ref().is_some_and(Body::is_multipart);
        self.body == BodyEntry::File || (is_multipart && !self.body.files().is_empty())
    }
}

/// What is left to do before the form can be sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// To fill it in.
    #[default]
    Fill,
    /// To correct it, or to send it all the same.
    Correct,
    /// To say that it is really meant.
    Confirm {
        /// Although it is not what the document asks for.
        anyway: bool,
    },
}

/// A request that is not sent yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    pub method: String,
    pub url: String,
    /// As they will be sent; `$TOKEN` stands for the token.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it is a text; files stand in angle brackets.
    pub body: Option<String>,
    /// The same request in several languages, with their names.
    pub snippets: Vec<(String, String)>,
}

/// What a button of the form asks for: the value of the input [`SEND`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    Send {
        /// Although it is not what the document asks for.
        anyway: bool,
        /// Although it takes something away.
        confirmed: bool,
    },
    /// To see the request.
    Preview,
    /// To see the form for what was chosen in it.
    Redraw,
    /// To begin with the example that was chosen.
    TakeExample,
    /// To see the body as JSON.
    AsJson,
    /// To see the body as a form.
    AsForm,
    Edit(Edit),
}

impl Intent {
    /// To send it, if it is as the document asks and takes nothing away.
    pub const SEND_IT: Self = Self::Send { anyway: false, confirmed: false };

    /// Whether it only changes the form.
    #[must_use]
    pub fn is_about_form(&self) -> bool {
        !matches!(self, Self::Send { .. } | Self::Preview)
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Send { anyway: false, confirmed: false } => "1",
            Self::Send { anyway: true, confirmed: false } => "anyway",
            Self::Send { anyway: false, confirmed: true } => "confirmed",
            Self::Send { anyway: true, confirmed: true } => "confirmed-anyway",
            Self::Preview => "preview",
            Self::Redraw => "redraw",
            Self::TakeExample => "example",
            Self::AsJson => "json",
            Self::AsForm => "form",
            Self::Edit(edit) => return edit.fmt(formatter),
        })
    }
}

/// Any other text means to send: `send=1` has always been the word for it.
impl FromStr for Intent {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "anyway" => Self::Send { anyway: true, confirmed: false },
            "confirmed" => Self::Send { anyway: false, confirmed: true },
            "confirmed-anyway" => Self::Send { anyway: true, confirmed: true },
            "preview" => Self::Preview,
            "redraw" => Self::Redraw,
            "example" => Self::TakeExample,
            "json" => Self::AsJson,
            "form" => Self::AsForm,
            text => text.parse().map_or(Self::SEND_IT, Self::Edit),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_what_it_asks_for() {
        let mut intents =
            vec![Intent::Preview, Intent::Redraw, Intent::TakeExample, Intent::AsJson, Intent::AsForm];
        for (anyway, confirmed) in [(false, false), (false, true), (true, false), (true, true)] {
            intents.push(Intent::Send { anyway, confirmed });
        }
        intents.push(Intent::Edit(Edit::AddRow("body/a b".into())));
        for intent in intents {
            assert_eq!(intent.to_string().parse(), Ok(intent));
        }
    }
}
