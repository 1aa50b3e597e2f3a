use leptos::prelude::LeptosOptions;

/// The names of the built files, read once at the start.
#[derive(Debug, Clone)]
pub struct Assets {
    /// The address of the stylesheet.
    pub stylesheet: String,
}

impl Assets {
    /// Finds the names that the build has left beside the binary; without hashes they are plain.
    pub fn find(options: &LeptosOptions) -> Self {
        let plain = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
        let hash = options.hash_files.then(|| css_hash(&options.hash_file)).flatten();
        let stylesheet = hash.map(|hash| format!("/{}/{}.{hash}.css", options.site_pkg_dir, options.output_name));
        Self { stylesheet: stylesheet.unwrap_or(plain) }
    }
}

fn css_hash(file: &str) -> Option<String> {
    let beside = std::env::current_exe().ok()?.parent()?.join(file);
    let hashes = std::fs::read_to_string(beside).ok()?;
    hashes.lines().find_map(|line| line.trim().strip_prefix("css:")).map(|hash| hash.trim().to_owned())
}
