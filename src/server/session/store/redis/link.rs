//! The connection that is there when it is needed: made at first use, and anew after a failure, so that a server that
//! comes back, or another that takes its place, is found without a restart. No call takes longer than [`PATIENCE`].

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::{
    Cmd, ErrorKind, FromRedisValue, Pipeline, RedisError, RedisResult, Script, ServerErrorKind, cmd,
};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::super::StoreError;
use super::origin::{Connection, Origin};
use super::rows;
use crate::server::config::RedisLocation;

/// For one connection to be made.
pub const CONNECT: Duration = Duration::from_secs(1);
/// For one answer.
pub const ANSWER: Duration = Duration::from_secs(2);
/// For a whole call, with a second attempt.
const PATIENCE: Duration = Duration::from_secs(3);
/// After a connection could not be made, for this long nobody tries again.
const BREATHER: Duration = Duration::from_millis(250);
/// For the replicas to confirm a write.
const CONFIRM: Duration = Duration::from_secs(1);

/// Reads and writes have a connection each: a write may wait for replicas, and holds up what is behind it.
pub struct Link {
    origin: Arc<Origin>,
    reads: Slot,
    writes: Slot,
    replicas: u32,
}

/// Fewer replicas than are asked for have the write. It has taken place, and may yet be lost.
#[derive(Debug, thiserror::Error)]
#[error("{have} of {want} replicas have confirmed a write")]
pub(super) struct Unconfirmed {
    have: u32,
    want: u32,
}

/// Neither an answer nor a failure within [`PATIENCE`].
#[derive(Debug, thiserror::Error)]
#[error("Redis does not answer")]
struct Silent;

impl Link {
    /// A link to this place, with writes that `replicas` replicas have to confirm. Connects when first used, so it
    /// does not matter which of the two is started first.
    ///
    /// # Errors
    /// When the TLS library cannot start.
    pub fn new(location: &RedisLocation, replicas: u32) -> RedisResult<Self> {
        let origin = Arc::new(Origin::new(location)?);
        Ok(Self { reads: Slot::new(&origin), writes: Slot::new(&origin), origin, replicas })
    }

    pub(super) fn origin(&self) -> &Arc<Origin> {
        &self.origin
    }

    /// Sends a command that changes nothing, or nothing that matters.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; [`StoreError::Corrupt`] if the answer is of another type.
    pub async fn read<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, StoreError> {
        within(self.reads.insist(|mut connection| async move { command.query_async(&mut connection).await }))
            .await
    }

    /// Runs a script that only reads.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; [`StoreError::Corrupt`] if the answer is of another type.
    pub async fn look<T: FromRedisValue>(&self, call: &Call) -> Result<T, StoreError> {
        within(self.reads.insist(|connection| call.run(connection, 0))).await.map(|(answer, _)| answer)
    }

    /// Runs a script that may be repeated: a second attempt of the same call answers as the first would have.
    ///
    /// # Errors
    /// As [`Link::read`]; also if too few replicas have confirmed the write. It may have taken place.
    pub async fn write<T: FromRedisValue>(&self, call: &Call) -> Result<T, StoreError> {
        let (answer, confirmed) = self.written(call).await?;
        confirmed.map(|()| answer).map_err(StoreError::unavailable)
    }

    /// As [`Link::write`]. Answers also whether enough replicas have confirmed the write, which has taken place.
    pub(super) async fn written<T: FromRedisValue>(&self, call: &Call) -> Result<Written<T>, StoreError> {
        let run = self.writes.insist(|connection| call.run(connection, self.replicas));
        Ok(self.confirmed(within(run).await?))
    }

    /// Runs a script that may not. Looks first whether the connection is still there.
    ///
    /// # Errors
    /// As [`Link::write`].
    pub async fn write_once<T: FromRedisValue>(&self, call: &Call) -> Result<T, StoreError> {
        let (answer, confirmed) = self.written_once(call).await?;
        confirmed.map(|()| answer).map_err(StoreError::unavailable)
    }

    /// As [`Link::write_once`]. Answers also whether enough replicas have confirmed the write, which has taken place.
    pub(super) async fn written_once<T: FromRedisValue>(
        &self,
        call: &Call,
    ) -> Result<Written<T>, StoreError> {
        Ok(self.confirmed(self.once(call, self.replicas).await?))
    }

    /// As [`Link::write_once`], whether or not any replica has the write.
    ///
    /// # Errors
    /// As [`Link::read`].
    pub async fn write_unconfirmed<T: FromRedisValue>(&self, call: &Call) -> Result<T, StoreError> {
        self.once(call, 0).await.map(|(answer, _)| answer)
    }

    async fn once<T: FromRedisValue>(&self, call: &Call, replicas: u32) -> Result<(T, u32), StoreError> {
        let ping = cmd("PING");
        within(self.writes.insist(|mut connection| {
            let ping = &ping;
            async move { ping.query_async::<()>(&mut connection).await }
        }))
        .await?;
        within(self.writes.attempt(|connection| call.run(connection, replicas))).await
    }

    fn confirmed<T>(&self, (answer, have): (T, u32)) -> Written<T> {
        let want = self.replicas;
        (answer, if have >= want { Ok(()) } else { Err(Unconfirmed { have, want }) })
    }
}

/// What a script has answered, and whether enough replicas have what it wrote.
type Written<T> = (T, Result<(), Unconfirmed>);

async fn within<T>(call: impl Future<Output = RedisResult<T>>) -> Result<T, StoreError> {
    Ok(timeout(PATIENCE, call).await.map_err(|_| StoreError::unavailable(Silent))??)
}

impl From<RedisError> for StoreError {
    fn from(error: RedisError) -> Self {
        match error.kind() {
            ErrorKind::Parse | ErrorKind::UnexpectedReturnType => Self::Corrupt(error.into()),
            _ => Self::unavailable(error),
        }
    }
}

/// A script with its keys and arguments.
#[must_use]
pub struct Call {
    script: &'static Script,
    command: Cmd,
}

impl Call {
    pub fn new(script: &'static Script, keys: &[&str]) -> Self {
        let mut command = cmd("EVALSHA");
        command.arg(script.get_hash()).arg(keys.len()).arg(keys);
        Self { script, command }
    }

    pub fn arg(mut self, value: impl redis::ToRedisArgs) -> Self {
        self.command.arg(value);
        self
    }

    /// Answers also how many replicas have what it wrote. Redis forgets scripts when it restarts, and gets them again.
    async fn run<T: FromRedisValue>(
        &self,
        mut connection: Connection,
        replicas: u32,
    ) -> RedisResult<(T, u32)> {
        match self.send(&mut connection, replicas).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                self.script.load_async(&mut connection).await?;
                self.send(&mut connection, replicas).await
            }
            result => result,
        }
    }

    /// `WAIT` counts for the connection that has written, so both go out together.
    async fn send<T: FromRedisValue>(
        &self,
        connection: &mut Connection,
        replicas: u32,
    ) -> RedisResult<(T, u32)> {
        if replicas == 0 {
            return Ok((self.command.query_async(connection).await?, 0));
        }
        let mut both = Pipeline::new();
        both.add_command(self.command.clone()).cmd("WAIT").arg(replicas).arg(rows::millis(CONFIRM));
        both.query_async(connection).await
    }
}

/// A place for one connection.
struct Slot {
    origin: Arc<Origin>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connection: Option<Connection>,
    /// Counts the connections, so that a late failure of one does not take away the next.
    number: u64,
    failure: Option<(Instant, RedisError)>,
}

impl Slot {
    fn new(origin: &Arc<Origin>) -> Self {
        Self { origin: Arc::clone(origin), state: Mutex::default() }
    }

    /// Tries again, once, if the connection turns out to be gone.
    async fn insist<T, F: Future<Output = RedisResult<T>>>(
        &self,
        call: impl Fn(Connection) -> F,
    ) -> RedisResult<T> {
        match self.attempt(&call).await {
            Err(error) if is_gone(&error) => self.attempt(&call).await,
            result => result,
        }
    }

    async fn attempt<T, F: Future<Output = RedisResult<T>>>(
        &self,
        call: impl Fn(Connection) -> F,
    ) -> RedisResult<T> {
        let (connection, number) = self.connection().await?;
        let result = call(connection).await;
        if let Err(error) = &result
            && (is_gone(error) || error.is_timeout())
        {
            self.drop(number).await;
        }
        result
    }

    async fn connection(&self) -> RedisResult<(Connection, u64)> {
        let mut state = self.state.lock().await;
        if let Some(connection) = &state.connection {
            return Ok((connection.clone(), state.number));
        }
        if let Some((at, error)) = &state.failure
            && at.elapsed() < BREATHER
        {
            return Err(error.clone());
        }
        let connecting = timeout(CONNECT * 2, self.origin.connect());
        match connecting.await.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into())) {
            Ok(connection) => {
                *state =
                    State { connection: Some(connection.clone()), number: state.number + 1, failure: None };
                Ok((connection, state.number))
            }
            Err(error) => {
                state.failure = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn drop(&self, number: u64) {
        let mut state = self.state.lock().await;
        if state.number == number {
            state.connection = None;
        }
    }
}

/// The connection is broken, or its server is a master no more.
fn is_gone(error: &RedisError) -> bool {
    error.is_unrecoverable_error() || error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly)
}
