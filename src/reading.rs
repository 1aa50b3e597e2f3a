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
mod magic;
mod outline;
mod series;
mod text;

pub use events::{after_event, events, is_between};
pub use index::Index;
pub use leaves::{Leaf, leaves};
pub use lexer::{Lexer, Token};
pub use magic::{Seen, seen};
pub use outline::{List, Outline, pointer};
pub use series::series;
pub use text::{decode, decode_part, encoded, is_utf16, named, without_mark};
