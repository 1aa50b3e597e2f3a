//! A parameter that is an object: an input for each member that the document names, and for each that the person
//! names.

use leptos::prelude::*;

use super::{
    button::FormButton,
    control,
    input::{self, Inputs},
    node::removable,
};
use crate::{
    components::prose::note,
    openapi::{Edit, Field, Member, Members, Parameter, add_input, member_input},
    types::Intent,
};

pub fn object(inputs: &Inputs, parameter: &Parameter, members: &Members) -> AnyView {
    let named = members.named.iter().map(|member| control::field(inputs.member(parameter, member)));
    let named: Vec<_> = named.collect();
    let added = members.others.as_ref().map(|field| added(inputs, parameter, members, field));
    let id = input::id(parameter.place, &parameter.input);
    let (legend, hint) = (parameter.name.clone(), parameter.description.clone());
    let error = inputs.error(&parameter.input);
    view! {
        <fieldset class="form-group" id=id tabindex="-1">
            <legend>{legend}</legend>
            {hint.map(|hint| view! { <div class="field-hint">{note(&hint)}</div> })}
            {error.map(|error| view! { <p class="field-error">{error}</p> })}
            {named}
            {added}
        </fieldset>
    }
    .into_any()
}

fn added(inputs: &Inputs, parameter: &Parameter, members: &Members, field: &Field) -> AnyView {
    let names = members.added(&parameter.input, inputs.values());
    let rows = names.into_iter().map(|name| {
        let remove = Edit::RemoveMember(member_input(&parameter.input, &name));
        let label = format!("{} of {}", name, parameter.name);
        let member = Member { name, required: false, description: None, field: field.clone() };
        removable(control::field(inputs.member(parameter, &member)), remove, &label, None)
    });
    let rows: Vec<_> = rows.collect();
    let name = add_input(&parameter.input);
    let id = input::id(parameter.place, &name);
    let label = format!("Name of one more member of {}", parameter.name);
    view! {
        {rows}
        <div class="form-row">
            <input class="input" id=id.clone() name=name aria-label=label placeholder="Name" autocomplete="off" />
            <FormButton intent=Intent::Redraw focus=id>
                "Add member"
            </FormButton>
        </div>
    }
    .into_any()
}
