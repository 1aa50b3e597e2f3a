//! In-process tests of the whole application, over real sockets.
