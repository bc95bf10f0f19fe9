//! Borrowed name and value pairs, whatever kind of text the caller keeps them in.

use std::borrow::Cow;

/// A borrowed list of name and value pairs.
///
/// It exists so that a caller need not copy its parameters into one fixed type before signing:
/// slices, arrays and vectors of the usual pairs of texts convert into it.
///
/// ```
/// use oos_sign::Pairs;
///
/// let owned = vec![("Type".to_owned(), "Event".to_owned())];
/// let pairs = Pairs::from(&owned);
/// assert_eq!(pairs.iter().collect::<Vec<_>>(), [("Type", "Event")]);
/// ```
#[derive(Clone, Copy)]
pub struct Pairs<'a>(Kind<'a>);

#[derive(Clone, Copy)]
enum Kind<'a> {
    Borrowed(&'a [(&'a str, &'a str)]),
    Cows(&'a [(Cow<'a, str>, Cow<'a, str>)]),
    CowNames(&'a [(Cow<'a, str>, String)]),
    StrNames(&'a [(&'a str, String)]),
    Owned(&'a [(String, String)]),
}

impl<'a> Pairs<'a> {
    /// No pairs at all.
    pub const EMPTY: Self = Self(Kind::Borrowed(&[]));

    /// How many pairs there are.
    #[must_use]
    pub fn len(self) -> usize {
        match self.0 {
            Kind::Borrowed(pairs) => pairs.len(),
            Kind::Cows(pairs) => pairs.len(),
            Kind::CowNames(pairs) => pairs.len(),
            Kind::StrNames(pairs) => pairs.len(),
            Kind::Owned(pairs) => pairs.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The pairs in the caller's order.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        (0..self.len()).map(move |index| self.get(index))
    }

    fn get(self, index: usize) -> (&'a str, &'a str) {
        match self.0 {
            Kind::Borrowed(pairs) => pairs[index],
            Kind::Cows(pairs) => (&pairs[index].0, &pairs[index].1),
            Kind::CowNames(pairs) => (&pairs[index].0, &pairs[index].1),
            Kind::StrNames(pairs) => (pairs[index].0, &pairs[index].1),
            Kind::Owned(pairs) => (&pairs[index].0, &pairs[index].1),
        }
    }
}

impl std::fmt::Debug for Pairs<'_> {
    /// Shows the names only: values may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

macro_rules! convert {
    ($($kind:ident: ($name:ty, $value:ty);)*) => {$(
        impl<'a> From<&'a [($name, $value)]> for Pairs<'a> {
            fn from(pairs: &'a [($name, $value)]) -> Self {
                Self(Kind::$kind(pairs))
            }
        }

        impl<'a> From<&'a Vec<($name, $value)>> for Pairs<'a> {
            fn from(pairs: &'a Vec<($name, $value)>) -> Self {
                Self(Kind::$kind(pairs))
            }
        }

        impl<'a, const N: usize> From<&'a [($name, $value); N]> for Pairs<'a> {
            fn from(pairs: &'a [($name, $value); N]) -> Self {
                Self(Kind::$kind(pairs))
            }
        }
    )*};
}

convert! {
    Borrowed: (&'a str, &'a str);
    Cows: (Cow<'a, str>, Cow<'a, str>);
    CowNames: (Cow<'a, str>, String);
    StrNames: (&'a str, String);
    Owned: (String, String);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_the_same() {
        let expected = vec![("a", "1"), ("b", "2")];
        let check = |pairs: Pairs<'_>| {
            assert_eq!(pairs.iter().collect::<Vec<_>>(), expected);
            assert_eq!((pairs.len(), pairs.is_empty()), (2, false));
        };
        check(Pairs::from(&expected));
        check(Pairs::from(&[("a", "1"), ("b", "2")]));
        check(Pairs::from(&[("a", "1".to_owned()), ("b", "2".to_owned())]));
        check(Pairs::from(&[
            ("a".to_owned(), "1".to_owned()),
            ("b".to_owned(), "2".to_owned()),
        ]));
        check(Pairs::from(&[
            (Cow::from("a"), Cow::from("1")),
            (Cow::from("b"), Cow::from("2")),
        ]));
        check(Pairs::from(&[
            (Cow::from("a"), "1".to_owned()),
            (Cow::from("b"), "2".to_owned()),
        ]));
        assert!(Pairs::EMPTY.is_empty());
    }

    #[test]
    fn debug_hides_values() {
        let shown = format!("{:?}", Pairs::from(&[("Value", "hidden")]));
        assert_eq!(shown, "[\"Value\"]");
    }
}
