//! What was found, for the README and for whoever mends it.

use std::{
    collections::BTreeMap,
    fmt::Write,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Instant,
};

/// How many documents there are between two lines of progress.
const STEP: usize = 100;

/// What is wrong, and how.
pub type Fault = (&'static str, String);

/// Counts, and the operations that are named, by what is wrong with them.
pub struct Report {
    started: Instant,
    expected: usize,
    documents: AtomicUsize,
    operations: AtomicUsize,
    named: AtomicUsize,
    faults: Mutex<BTreeMap<&'static str, Vec<String>>>,
}

impl Report {
    pub fn new(expected: usize) -> Self {
        Self {
            started: Instant::now(),
            expected,
            documents: AtomicUsize::new(0),
            operations: AtomicUsize::new(0),
            named: AtomicUsize::new(0),
            faults: Mutex::default(),
        }
    }

    /// Counts a document that was looked at.
    pub fn document(&self) {
        let documents = self.documents.fetch_add(1, Relaxed) + 1;
        if documents.is_multiple_of(STEP) {
            let (operations, named) = self.counts();
            let seconds = self.started.elapsed().as_secs();
            eprintln!(
                "{documents} of {} documents, {operations} operations, {named} named, {seconds} s",
                self.expected
            );
        }
    }

    /// Counts an operation, and names it when something is wrong with it, or with its form.
    pub fn operation(&self, at: &str, faults: impl Iterator<Item = Fault>, form: Option<Fault>) {
        self.operations.fetch_add(1, Relaxed);
        if let Some((fault, detail)) = form {
            self.name(fault, format!("{at}: {detail}"));
        }
        let mut is_named = false;
        for (fault, detail) in faults {
            is_named = true;
            self.name(fault, format!("{at}: {detail}"));
        }
        self.named.fetch_add(usize::from(is_named), Relaxed);
    }

    /// Names a document that cannot be opened.
    pub fn refused(&self, name: &str, error: &str) {
        self.name("the document is refused", format!("{name}: {error}"));
    }

    fn name(&self, fault: &'static str, line: String) {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).entry(fault).or_default().push(line);
    }

    /// How many operations there were, and how many of them are named.
    pub fn counts(&self) -> (usize, usize) {
        (self.operations.load(Relaxed), self.named.load(Relaxed))
    }

    /// Prints the table, and writes it to a file with every operation that is named.
    pub fn write(&self, file: &Path) {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let (operations, named) = self.counts();
        let mut table = format!(
            "{} documents, {operations} operations in {} s; {named} operations are named.\n\n| operations | what is left |\n|---|---|\n",
            self.documents.load(Relaxed),
            self.started.elapsed().as_secs(),
        );
        for (fault, lines) in &*faults {
            let _ = writeln!(table, "| {} | {fault} |", lines.len());
        }
        eprintln!("{table}");
        for (fault, lines) in &*faults {
            let _ = writeln!(table, "\n{fault}:\n");
            for line in lines {
                let _ = writeln!(table, "- {line}");
            }
        }
        std::fs::write(file, table).unwrap();
    }
}
