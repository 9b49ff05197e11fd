//! Time limits: a test that hangs fails, and says what hung.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::ops::{Deref, DerefMut};
use std::os::unix::process::CommandExt;
use std::panic::resume_unwind;
use std::path::Path;
use std::process::{ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// More than any run takes on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Returns what `work` returns; fails if that takes longer than the limit.
///
/// The thread that hangs stays until the test binary ends.
pub fn within<T: Send + 'static>(what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    within_time(LIMIT, what, work)
}

/// As `within`, with a limit of its own.
pub fn within_time<T: Send + 'static>(
    limit: Duration,
    what: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (done, wait) = channel();
    let worker = thread::spawn(move || drop(done.send(work())));
    match wait.recv_timeout(limit) {
        Ok(value) => value,
        Err(RecvTimeoutError::Timeout) => panic!("{what}: no end after {limit:?}"),
        Err(RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => resume_unwind(panic),
            Ok(()) => unreachable!("a worker that ends has sent"),
        },
    }
}

/// `std::process::Command` with a time limit: what runs longer is killed, with all that it has started, and the test
/// fails.
pub struct Command {
    command: std::process::Command,
    limit: Duration,
    /// Which of standard input, output and error were set.
    set: [bool; 3],
}

impl Command {
    /// A command with the environment of the tests; see `Sandbox::command` for one that has its own.
    pub fn new(program: impl AsRef<OsStr>) -> Command {
        let mut command = std::process::Command::new(program);
        // A group of its own can be killed as a whole.
        command.process_group(0);
        Command {
            command,
            limit: LIMIT,
            set: [false; 3],
        }
    }

    /// Gives the command another limit.
    pub fn limit(&mut self, limit: Duration) -> &mut Command {
        self.limit = limit;
        self
    }

    pub fn arg(&mut self, arg: impl AsRef<OsStr>) -> &mut Command {
        self.command.arg(arg);
        self
    }

    pub fn args(&mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> &mut Command {
        self.command.args(args);
        self
    }

    pub fn env(&mut self, key: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> &mut Command {
        self.command.env(key, value);
        self
    }

    pub fn env_remove(&mut self, key: impl AsRef<OsStr>) -> &mut Command {
        self.command.env_remove(key);
        self
    }

    /// Leaves the command these variables and no others.
    pub fn only_env(
        &mut self,
        variables: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
    ) -> &mut Command {
        self.command.env_clear().envs(variables);
        self
    }

    pub fn current_dir(&mut self, dir: impl AsRef<Path>) -> &mut Command {
        self.command.current_dir(dir);
        self
    }

    pub fn stdin(&mut self, stdin: impl Into<Stdio>) -> &mut Command {
        self.command.stdin(stdin);
        self.set[0] = true;
        self
    }

    pub fn stdout(&mut self, stdout: impl Into<Stdio>) -> &mut Command {
        self.command.stdout(stdout);
        self.set[1] = true;
        self
    }

    pub fn stderr(&mut self, stderr: impl Into<Stdio>) -> &mut Command {
        self.command.stderr(stderr);
        self.set[2] = true;
        self
    }

    /// Starts the command, without input, and with the output and error of the tests, where nothing else was set.
    pub fn spawn(&mut self) -> io::Result<Child> {
        if !self.set[0] {
            self.command.stdin(Stdio::null());
        }
        let child = self.command.spawn()?;
        let what = format!("{:?}", self.command);
        Ok(Child {
            watch: Watch::over(child.id(), self.limit, what),
            child: Some(child),
        })
    }

    /// Runs the command to its end without input, and returns what it prints.
    pub fn output(&mut self) -> io::Result<Output> {
        if !self.set[1] {
            self.stdout(Stdio::piped());
        }
        if !self.set[2] {
            self.stderr(Stdio::piped());
        }
        self.spawn()?.wait_with_output()
    }

    /// Runs the command to its end with an input, and returns what it prints.
    pub fn output_of(&mut self, input: &[u8]) -> io::Result<Output> {
        self.stdin(Stdio::piped());
        self.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.spawn()?;
        let mut stdin = child.stdin.take().expect("its input");
        let input = input.to_vec();
        // A command that does not read its input closes it.
        let writer = thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output();
        writer.join().expect("the writer");
        output
    }

    /// Runs the command to its end, and returns how it ended; what it prints is not shown.
    pub fn status(&mut self) -> io::Result<ExitStatus> {
        Ok(self.output()?.status)
    }
}

/// A process with a time limit; it ends with the test at the latest.
pub struct Child {
    child: Option<std::process::Child>,
    watch: Watch,
}

impl Child {
    /// Waits for the end; fails if the limit was reached.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.deref_mut().wait();
        self.watch.judge();
        status
    }

    /// Waits for the end, and returns what came through the pipes; fails if the limit was reached.
    pub fn wait_with_output(mut self) -> io::Result<Output> {
        let child = self.child.take().expect("a process");
        let output = child.wait_with_output();
        self.watch.judge();
        output
    }
}

impl Deref for Child {
    type Target = std::process::Child;

    fn deref(&self) -> &std::process::Child {
        self.child.as_ref().expect("a process")
    }
}

impl DerefMut for Child {
    fn deref_mut(&mut self) -> &mut std::process::Child {
        self.child.as_mut().expect("a process")
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// A thread that kills a process group when its time is over.
struct Watch {
    limit: Duration,
    what: String,
    killed: Arc<AtomicBool>,
    /// Ends the watch when it goes.
    _done: Sender<()>,
}

impl Watch {
    fn over(group: u32, limit: Duration, what: String) -> Watch {
        let (done, wait) = channel::<()>();
        let killed = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&killed);
        thread::spawn(move || {
            if wait.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                flag.store(true, Ordering::SeqCst);
                let mut kill = std::process::Command::new("kill");
                drop(kill.args(["-KILL", "--", &format!("-{group}")]).status());
            }
        });
        Watch {
            limit,
            what,
            killed,
            _done: done,
        }
    }

    fn judge(&self) {
        let (what, limit) = (&self.what, self.limit);
        assert!(
            !self.killed.load(Ordering::SeqCst),
            "{what}: no end after {limit:?}"
        );
    }
}
