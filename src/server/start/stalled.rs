//! Browsers that stop reading.
//!
//! What is written to one waits in the system's buffers, and once these are full, the rest waits here, with all that it
//! comes from: an answer's file, a connection to the API. Nobody else notices, as an answer is only asked for more once
//! there is room.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// How long a browser may take nothing of what there is for it. A person may pause a download for a moment.
const LONGEST: Duration = Duration::from_mins(2);

/// A connection that breaks when what is written to it has not moved for too long.
pub(super) struct WriteTimeout<S> {
    stream: S,
    longest: Duration,
    /// There while a write waits.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> WriteTimeout<S> {
    pub fn new(stream: S) -> Self {
        Self { stream, longest: LONGEST, deadline: None }
    }

    /// What a write has come to, unless it has been waiting for too long.
    fn timed<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadline = None;
            return written;
        }
        let longest = self.longest;
        ready!(self.deadline.get_or_insert_with(|| Box::pin(sleep(longest))).as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WriteTimeout<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WriteTimeout<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.timed(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.timed(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const LONGEST: Duration = Duration::from_millis(200);

    #[tokio::test]
    async fn who_takes_nothing_for_too_long_is_given_up() {
        let (stream, mut browser) = duplex(8);
        let mut stream = WriteTimeout { longest: LONGEST, ..WriteTimeout::new(stream) };
        stream.write_all(&[1; 8]).await.unwrap();
        tokio::time::sleep(LONGEST * 2).await;
        assert!(stream.deadline.is_none(), "nothing waits, and nothing is timed");
        let mut taken = [0; 8];
        browser.read_exact(&mut taken).await.unwrap();
        let stuck = tokio::time::timeout(LONGEST * 2, stream.write_all(&[2; 9])).await.expect("it waits on");
        assert_eq!(stuck.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn who_is_slow_gets_everything() {
        let (stream, mut browser) = duplex(8);
        let mut stream = WriteTimeout { longest: LONGEST, ..WriteTimeout::new(stream) };
        let reading = async {
            let mut taken = [0; 8];
            for _ in 0..8 {
                tokio::time::sleep(LONGEST / 4).await;
                browser.read_exact(&mut taken).await.unwrap();
            }
        };
        let (written, ()) = tokio::join!(stream.write_all(&[3; 64]), reading);
        written.unwrap();
    }
}
