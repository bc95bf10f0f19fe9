//! Pages and their entries as streams.

use crate::Error;
use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use oos_clock::BoxFuture;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Pages one after the other; it ends after the last, or after the first error.
#[must_use = "a stream asks for nothing until it is polled"]
pub struct PageStream<P> {
    inner: BoxStream<'static, Result<P, Error>>,
}

/// Entries one after the other, page by page; it ends after the last, or after the first error.
#[must_use = "a stream asks for nothing until it is polled"]
pub struct ItemStream<I> {
    inner: BoxStream<'static, Result<I, Error>>,
}

/// Something that brings pages one by one.
pub(super) trait Source: Send + 'static {
    /// A page.
    type Page: Send + 'static;

    /// The next page; `None` after the last.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Self::Page>, Error>>;
}

impl<P: Send + 'static> PageStream<P> {
    pub(super) fn of<S: Source<Page = P>>(source: S) -> Self {
        let step = async |mut source: S| {
            let page = source.next().await?;
            Ok(page.map(|page| (page, source)))
        };
        let inner = Box::pin(stream::try_unfold(source, step));
        Self { inner }
    }
}

impl<I: Send + 'static> ItemStream<I> {
    pub(super) fn of<P: Send + 'static>(
        pages: PageStream<P>,
        into_items: impl Fn(P) -> Vec<I> + Send + 'static,
    ) -> Self {
        let items = pages.inner.flat_map(move |page| {
            let items: Vec<Result<I, Error>> = match page {
                Ok(page) => into_items(page).into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            };
            stream::iter(items)
        });
        Self {
            inner: items.boxed(),
        }
    }
}

macro_rules! streams {
    ($($name:ident),+) => {$(
        impl<T> Stream for $name<T> {
            type Item = Result<T, Error>;

            fn poll_next(
                mut self: Pin<&mut Self>,
                context: &mut Context<'_>,
            ) -> Poll<Option<Self::Item>> {
                self.inner.as_mut().poll_next(context)
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

streams!(PageStream, ItemStream);
