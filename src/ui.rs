//! The design system: pieces that know neither router, session nor API.
