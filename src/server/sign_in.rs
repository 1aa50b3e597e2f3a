//! Signing in: from what a person types to the upstream's tokens, and from a refresh token to new ones.

mod password;
mod tokens;

pub use password::{PasswordSignIn, RefreshError, SignInError, SignedIn};
