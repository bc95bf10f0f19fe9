//! `oos dev`: a local OOS behind a socket, until it is told to end.

mod announcement;
mod key;
mod mocks;
mod signals;
mod templates;

use crate::cli::{DevArgs, OutputFormat};
use crate::console::Console;
use crate::failure::{Failure, chain};
use announcement::Announcement;
use key::DevKey;
use mocks::ReloadingMocks;
use oos::clock::{Clock, SystemClock};
use oos_local::engine::ActionRegistry;
use oos_local::engine::actions::ExecuteApi;
use oos_local::engine::{Driver, ReadProblem};
use oos_local::{ListenError, ListenOptions, Listener, LocalOos, LocalOosBuilder, SqliteStore};
use signals::Signals;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use templates::ReloadingTemplates;
use tokio::task::{JoinError, JoinHandle};

/// How often the folders of templates, and when nobody calls the mock files, are looked at.
const LOOK_AT_FILES: Duration = Duration::from_secs(1);

/// A local OOS that is ready to serve.
struct Dev {
    local: LocalOos,
    driver: Driver,
    listener: Listener,
    /// Held until everything is committed.
    store: Option<Arc<SqliteStore>>,
    mocks: Arc<ReloadingMocks>,
    templates: ReloadingTemplates,
    clock: Arc<dyn Clock>,
}

/// Serves until SIGINT or SIGTERM, and ends when every call is answered and everything committed.
///
/// # Errors
/// [`Failure::Usage`] if it can not be started as it is asked to; [`Failure::Local`] if the data
/// can not be read.
pub(super) async fn run(args: DevArgs, console: &mut Console) -> Result<(), Failure> {
    let signals = Signals::new().map_err(|error| Failure::Local(format!("no signals: {error}")))?;
    let output = args.output.output;
    let (dev, announcement) = Dev::new(args).await?;
    console.print(&match output {
        OutputFormat::Json => announcement.as_json(),
        OutputFormat::Text => announcement.as_text(),
    })?;
    dev.serve(signals, console).await
}

impl Dev {
    async fn new(args: DevArgs) -> Result<(Self, Announcement), Failure> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let mocks = ReloadingMocks::read(args.mock, Arc::clone(&clock))?;
        let mut folders = args.templates;
        folders.extend(mocks.template_folders());
        let templates = ReloadingTemplates::read(folders)?;
        let mocks = Arc::new(mocks);
        let store = args.data.as_deref().map(open).transpose()?;
        let given = args.access_key_id.zip(args.access_key_secret);
        let key = DevKey::choose(given, args.data.as_deref())?;
        let builder = LocalOos::builder()
            .region(&args.region)
            .access_key(key.access_key())
            .actions(actions(&mocks))
            .templates(templates.served());
        let (local, driver) = stored(builder, store.as_ref()).build();
        let listening = local.listen(ListenOptions::on(args.listen)).await;
        let listener = listening.map_err(|error| not_listening(&error))?;
        let endpoint = listener.endpoint().to_string();
        if let Some(store) = &store {
            let announced = store.announce(&endpoint);
            announced.map_err(|error| unusable(&args.data.unwrap_or_default(), &error))?;
        }
        let announcement = Announcement {
            endpoint,
            region: args.region,
            durable: store.is_some(),
            key,
        };
        let dev = Self {
            local,
            driver,
            listener,
            store,
            mocks,
            templates,
            clock,
        };
        Ok((dev, announcement))
    }

    async fn serve(self, mut signals: Signals, console: &mut Console) -> Result<(), Failure> {
        let Self {
            local,
            driver,
            listener,
            store,
            mocks,
            mut templates,
            clock,
        } = self;
        let mut driver = tokio::spawn(driver.run());
        let ended = {
            let mut serving = std::pin::pin!(listener.serve(signals.next()));
            loop {
                tokio::select! {
                    () = &mut serving => break None,
                    ended = &mut driver => break Some(ended),
                    () = clock.sleep(LOOK_AT_FILES) => {
                        mocks.look();
                        templates.look(console);
                    }
                }
                mocks.tell(console);
            }
        };
        mocks.tell(console);
        drop(local);
        finish(ended, driver).await?;
        drop(store);
        Ok(())
    }
}

/// Waits until the driver has committed everything. It ends of itself only if it can not begin.
async fn finish(
    ended: Option<Result<Result<(), ReadProblem>, JoinError>>,
    driver: JoinHandle<Result<(), ReadProblem>>,
) -> Result<(), Failure> {
    let ended = match ended {
        Some(ended) => ended,
        None => driver.await,
    };
    match ended {
        Ok(Ok(())) => Ok(()),
        Ok(Err(problem)) => Err(Failure::Local(chain(&problem).join(": "))),
        Err(error) => Err(Failure::Local(format!("its driver broke down: {error}"))),
    }
}

fn not_listening(error: &ListenError) -> Failure {
    match error {
        ListenError::NotLoopback { address } => Failure::usage(format!(
            "--listen {address}: other machines could reach it, and calls are not encrypted: listen \
             on 127.0.0.1 or [::1]"
        )),
        error => Failure::usage(format!(
            "--listen: {}; take another port, or a free one with --listen 127.0.0.1:0",
            chain(error).join(": ")
        )),
    }
}

fn actions(mocks: &Arc<ReloadingMocks>) -> ActionRegistry {
    let api = ExecuteApi::new(Arc::clone(mocks) as _);
    ActionRegistry::new().with("ACS::ExecuteAPI", api)
}

fn stored(builder: LocalOosBuilder, store: Option<&Arc<SqliteStore>>) -> LocalOosBuilder {
    match store {
        Some(store) => builder.store(Arc::clone(store) as _),
        None => builder,
    }
}

fn open(folder: &Path) -> Result<Arc<SqliteStore>, Failure> {
    let store = SqliteStore::open(folder, &oos_local::kinds());
    let store = store.map_err(|error| Failure::usage(chain(&error).join(": ")))?;
    Ok(Arc::new(store))
}

fn unusable(folder: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!(
        "the data folder {} can not be written: {error}",
        folder.display()
    ))
}
