//! The design system: pieces that know neither router, session nor API. Their looks are in `style/`.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the view macro calls components, and gives them their properties by value"
)]

mod alert;
mod badge;
mod bar_list;
mod code_block;
mod definition_list;
mod disclosure;
mod doorway;
mod empty_state;
mod endpoint;
mod error_page;
mod field;
mod mark;
mod pager;
mod search_form;
mod skeleton;
mod table_scroll;
mod text_area;
mod tone;

pub use alert::Alert;
pub use badge::{DeprecatedBadge, MethodBadge, StatusBadge, ToneBadge};
pub use bar_list::{Bar, BarList};
pub use code_block::CodeBlock;
pub use definition_list::DefinitionList;
pub use disclosure::Disclosure;
pub use doorway::Doorway;
pub use empty_state::EmptyState;
pub use endpoint::{Endpoint, PathTemplate};
pub use error_page::ErrorPage;
pub use field::{Field, FieldLabel, FieldNotes, described_by};
pub use mark::Mark;
pub use pager::Pager;
pub use search_form::SearchForm;
pub use skeleton::Skeleton;
pub use table_scroll::TableScroll;
pub use text_area::TextArea;
pub use tone::Tone;
