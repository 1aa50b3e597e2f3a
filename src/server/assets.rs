use std::path::PathBuf;

use leptos::prelude::LeptosOptions;

/// The names of the built files, read once at the start.
#[derive(Debug, Clone)]
pub struct Assets {
    /// The address of the stylesheet.
    pub stylesheet: String,
}

/// The site has not been built, or not where the settings say.
#[derive(Debug, thiserror::Error)]
#[error(
    "The site's files are not at {0}. Run `make build`, or set site-root in Leptos.toml to where they are."
)]
pub struct NotBuilt(PathBuf);

impl Assets {
    /// Finds the files that the build has left, and the hashes in their names beside the binary.
    ///
    /// # Errors
    /// When they are not there: a page without its styles and code is no page.
    pub fn find(options: &LeptosOptions) -> Result<Self, NotBuilt> {
        let name = match options.hash_files.then(|| css_hash(&options.hash_file)) {
            Some(hash) => format!("{}.{}.css", options.output_name, hash?),
            None => format!("{}.css", options.output_name),
        };
        let address = format!("/{}/{name}", options.site_pkg_dir);
        let file = PathBuf::from(&*options.site_root).join(&*options.site_pkg_dir).join(name);
        if file.is_file() { Ok(Self { stylesheet: address }) } else { Err(NotBuilt(file)) }
    }
}

/// The hash of the stylesheet, from the list that Leptos, too, looks for beside the binary.
fn css_hash(list: &str) -> Result<String, NotBuilt> {
    let beside = std::env::current_exe().unwrap_or_default().with_file_name(list);
    let hashes = std::fs::read_to_string(&beside).unwrap_or_default();
    let hash = hashes.lines().find_map(|line| line.trim().strip_prefix("css:"));
    hash.map(|hash| hash.trim().to_owned()).ok_or(NotBuilt(beside))
}
