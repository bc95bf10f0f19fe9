//! A program that runs while a future waits for it. This crate knows no runtime, so a thread reads
//! the output; it lives as long as the program.

use super::system::read_bounded;
use super::{Command, CommandOutput};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::process::{Child, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;

/// The future of a program's end; dropping it kills the program.
pub(super) struct Running {
    shared: Arc<Shared>,
}

struct Shared {
    child: Mutex<Child>,
    end: Mutex<End>,
}

#[derive(Default)]
struct End {
    result: Option<io::Result<CommandOutput>>,
    waker: Option<Waker>,
}

impl Running {
    pub(super) fn start(command: &Command) -> io::Result<Self> {
        let mut child = std::process::Command::new(command.program())
            .args(command.arguments())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = child.stdout.take();
        let shared = Arc::new(Shared {
            child: Mutex::new(child),
            end: Mutex::default(),
        });
        let running = Self {
            shared: Arc::clone(&shared),
        };
        thread::Builder::new()
            .name("credentials-process".to_owned())
            .spawn(move || shared.finish(stdout))?;
        Ok(running)
    }
}

impl Shared {
    fn finish(&self, stdout: Option<ChildStdout>) {
        let read = stdout.map_or_else(|| Ok(Vec::new()), read_bounded);
        let mut child = lock(&self.child);
        if read.is_err() {
            // It may have ended already; the wait below tells.
            let _ = child.kill();
        }
        let status = child.wait();
        drop(child);
        let result = read.and_then(|stdout| Ok(CommandOutput::new(status?.code(), stdout)));
        let mut end = lock(&self.end);
        end.result = Some(result);
        let waker = end.waker.take();
        drop(end);
        waker.into_iter().for_each(Waker::wake);
    }
}

impl Future for Running {
    type Output = io::Result<CommandOutput>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut end = lock(&self.shared.end);
        if let Some(result) = end.result.take() {
            return Poll::Ready(result);
        }
        end.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Running {
    /// Locked means that the thread is waiting for a program that closed its output: it is about
    /// to end by itself.
    fn drop(&mut self) {
        if let Ok(mut child) = self.shared.child.try_lock() {
            let _ = child.kill();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::task::Wake;

    struct Unpark(thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    fn run(script: &str) -> io::Result<CommandOutput> {
        let command = Command::new("sh").with_argument("-c").with_argument(script);
        let mut running = Running::start(&command)?;
        let waker = Arc::new(Unpark(thread::current())).into();
        loop {
            match Pin::new(&mut running).poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(result) => return result,
                Poll::Pending => thread::park(),
            }
        }
    }

    #[test]
    fn output_and_exit_code_arrive() {
        let check = |script: &str, code: Option<i32>, stdout: &str| {
            let output = run(script).expect(script);
            assert_eq!(
                (output.code(), output.stdout()),
                (code, stdout.as_bytes()),
                "{script}"
            );
        };
        check("printf hidden; echo no >&2", Some(0), "hidden");
        check("exit 3", Some(3), "");
        check("cat", Some(0), "");
        check("kill -9 $$", None, "");
        assert!(!format!("{:?}", run("printf hidden")).contains("hidden"));
    }

    #[test]
    fn an_endless_output_is_cut() {
        let kind = run("while :; do printf '%01024d' 0; done").map_err(|error| error.kind());
        assert_eq!(kind, Err(io::ErrorKind::FileTooLarge));
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let started = Running::start(&Command::new("no-such-program-of-oos"));
        assert_eq!(
            started.err().map(|error| error.kind()),
            Some(io::ErrorKind::NotFound)
        );
    }

    #[test]
    fn dropping_ends_the_program() {
        let command = Command::new("sleep").with_argument("1000");
        let running = Running::start(&command).expect("sleep runs");
        let shared = Arc::clone(&running.shared);
        drop(running);
        while lock(&shared.end).result.is_none() {
            thread::yield_now();
        }
        let result = lock(&shared.end).result.take().expect("it ended");
        assert_eq!(result.expect("it ran").code(), None);
    }
}
