//! Checks values against the schemas of the API's document. Schemas are untrusted: nothing is ever fetched for one,
//! regular expressions stop after a while, and one that cannot be compiled checks nothing.

mod words;

use std::thread;

use jsonschema::{PatternOptions, ValidationError, Validator as Compiled, error::ValidationErrorKind};
use serde_json::Value;

use crate::openapi::JsonSchema;

/// Steps of a regular expression that goes back and forth. Those without look-around take none.
const MOST_STEPS: usize = 50_000;
/// Bytes of one compiled regular expression.
const LARGEST_PATTERN: usize = 1 << 20;
/// Regular expressions that are not understood and left out, before the schema is given up.
const MOST_LEFT_OUT: usize = 32;
/// Violations that are told.
const MOST_VIOLATIONS: usize = 100;
/// Schemas in schemas, and values in values: both may be deeper than the stack of a task allows.
const STACK: usize = 64 << 20;

/// What is wrong with one part of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where the part is, or should be (JSON Pointer, RFC 6901).
    pub pointer: String,
    /// What is wrong, as one sentence.
    pub message: String,
}

/// A compiled schema.
#[derive(Debug)]
pub struct Validator(Option<Compiled>);

impl Validator {
    /// Compiles a schema. Regular expressions that are none are left out.
    pub fn new(schema: &JsonSchema) -> Self {
        Self(on_a_deep_stack(|| compiled(&schema.schema)).flatten())
    }

    /// What is wrong with a value, in the order of the schema, up to a hundred.
    pub fn violations(&self, value: &Value) -> Vec<Violation> {
        let Some(compiled) = &self.0 else { return Vec::new() };
        let check = || {
            let mut violations = Vec::new();
            for error in compiled.iter_errors(value) {
                words::add(&mut violations, &error);
                if violations.len() >= MOST_VIOLATIONS {
                    break;
                }
            }
            violations
        };
        on_a_deep_stack(check).unwrap_or_default()
    }

    /// Whether nothing is wrong with a value.
    pub fn allows(&self, value: &Value) -> bool {
        self.violations(value).is_empty()
    }
}

fn compiled(schema: &Value) -> Option<Compiled> {
    let patterns = PatternOptions::fancy_regex().backtrack_limit(MOST_STEPS).size_limit(LARGEST_PATTERN);
    let options = jsonschema::draft202012::options()
        .offline()
        .with_pattern_options(patterns)
        .should_validate_formats(true);
    let mut schema = schema.clone();
    for _ in 0..MOST_LEFT_OUT {
        match options.build(&schema) {
            Ok(compiled) => return Some(compiled),
            Err(error) if leave_out(&mut schema, &error) => {}
            Err(error) => {
                tracing::warn!(error = %error.masked(), "a schema of the API's document cannot be compiled");
                return None;
            }
        }
    }
    None
}

/// Takes out the regular expression that an error is about: the path of what was compiled leads there, or, when the
/// schema was checked as a value, that of the value.
fn leave_out(schema: &mut Value, error: &ValidationError) -> bool {
    let kind = error.kind();
    let is_pattern = matches!(kind, ValidationErrorKind::Format { format } if format == "regex")
        || matches!(kind, ValidationErrorKind::PropertyNames { .. });
    let paths = [error.schema_path(), error.instance_path()];
    is_pattern && paths.into_iter().any(|path| leave_out_at(schema, path.as_str()))
}

fn leave_out_at(schema: &mut Value, path: &str) -> bool {
    for keyword in ["pattern", "patternProperties"] {
        if let Some((around, _)) = path.rsplit_once(&format!("/{keyword}"))
            && let Some(Value::Object(keywords)) = schema.pointer_mut(around)
            && keywords.remove(keyword).is_some()
        {
            return true;
        }
    }
    false
}

/// Runs to the end, or not at all when no thread can be had.
fn on_a_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok()?.join().ok()
    })
}

#[cfg(test)]
mod tests;
