use leptos::prelude::*;

use super::input::Inputs;
use crate::{
    components::prose::note,
    openapi::{SERVER, ServerVariable},
    server::{console, request::RequestContext},
    types::{OperationPage, ServerChoice},
    ui::{Field, described_by},
};

/// Where the call goes, where the document leaves a choice or leads away from the base URL.
pub fn server_inputs(page: &OperationPage, inputs: &Inputs) -> Option<AnyView> {
    let request = use_context::<RequestContext>()?;
    let choices = console::servers::choices(request.state(), &page.operation, &page.values);
    if choices.is_empty() {
        return None;
    }
    let (callable, refused): (Vec<_>, Vec<_>) =
        choices.into_iter().partition(|choice| choice.refused.is_none());
    let variables: Vec<_> =
        variables(&callable).iter().map(|variable| variable_input(variable, inputs)).collect();
    let server = if callable.is_empty() { None } else { Some(server_input(callable, inputs)) };
    Some(
        view! {
            <fieldset class="form-group">
                <legend>"Server"</legend>
                {server}
                {variables}
                {(!refused.is_empty()).then(|| view! { <Refused refused error=inputs.error(SERVER) /> })}
            </fieldset>
        }
        .into_any(),
    )
}

/// The id of an input of this group. `None` for any other.
pub fn id(input: &str) -> Option<String> {
    let inside = input.strip_prefix(SERVER)?;
    Some(format!("s-server{}", inside.replace(|c: char| !c.is_ascii_alphanumeric(), "-")))
}

fn server_input(choices: Vec<ServerChoice>, inputs: &Inputs) -> AnyView {
    if let [only] = choices.as_slice() {
        let address = only.address.clone();
        return view! { <p class="small">"Sent to " <code>{address}</code></p> }.into_any();
    }
    let (id, error) = (id(SERVER).unwrap_or_default(), inputs.error(SERVER));
    let described_by = described_by(&id, false, error.is_some());
    let options = choices.into_iter().map(|choice| {
        let words = match choice.server.description {
            Some(description) => format!("{} – {description}", choice.address),
            None => choice.address,
        };
        view! {
            <option selected=choice.is_chosen value=choice.server.url>
                {words}
            </option>
        }
    });
    let options: Vec<_> = options.collect();
    view! {
        <Field id=id.clone() label="Sent to" error=error.clone()>
            <select class="input" id=id name=SERVER aria-invalid=error.map(|_| "true") aria-describedby=described_by>
                {options}
            </select>
        </Field>
    }
    .into_any()
}

/// The variables of all servers that may be called, each name once: it mostly means the same in all of them. Those of the
/// main one are settled, as the settings stand for it.
fn variables(choices: &[ServerChoice]) -> Vec<ServerVariable> {
    let mut variables: Vec<ServerVariable> = Vec::new();
    let others = choices.iter().filter(|choice| !choice.server.is_main);
    for variable in others.flat_map(|choice| &choice.server.variables) {
        match variables.iter_mut().find(|known| known.name == variable.name) {
            Some(known) => {
                let others = variable.choices.iter().filter(|choice| !known.choices.contains(choice));
                let others: Vec<_> = others.cloned().collect();
                known.choices.extend(others);
            }
            None => variables.push(variable.clone()),
        }
    }
    variables
}

fn variable_input(variable: &ServerVariable, inputs: &Inputs) -> AnyView {
    let name = variable.input();
    let id = id(&name).unwrap_or_default();
    let (hint, error) = (variable.description.as_deref().map(note), inputs.error(&name));
    let described_by = described_by(&id, hint.is_some(), error.is_some());
    let value = inputs.values().first(&name).unwrap_or(&variable.default).to_owned();
    let invalid = error.as_ref().map(|_| "true");
    let input_id = id.clone();
    let input = if variable.choices.is_empty() {
        view! { <input class="input" id=input_id name=name value=value aria-invalid=invalid aria-describedby=described_by autocomplete="off" /> }
            .into_any()
    } else {
        let options = variable.choices.iter().cloned().map(|choice| {
            let (selected, words) = (choice == value, choice.clone());
            view! { <option selected=selected value=choice>{words}</option> }
        });
        let options: Vec<_> = options.collect();
        view! { <select class="input" id=input_id name=name aria-invalid=invalid aria-describedby=described_by>{options}</select> }
            .into_any()
    };
    view! { <Field id label=variable.name.clone() hint error>{input}</Field> }.into_any()
}

/// Servers that the document names, and that are not called.
#[component]
fn Refused(refused: Vec<ServerChoice>, error: Option<String>) -> impl IntoView {
    let servers = refused.into_iter().map(|choice| {
        view! {
            <li>
                <code>{choice.address}</code>
                ": "
                {choice.refused}
            </li>
        }
    });
    view! {
        <div class="small muted" id=id(SERVER).filter(|_| error.is_some()) tabindex="-1">
            <p>"The document also names:"</p>
            <ul>{servers.collect::<Vec<_>>()}</ul>
        </div>
    }
}
