//! A parameter that is an object: an input for each member that the document names, and for each that the person
//! names.

use leptos::prelude::*;

use super::{
    control,
    input::{self, Inputs},
    node::{add_member, removable},
};
use crate::{
    components::prose::note,
    openapi::{Edit, Field, Member, Members, Parameter, add_input, member_input},
    ui::{FieldNotes, described_by},
};

pub fn object(inputs: &Inputs, parameter: &Parameter, members: &Members) -> AnyView {
    let named = members.named.iter().map(|member| control::field(inputs.member(parameter, member)));
    let named: Vec<_> = named.collect();
    let added = members.others.as_ref().map(|field| added(inputs, parameter, members, field));
    let id = input::id(parameter.place, &parameter.input);
    let (hint, error) = (parameter.description.as_deref().map(note), inputs.error(&parameter.input));
    let described_by = described_by(&id, hint.is_some(), error.is_some());
    let notes = view! { <FieldNotes id=id.clone() hint error /> };
    let legend = parameter.name.clone();
    view! {
        <fieldset class="form-group" id=id tabindex="-1" aria-describedby=described_by>
            <legend>{legend}</legend>
            {notes}
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
    let add = add_member(input::id(parameter.place, &name), name, &parameter.name, None);
    view! {
        {rows}
        {add}
    }
    .into_any()
}
