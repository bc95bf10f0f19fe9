//! What an HTTP exchange is, without doing one.
