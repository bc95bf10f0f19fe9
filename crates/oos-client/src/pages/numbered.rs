//! Lists whose pages are numbered.

use super::stream::Source;
use super::{ItemStream, PageStream, unreadable};
use crate::options::Options;
use crate::{Answer, Client, Error, call};
use oos_clock::BoxFuture;
use oos_model::Operation;
use oos_model::operations::ListGitRepositories;
use oos_model::shapes::GitRepo;

/// An operation whose answer comes in numbered pages.
pub trait ByNumber: Operation {
    /// One entry of the list.
    type Item: PartialEq + Send + 'static;

    /// The page that is asked for, from 1; `None` is the first.
    fn page_number(&self) -> Option<i32>;

    /// Sets it.
    fn set_page_number(&mut self, number: i32);

    /// The entries of a page.
    fn items(output: &Self::Output) -> &[Self::Item];

    /// The same, taken out.
    fn into_items(output: Self::Output) -> Vec<Self::Item>;
}

impl ByNumber for ListGitRepositories {
    type Item = GitRepo;

    fn page_number(&self) -> Option<i32> {
        self.page_number
    }

    fn set_page_number(&mut self, number: i32) {
        self.page_number = Some(number);
    }

    fn items(output: &Self::Output) -> &[GitRepo] {
        output.git_repos.as_deref().unwrap_or_default()
    }

    fn into_items(output: Self::Output) -> Vec<GitRepo> {
        output.git_repos.unwrap_or_default()
    }
}

/// The numbered pages of a listing operation, asked for one by one; made by
/// [`Client::numbered_pages`].
///
/// The answers do not say how many pages there are, so a page without entries is the end; a short
/// one is not, for the service may give less than it was asked for. A page that has the entries of
/// the page before is an error: then the service does not count, and the list would never end.
#[derive(Debug)]
pub struct NumberedPages<O: ByNumber> {
    client: Client,
    operation: O,
    /// `None` after the last page.
    next: Option<i32>,
    before: Vec<O::Item>,
}

impl Client {
    /// The pages of this list, beginning with the page that the operation names, else with page 1.
    pub fn numbered_pages<O: ByNumber>(&self, operation: O) -> NumberedPages<O> {
        NumberedPages {
            client: self.clone(),
            next: Some(operation.page_number().unwrap_or(1)),
            operation,
            before: Vec::new(),
        }
    }
}

impl<O: ByNumber> NumberedPages<O>
where
    O::Item: Clone,
{
    /// The next page; `None` after the last, which is the one before an empty one.
    ///
    /// # Errors
    /// As [`Call::send`](crate::Call::send); asking again after an error asks for the same page.
    /// [`Error::Decode`] if the page has the entries of the page before.
    pub async fn next_page(&mut self) -> Result<Option<Answer<O::Output>>, Error> {
        let Some(number) = self.next else {
            return Ok(None);
        };
        self.operation.set_page_number(number);
        let client = &*self.client.inner;
        let answer = call::send(client, &mut self.operation, &Options::default()).await?;
        let items = O::items(&answer.output);
        if items.is_empty() {
            self.next = None;
            return Ok(None);
        }
        if self.before == items {
            let why = format!(
                "page {number} has the entries of the page before: the service does not count \
                 pages, and the list would never end"
            );
            return Err(unreadable(O::NAME, why, answer));
        }
        self.before = items.to_vec();
        // Beyond the largest number there is no page to ask for.
        self.next = number.checked_add(1);
        Ok(Some(answer))
    }

    /// The pages as a stream. It ends after the last page, or after the first error.
    pub fn into_stream(self) -> PageStream<Answer<O::Output>> {
        PageStream::of(self)
    }

    /// The entries of all pages as a stream. It ends after the last entry, or after the first error.
    pub fn into_items(self) -> ItemStream<O::Item> {
        ItemStream::of(self.into_stream(), |page| O::into_items(page.output))
    }
}

impl<O: ByNumber> Source for NumberedPages<O>
where
    O::Item: Clone,
{
    type Page = Answer<O::Output>;

    fn next(&mut self) -> BoxFuture<'_, Result<Option<Self::Page>, Error>> {
        Box::pin(self.next_page())
    }
}
