//! A request that is being filled in: an operation, what was typed, and files.

mod body;

use std::sync::{Arc, OnceLock};

use crate::{
    json_pointer::unescaped,
    openapi::{
        BODY, BODY_FILE, Check, Content, Document, FieldError, Filled, FormNode, Operation, OperationSummary,
        RequestParts, Upload, Values,
    },
    server::posted::{Posted, PostedFile},
    types::{Intent, OperationPage, Outcome, Step},
};

/// What is shown in the place of a key. It reads the same in a query, a header and a cookie.
const KEY: &str = "YOUR-API-KEY";

#[derive(Clone)]
pub struct Draft {
    pub document: Arc<Document>,
    pub operation: Operation,
    pub values: Values,
    pub files: Vec<PostedFile>,
    /// What stands between the parts of a multipart body.
    boundary: String,
    /// The form for the body as it is filled in, built once: copies of the draft share it.
    form: Arc<OnceLock<Option<FormNode>>>,
    /// Why the form cannot show the JSON that was typed.
    why: Option<String>,
    /// Whether another kind of body was chosen than the one that was filled in: then nobody has seen it yet.
    pub is_other_kind: bool,
}

impl Draft {
    /// What was posted. Nothing is added to it, but what a newly chosen kind of body begins with.
    pub fn new(document: Arc<Document>, summary: &OperationSummary, posted: Posted) -> Self {
        let operation = document.operation_for(summary, &posted.values);
        let boundary = format!("part-of-form-{:032x}", rand::random::<u128>());
        let Posted { values, files } = posted;
        let form = Arc::default();
        let mut draft =
            Self { document, operation, values, files, boundary, form, why: None, is_other_kind: false };
        draft.settle_body();
        draft
    }

    /// With what the document offers as a body, when there is none yet.
    #[must_use]
    pub fn begun(mut self) -> Self {
        self.begin_body();
        self
    }

    /// The same operation with other values.
    #[must_use]
    pub fn refilled(self, values: Values) -> Self {
        Self::new(self.document, &self.operation.summary, Posted { values, files: Vec::new() })
    }

    /// With something else in the place of each key, to be shown.
    #[must_use]
    pub fn without_keys(&self) -> Self {
        let mut draft = self.clone();
        let keys = self.operation.parameters.iter().filter(|parameter| parameter.is_key);
        for key in keys.filter(|key| self.values.first(&key.input).is_some()) {
            draft.values.set(&key.input, KEY);
        }
        draft
    }

    /// Changes the form as one of its buttons asks.
    pub fn change(&mut self, intent: &Intent) {
        match intent {
            Intent::Edit(edit) => {
                edit.apply(&mut self.values);
                self.let_go_of_form();
            }
            Intent::AsJson => self.show_as_json(),
            Intent::AsForm => self.show_as_form(),
            Intent::TakeExample => self.take_example(),
            Intent::Send { .. } | Intent::Preview | Intent::Redraw => {}
        }
    }

    /// The request. Files are numbered as in [`uploads`](Self::uploads).
    ///
    /// # Errors
    /// One for each input that cannot be sent.
    pub fn request(&self, check: Check) -> Result<RequestParts, Vec<FieldError>> {
        let (body, mut errors) = match self.text(check) {
            Ok(body) => (body, Vec::new()),
            Err(errors) => (self.text(Check::Lenient).unwrap_or_default(), errors),
        };
        let (uploads, boundary) = (self.uploads(), self.boundary.as_str());
        let filled =
            Filled { values: &self.values, body: body.as_deref(), uploads: &uploads, boundary, check };
        match self.operation.request_for(filled) {
            Ok(parts) if errors.is_empty() => Ok(parts),
            Ok(_) => Err(errors),
            Err(more) => {
                errors.extend(more);
                Err(errors)
            }
        }
    }

    /// The files that came along, or else those that a script has named.
    pub fn uploads(&self) -> Vec<Upload> {
        if !self.files.is_empty() {
            return self.files.iter().map(upload).collect();
        }
        let Some(form) = self.any_form() else {
            return self.values.all(BODY_FILE).map(|name| named(BODY_FILE, name)).collect();
        };
        let mut uploads = Vec::new();
        form.walk(&mut |node| {
            if matches!(node.content, Content::File { .. }) {
                uploads.extend(self.values.all(&node.input).map(|name| named(&node.input, name)));
            }
        });
        uploads
    }

    /// The page with this form, and what came of it.
    pub fn into_page(self, outcome: Outcome) -> OperationPage {
        OperationPage {
            body: self.entry(),
            operation: self.operation,
            values: self.values,
            problems: Vec::new(),
            step: Step::Fill,
            detail: None,
            preview: None,
            outcome,
            latest: Vec::new(),
        }
    }
}

fn upload(file: &PostedFile) -> Upload {
    Upload { media_type: file.media_type.clone(), ..named(&file.input, &file.name) }
}

/// A file for the member of the form that its input stands in.
fn named(input: &str, file_name: &str) -> Upload {
    let inside = input.strip_prefix(BODY).and_then(|inside| inside.strip_prefix('/'));
    let member = inside.and_then(|inside| inside.split('/').next()).unwrap_or_default();
    Upload { name: unescaped(member), file_name: file_name.to_owned(), media_type: String::new() }
}
