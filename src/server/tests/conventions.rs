//! Rules of the source that the compiler does not know.

use std::{fs, path::Path};

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

fn all() -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 50);
    found
}

#[test]
fn every_server_function_uses_the_one_client() {
    let mut functions = 0;
    for (path, text) in all() {
        for line in text.lines().filter(|line| line.trim_start().starts_with("#[server")) {
            functions += 1;
            assert!(line.contains("client = SessionClient"), "{path}: {line}");
        }
    }
    assert!(functions >= 5);
}

#[test]
fn every_cfg_of_the_crate_stands_in_lib_rs() {
    for (path, text) in all().iter().filter(|(path, _)| !path.ends_with("src/lib.rs")) {
        let gates = text
            .lines()
            .filter(|line| line.contains("feature = \"ssr\"") || line.contains("feature = \"hydrate\""));
        let gates: Vec<_> = gates.filter(|line| line.trim_start().starts_with('#')).collect();
        assert!(gates.is_empty(), "{path}: {gates:?}");
    }
}

/// An address that is written out knows no mount: see `LocalPath`.
#[test]
fn no_page_writes_an_address_out() {
    for (path, text) in all().iter().filter(|(path, _)| !path.contains("/server/")) {
        for written in ["href=\"/", "action=\"/", "src=\"/"] {
            assert!(!text.contains(written), "{path}: {written}");
        }
    }
}

#[test]
fn no_folder_has_a_mod_rs() {
    assert!(all().iter().all(|(path, _)| !path.ends_with("/mod.rs")));
}

#[test]
fn the_keys_that_stand_in_both_files_are_equal() {
    let read = |text: &str| {
        let parsed =
            config::Config::builder().add_source(config::File::from_str(text, config::FileFormat::Toml));
        parsed.build().unwrap()
    };
    let runtime = read(include_str!("../../../Leptos.toml"));
    let build = read(include_str!("../../../Cargo.toml"));
    for key in ["output-name", "site-root", "site-pkg-dir", "site-addr", "reload-port", "hash-files"] {
        let runtime = runtime.get_string(&format!("package.metadata.leptos.{key}")).unwrap();
        let build = build.get_string(&format!("workspace.metadata.leptos[0].{key}")).unwrap();
        assert_eq!(runtime, build, "{key}");
    }
}
