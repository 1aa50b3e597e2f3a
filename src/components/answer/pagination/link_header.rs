/// The links of `Link` headers (RFC 8288) that lead to other pages: the relation, and the address.
pub fn links(headers: &[(String, String)]) -> Vec<(String, String)> {
    let values = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
    values
        .flat_map(|(_, value)| value.split('<').skip(1).filter_map(link).collect::<Vec<_>>())
        .flatten()
        .collect()
}

/// `address>; rel="next last"; …`, up to the next link.
fn link(text: &str) -> Option<Vec<(String, String)>> {
    let (address, parameters) = text.split_once('>')?;
    let relations = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_end_matches(',').trim_matches('"');
        name.trim().eq_ignore_ascii_case("rel").then_some(value)
    })?;
    let one = |relation: &str| {
        let relation = relation.to_ascii_lowercase();
        (if relation == "previous" { "prev".to_owned() } else { relation }, address.to_owned())
    };
    Some(relations.split_whitespace().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn relations_and_addresses_are_read() {
        let value = r#"<https://a.example/x?page=2>; rel="next", </x?page=9,1>; title="a"; rel=last , <x>;rel="previous up""#;
        let headers = [("link".to_owned(), value.to_owned()), ("Link".into(), "<y>, <z>; rel=first".into())];
        let found = links(&headers);
        let found: Vec<_> = found.iter().map(|(rel, address)| (rel.as_str(), address.as_str())).collect();
        let expected = [
            ("next", "https://a.example/x?page=2"),
            ("last", "/x?page=9,1"),
            ("prev", "x"),
            ("up", "x"),
            ("first", "z"),
        ];
        assert_eq!(found, expected);
    }
}
