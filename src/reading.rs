//! Reading answers: what is in them, found without holding them in memory. Pure: nothing here reads a file or knows
//! who is signed in.
//!
//! [`Lexer`] tells where the values of a JSON text begin and end, whatever its length; [`Outline`] makes of that the
//! lists in it, each with an [`Index`] of its rows; [`list`] says which of them is the answer's own. Streaming JSON
//! crates make values of all they read; here most of it is only counted, and shown when somebody asks for that part.

mod events;
mod index;
mod leaves;
mod lexer;
pub mod list;
mod outline;
mod series;
mod sniff;
mod text;

pub use events::{after_event, events, is_between};
pub use index::Index;
pub use leaves::{Leaf, leaves};
pub use lexer::{Lexer, Token};
pub use outline::{List, Outline};
pub use series::series;
pub use sniff::{Sniffed, sniff};
pub use text::{charset, decode, decode_part, encoded, is_utf16, without_mark};
