//! Enums that take values newer than this crate.

/// Declares an enum over texts with an arm for the unknown.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        ///
        /// The set is open: a text that is not listed is kept in `Unknown`.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "` on the wire.")]
                $variant,
            )+
            /// A value that this version does not know, as it was sent.
            Unknown(String),
        }

        impl $name {
            /// The texts of all known values.
            pub const KNOWN: &'static [&'static str] = &[$($text),+];

            /// The text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }

            fn known(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::Unknown(text.to_owned()))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::known(&text).unwrap_or(Self::Unknown(text))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::tolerant::scalar(from).map(|text| Self::from(text.as_ref()))
            }
        }

        impl $crate::record::Field for Option<$name> {
            fn slot(&mut self) -> $crate::record::Slot<'_> {
                $crate::record::Slot::Named(self)
            }

            fn item(&self) -> Option<$crate::record::Item<'_>> {
                self.as_ref().map(|value| $crate::record::Item::Text(value.as_str()))
            }
        }

        impl $crate::codec::ParamText for $name {
            const WHAT: &'static str = "a text";

            fn to_text(&self) -> std::borrow::Cow<'_, str> {
                std::borrow::Cow::Borrowed(self.as_str())
            }

            fn from_text(text: &str) -> Option<Self> {
                Some(Self::from(text))
            }
        }
    };
}
pub(crate) use open_enum;
