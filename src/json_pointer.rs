//! The names in JSON Pointers (RFC 6901). Pure.

/// A name as one step of a pointer (section 3).
#[must_use]
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A name as it stands in one step of a pointer, without its escapes (section 4).
#[must_use]
pub fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// The pointer of these names.
#[must_use]
pub fn pointer<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().fold(String::new(), |pointer, name| pointer + "/" + &escaped(name.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_survives() {
        for name in ["", "a", "a/b", "~", "~1", "~01/", "%2F"] {
            let step = escaped(name);
            assert!(!step.contains('/') && unescaped(&step) == name, "{step}");
        }
        assert_eq!(pointer(&["a/b", "~1", ""]), "/a~1b/~01/");
        assert_eq!(pointer::<&str>(&[]), "");
    }
}
