//! What stands on the command line. `lexopt` splits it; the rest are three sentences of grammar.

use std::{ffi::OsString, path::PathBuf};

use lexopt::{Arg, Parser, ValueExt};

use super::sessions::{Task, Verb, Which};

/// How the program is called.
pub const USAGE: &str = "\
Use: vestibule [--config FILE]
     vestibule [--config FILE] sessions list [--user NAME | --session ID] [--json]
     vestibule [--config FILE] sessions end (--user NAME | --session ID | --all) [--json]";

/// A command line that makes sense.
#[derive(Debug, PartialEq, Eq)]
pub struct Arguments {
    /// The settings' file, if it is named.
    pub config: Option<PathBuf>,
    pub command: Command,
}

/// What the program is to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    Serve,
    Sessions(Task),
    Help,
}

/// The command line makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("{0}.\n{USAGE}")]
pub struct UsageError(String);

impl From<lexopt::Error> for UsageError {
    fn from(error: lexopt::Error) -> Self {
        Self(error.to_string())
    }
}

/// All options and words, as they come.
#[derive(Default)]
struct Given {
    config: Option<PathBuf>,
    words: Vec<String>,
    user: Option<String>,
    session: Option<String>,
    all: bool,
    json: bool,
    help: bool,
}

/// Reads the arguments that follow the program's name.
///
/// # Errors
/// [`UsageError`], which tells the right way.
pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, UsageError> {
    let given = Given::read(Parser::from_args(arguments))?;
    let config = given.config.clone();
    Ok(Arguments { config, command: given.command()? })
}

impl Given {
    fn read(mut parser: Parser) -> Result<Self, lexopt::Error> {
        let mut given = Self::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("config") => given.config = Some(parser.value()?.into()),
                Arg::Long("user") => given.user = Some(parser.value()?.string()?),
                Arg::Long("session") => given.session = Some(parser.value()?.string()?),
                Arg::Long("all") => given.all = true,
                Arg::Long("json") => given.json = true,
                Arg::Long("help") | Arg::Short('h') => given.help = true,
                Arg::Value(word) => given.words.push(word.string()?),
                unknown => return Err(unknown.unexpected()),
            }
        }
        Ok(given)
    }

    fn command(self) -> Result<Command, UsageError> {
        if self.help {
            return Ok(Command::Help);
        }
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let verb = match words[..] {
            [] if self.user.is_none() && self.session.is_none() && !self.all && !self.json => {
                return Ok(Command::Serve);
            }
            ["sessions", "list"] => Verb::List,
            ["sessions", "end"] => Verb::End,
            _ => return Err(UsageError("There is no such command".into())),
        };
        let which = match (self.user, self.session, self.all) {
            (Some(name), None, false) => Which::Person(name),
            (None, Some(id), false) => Which::Session(id),
            (None, None, true) => Which::All,
            (None, None, false) if verb == Verb::List => Which::All,
            _ => return Err(UsageError("Name one of --user, --session and --all".into())),
        };
        Ok(Command::Sessions(Task { verb, which, json: self.json }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &str) -> Result<Command, UsageError> {
        read(line.split_whitespace().map(OsString::from)).map(|arguments| arguments.command)
    }

    fn task(verb: Verb, which: Which, json: bool) -> Command {
        Command::Sessions(Task { verb, which, json })
    }

    #[test]
    fn commands_are_understood() {
        let ada = || Which::Person("ada".into());
        for (line, expected) in [
            ("", Command::Serve),
            ("--config a.toml", Command::Serve),
            ("--config=a.toml", Command::Serve),
            ("sessions list", task(Verb::List, Which::All, false)),
            ("sessions list --json --user ada", task(Verb::List, ada(), true)),
            ("--config a.toml sessions end --user=ada", task(Verb::End, ada(), false)),
            ("sessions end --session 0011", task(Verb::End, Which::Session("0011".into()), false)),
            ("sessions end --all --json", task(Verb::End, Which::All, true)),
            ("sessions end --help", Command::Help),
        ] {
            assert_eq!(command(line).unwrap(), expected, "{line}");
        }
        let named = read(["--config", "a.toml", "sessions", "list"].map(OsString::from)).unwrap();
        assert_eq!(named.config, Some("a.toml".into()));
    }

    #[test]
    fn what_makes_no_sense_is_told_the_right_way() {
        for line in [
            "sessions",
            "sessions end",
            "sessions end --user ada --all",
            "sessions end --user ada --session 00",
            "sessions end all",
            "sessions lst",
            "serve",
            "--all",
            "--json",
            "--config",
            "--port 1",
            "sessions list --user",
        ] {
            let told = command(line).unwrap_err().to_string();
            assert!(told.contains("vestibule [--config FILE] sessions end"), "{line}: {told}");
        }
    }
}
