use std::path::{Path, PathBuf};

use leptos::prelude::LeptosOptions;

/// The addresses of the built files, found once at the start.
#[derive(Debug, Clone)]
pub struct Assets {
    /// The stylesheet.
    pub stylesheet: String,
    /// The JavaScript that loads [`wasm`](Self::wasm).
    pub script: String,
    /// The WebAssembly with the islands.
    pub wasm: String,
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
        let hashes = if options.hash_files { Some(Hashes::read(&options.hash_file)?) } else { None };
        let address = |kind| {
            let hash = hashes.as_ref().map(|hashes| hashes.of(kind)).transpose()?;
            let hash = hash.map(|hash| format!(".{hash}")).unwrap_or_default();
            let address = format!("{}/{}{hash}.{kind}", options.site_pkg_dir, options.output_name);
            let file = Path::new(&*options.site_root).join(&address);
            if file.is_file() { Ok(format!("/{address}")) } else { Err(NotBuilt(file)) }
        };
        Ok(Self { stylesheet: address("css")?, script: address("js")?, wasm: address("wasm")? })
    }
}

/// The list of hashes that cargo-leptos leaves beside the binary: a line `kind: hash` for each file.
struct Hashes {
    file: PathBuf,
    text: String,
}

impl Hashes {
    fn read(name: &str) -> Result<Self, NotBuilt> {
        let file = std::env::current_exe().unwrap_or_default().with_file_name(name);
        let text = std::fs::read_to_string(&file).map_err(|_| NotBuilt(file.clone()))?;
        Ok(Self { file, text })
    }

    /// The hash of the file of this kind.
    fn of(&self, kind: &str) -> Result<&str, NotBuilt> {
        let hash = self.text.lines().find_map(|line| line.strip_prefix(kind)?.strip_prefix(':'));
        hash.map(str::trim).ok_or_else(|| NotBuilt(self.file.clone()))
    }
}
