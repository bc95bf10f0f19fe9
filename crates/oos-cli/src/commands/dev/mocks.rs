//! Mock files that are read again when they change.

use crate::commands::try_template::{mock_file, template_folders};
use crate::console::Console;
use crate::failure::Failure;
use crate::render::{self, Paint};
use oos::clock::{BoxFuture, Clock};
use oos_local::engine::{ApiAnswer, ApiCall, CallApi, MockApi, MockFile};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// Answers from mock files as they are now: each call looks whether one has changed. One that can
/// not be read any more, or has mistakes, is told of once, and its last good version stays.
#[derive(Debug)]
pub(super) struct ReloadingMocks {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    files: Vec<Watched>,
    api: Arc<MockApi>,
    news: Vec<News>,
}

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    stamp: Option<Stamp>,
    content: MockFile,
}

/// When the file was written, and its length.
type Stamp = (SystemTime, u64);

/// What has happened to a file since it was last told.
#[derive(Debug)]
enum News {
    Replaced(PathBuf),
    Broken(Failure),
}

impl ReloadingMocks {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// [`Failure::Usage`] with the mistakes of the first file that has some.
    pub(super) fn read(paths: Vec<PathBuf>, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let files: Vec<Watched> = paths
            .into_iter()
            .map(Watched::read)
            .collect::<Result<_, _>>()?;
        let state = State {
            api: api_of(&files, &clock),
            files,
            news: Vec::new(),
        };
        Ok(Self {
            clock,
            state: Mutex::new(state),
        })
    }

    /// The folders of templates that the files list now.
    pub(super) fn template_folders(&self) -> Vec<PathBuf> {
        let state = self.lock();
        let files = state.files.iter();
        files
            .flat_map(|file| template_folders(&file.path, &file.content))
            .collect()
    }

    /// Reads the files that have changed.
    pub(super) fn look(&self) {
        drop(self.current());
    }

    /// Tells of the files that were read since it was last called.
    pub(super) fn tell(&self, console: &mut Console) {
        let news = std::mem::take(&mut self.lock().news);
        for one in news {
            let text = match one {
                News::Replaced(path) => {
                    format!("{} has changed: it answers from now on\n", path.display())
                }
                News::Broken(failure) => {
                    let text = render::failure(&failure, Paint::new(console.colour_of_errors()));
                    format!("{text}the mock file answers as before\n")
                }
            };
            console.complain(&text);
        }
    }

    fn current(&self) -> Arc<MockApi> {
        let mut state = self.lock();
        let State { files, news, .. } = &mut *state;
        let count = files
            .iter_mut()
            .filter_map(|file| file.look(news).then_some(()))
            .count();
        if count > 0 {
            state.api = api_of(&state.files, &self.clock);
        }
        Arc::clone(&state.api)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CallApi for ReloadingMocks {
    fn call(&self, call: ApiCall) -> BoxFuture<'_, ApiAnswer> {
        let api = self.current();
        Box::pin(async move { api.call(call).await })
    }
}

impl Watched {
    fn read(path: PathBuf) -> Result<Self, Failure> {
        if path.as_os_str() == "-" {
            return Err(Failure::usage(
                "--mock -: a mock file is read again when it changes, which standard input can \
                 not be: give a file",
            ));
        }
        let stamp = stamp(&path);
        let content = mock_file(&path, &mut io::empty())?;
        Ok(Self {
            path,
            stamp,
            content,
        })
    }

    /// Whether there is a new good version.
    ///
    /// The stamp is taken before the file is read: what is written meanwhile is seen the next time.
    fn look(&mut self, news: &mut Vec<News>) -> bool {
        let stamp = stamp(&self.path);
        if stamp == self.stamp {
            return false;
        }
        self.stamp = stamp;
        match mock_file(&self.path, &mut io::empty()) {
            Ok(content) => {
                self.content = content;
                news.push(News::Replaced(self.path.clone()));
                true
            }
            Err(failure) => {
                news.push(News::Broken(failure));
                false
            }
        }
    }
}

fn stamp(path: &PathBuf) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn api_of(files: &[Watched], clock: &Arc<dyn Clock>) -> Arc<MockApi> {
    let files = files.iter().map(|file| file.content.clone()).collect();
    Arc::new(MockApi::new(files, Arc::clone(clock)))
}
