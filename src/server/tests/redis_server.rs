//! A Redis of a test's own: a process with a port and a directory of its own, and with a file to come back from.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::server::config::StoreLocation;

/// A running `redis-server`, which goes when this is dropped.
pub struct RedisServer {
    pub port: u16,
    directory: TempDir,
    arguments: Vec<String>,
    process: Child,
}

impl RedisServer {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// With further settings, as on the command line.
    pub fn start_with(arguments: &[&str]) -> Self {
        Self::start_on(free_port(), arguments)
    }

    /// On a port that is known beforehand.
    pub fn start_on(port: u16, arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
        let process = spawn(port, directory.path(), &arguments);
        let server = Self { port, directory, arguments, process };
        server.wait();
        server
    }

    /// A sentinel that watches this server under the name `sessions`.
    pub fn watched(&self) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sentinel.conf");
        std::fs::write(&file, format!("sentinel monitor sessions 127.0.0.1 {} 1\n", self.port)).unwrap();
        let port = free_port();
        let process = run(port, &[file.to_str().unwrap(), "--sentinel"]);
        let sentinel = Self { port, directory, arguments: Vec::new(), process };
        sentinel.wait();
        sentinel
    }

    pub fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub fn location(&self) -> crate::server::config::RedisLocation {
        location(&self.address())
    }

    /// What `redis-cli` answers.
    pub fn ask(&self, words: &[&str]) -> String {
        let port = self.port.to_string();
        let output = Command::new("redis-cli").args(["-p", &port]).args(words).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again, on the same port and with the same files.
    pub fn restart(&mut self) {
        self.process = spawn(self.port, self.directory.path(), &self.arguments);
        self.wait();
    }

    /// Lets the process stand still, or go on: it is there, and does not answer.
    pub fn signal(&self, name: &str) {
        Command::new("kill").args([name, &self.process.id().to_string()]).status().unwrap();
    }

    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !self.ask(&["PING"]).contains("PONG") {
            assert!(Instant::now() < deadline, "redis-server does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn location(address: &str) -> crate::server::config::RedisLocation {
    match StoreLocation::try_from(address.to_owned()) {
        Ok(StoreLocation::Redis(location)) => *location,
        other => panic!("{other:?}"),
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn spawn(port: u16, directory: &Path, arguments: &[String]) -> Child {
    let kept = ["--save", "", "--appendonly", "yes", "--dir", directory.to_str().unwrap()];
    run(port, &kept.into_iter().chain(arguments.iter().map(String::as_str)).collect::<Vec<_>>())
}

fn run(port: u16, arguments: &[&str]) -> Child {
    Command::new("redis-server")
        .args(arguments)
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is missing: install it (Debian: 'apt-get install redis-server')")
}
