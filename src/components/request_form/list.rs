//! A list as the same input several times.

use leptos::prelude::*;

use super::{
    FORM,
    button::FormButton,
    control::{hint, mark},
    input::Input,
    line::line,
};
use crate::{
    openapi::{Edit, Field as Takes},
    types::Intent,
    ui::Field,
};

const MOST_ITEMS: usize = 200;

/// Rows that are filled in, and an empty one at first. Those that stay empty are not sent.
pub fn list(input: Input, item: &Takes) -> AnyView {
    let most = input.field.max_items.and_then(|most| usize::try_from(most).ok()).unwrap_or(MOST_ITEMS);
    let rows = if input.rows.is_empty() { vec![String::new()] } else { input.rows.clone() };
    let count = rows.len();
    let lines =
        rows.into_iter().enumerate().map(|(position, value)| row(&input, item, position, value, count));
    let lines: Vec<_> = lines.collect();
    let add = (count < most).then(|| {
        view! {
            <div>
                <FormButton
                    intent=Intent::Edit(Edit::AddItem(input.name.clone()))
                    id=format!("{}-add", input.id)
                    label=format!("Add a row to {}", input.label)
                    focus=format!("{}-{}", input.id, count + 1)
                >
                    "Add row"
                </FormButton>
            </div>
        }
    });
    let (hint, mark) = (hint(&input), mark(&input));
    let Input { id, label, required, error, .. } = input;
    view! {
        <Field id label required mark hint error>
            {lines}
            {add}
        </Field>
    }
    .into_any()
}

fn row(input: &Input, item: &Takes, position: usize, value: String, count: usize) -> AnyView {
    let id = if position == 0 { input.id.clone() } else { format!("{}-{}", input.id, position + 1) };
    let name = (position > 0).then(|| format!("{}, item {}", input.label, position + 1));
    let line = line(input, item, id, name, Some(value).filter(|value| !value.is_empty()));
    let remove = (count > 1).then(|| {
        view! {
            <FormButton
                intent=Intent::Edit(Edit::RemoveItem(position, input.name.clone()))
                label=format!("Remove {}, item {}", input.label, position + 1)
                focus=FORM
            >
                "Remove"
            </FormButton>
        }
    });
    view! {
        <div class="form-row">
            <div>{line}</div>
            {remove}
        </div>
    }
    .into_any()
}
