//! How a sensitive field shows itself in `Debug`.

use std::fmt;

/// Stands for a value that must not be shown; still tells whether there is one.
pub(crate) struct Hidden;

impl Hidden {
    pub(crate) fn field<T>(value: Option<&T>) -> Option<Self> {
        value.map(|_| Self)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("******")
    }
}
