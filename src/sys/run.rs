//! Processes: run one to its end with a time limit, or become one. Must not use a shell.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::Result;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::error::{Fault, Kind};

/// What a program may say before it is taken for broken, in bytes.
const MOST_OUTPUT: usize = 64 * 1024 * 1024;
/// The most that is handed to a program as its input: less than a pipe takes anywhere.
pub const MOST_INPUT: usize = 16 * 1024;
/// How often a silent program is asked whether it has ended and left its output open to another.
const GLANCE: Duration = Duration::from_millis(100);

/// A command to which the caller adds arguments; the only place where one is made.
#[allow(clippy::disallowed_methods)] // this is the door
pub fn command(program: impl AsRef<OsStr>) -> Command {
    Command::new(program)
}

/// Runs it to its end with no standard input and its output captured. After `limit` it is killed,
/// with what it started, and that is an error; an exit code other than 0 is not.
///
/// It runs in a process group of its own: it cannot ask questions on the terminal, and Ctrl-C does
/// not reach it. A missing program is a [`Kind::NotFound`] fault that names it.
pub fn capture(command: Command, limit: Duration) -> Result<Output> {
    capture_while(command, limit, &mut || {})
}

/// Like [`capture`], doing something else `meanwhile`: once, between its start and its answer.
pub fn capture_while(
    mut command: Command,
    limit: Duration,
    meanwhile: &mut dyn FnMut(),
) -> Result<Output> {
    command.stdin(Stdio::null());
    captured(command, limit, &mut |_| meanwhile())
}

/// Like [`capture`], with a standard input: no more than [`MOST_INPUT`], so that a pipe takes it
/// before anybody reads.
pub fn capture_fed(mut command: Command, limit: Duration, input: &[u8]) -> Result<Output> {
    if input.len() > MOST_INPUT {
        let message = format!("{} bytes are too many to hand over at once", input.len());
        return Err(Fault::new(Kind::Usage, message).hint("put the text into a file").into());
    }
    command.stdin(Stdio::piped());
    captured(command, limit, &mut |child| {
        // Who does not read it says why himself, by how he ends.
        let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input));
    })
}

fn captured(
    mut command: Command,
    limit: Duration,
    meanwhile: &mut dyn FnMut(&mut Child),
) -> Result<Output> {
    let deadline = Instant::now() + limit;
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(|error| not_started(&command, &error))?;
    meanwhile(&mut child);
    let why = match output_of(&mut child, deadline) {
        Ok(Some(output)) => return Ok(output),
        Ok(None) => format!("did not end within {limit:?}"),
        Err(error) => format!("could not be read: {error}"),
    };
    end(&mut child);
    let program = command.get_program().display();
    Err(Fault::new(Kind::Other, format!("{program} {why}")).into())
}

/// Runs it to its end with our own terminal, and without a limit: a person works in it.
pub fn stand_aside(mut command: Command) -> Result<ExitStatus> {
    command.status().map_err(|error| not_started(&command, &error).into())
}

/// Runs a program in which a person chooses from what it is fed, on our own terminal and without a
/// limit; gives how it ended and what it printed.
pub fn choose(mut command: Command, input: &[u8]) -> Result<Output> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| not_started(&command, &error))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A person may have chosen before all of it was read.
        let _ = stdin.write_all(input);
    }
    Ok(child.wait_with_output()?)
}

/// Starts a program that goes on when this one has ended: it reads nothing, writes nowhere, and is to
/// [`detach`] itself at its beginning.
pub fn leave(mut command: Command) -> Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map_err(|error| not_started(&command, &error))?;
    Ok(())
}

/// Leaves the terminal and the group of whoever started this process: their end is not its own.
pub fn detach() {
    // Whoever leads a group already has none to leave.
    let _ = rustix::process::setsid();
}

/// Replaces this process. Returns only the error.
pub fn exec(mut command: Command) -> anyhow::Error {
    let error = command.exec();
    not_started(&command, &error).into()
}

/// Where a program is: a path (anything with a `/`) as it is, else the first executable file in
/// `path_variable`. Relative folders there are passed over: they would mean whatever folder the
/// caller stands in, and that may be anybody's.
pub fn find_program(program: &str, path_variable: Option<&OsStr>) -> Option<PathBuf> {
    if program.contains('/') {
        let path = PathBuf::from(program);
        return is_executable(&path).then_some(path);
    }
    std::env::split_paths(path_variable?)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(program))
        .find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}

pub(super) fn not_started(command: &Command, error: &io::Error) -> Fault {
    let program = command.get_program().display();
    if error.kind() != io::ErrorKind::NotFound {
        return Fault::new(Kind::Other, format!("cannot start {program}: {error}"));
    }
    if let Some(folder) = command.get_current_dir().filter(|folder| !folder.is_dir()) {
        let message = format!("cannot start {program}: the folder {} is gone", folder.display());
        return Fault::new(Kind::NotFound, message);
    }
    Fault::new(Kind::NotFound, format!("the program {program} is not installed"))
        .hint("install it, or add its folder to PATH")
}

/// One of the child's two streams, until it is closed.
struct Stream {
    from: Option<File>,
    bytes: Vec<u8>,
}

impl Stream {
    fn of(pipe: Option<impl Into<OwnedFd>>) -> Stream {
        Stream { from: pipe.map(|pipe| File::from(pipe.into())), bytes: Vec::new() }
    }

    /// Takes what is there now; `poll` has said that this does not block.
    fn take(&mut self) -> io::Result<()> {
        let Some(from) = &mut self.from else { return Ok(()) };
        let mut buffer = [0; 16 * 1024];
        match from.read(&mut buffer) {
            Ok(0) => self.from = None,
            Ok(count) => self.bytes.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if self.bytes.len() > MOST_OUTPUT {
            return Err(io::Error::other("it does not stop writing"));
        }
        Ok(())
    }
}

/// Everything the child says, and how it ended; `None` if it is not done by the deadline.
fn output_of(child: &mut Child, deadline: Instant) -> io::Result<Option<Output>> {
    let mut streams = [Stream::of(child.stdout.take()), Stream::of(child.stderr.take())];
    while streams.iter().any(|stream| stream.from.is_some()) {
        let left = deadline.saturating_duration_since(Instant::now());
        let heard = listen(&mut streams, left.min(GLANCE))?;
        // A daemon that it left behind may hold the pipes open for ever.
        if !heard && (left.is_zero() || child.try_wait()?.is_some()) {
            break;
        }
    }
    let [stdout, stderr] = streams.map(|stream| stream.bytes);
    Ok(reap(child, deadline)?.map(|status| Output { status, stdout, stderr }))
}

/// Waits until a stream has something to say and takes it; whether one had.
fn listen(streams: &mut [Stream], limit: Duration) -> io::Result<bool> {
    let mut open: Vec<_> = streams.iter_mut().filter(|stream| stream.from.is_some()).collect();
    let mut polled: Vec<_> = open
        .iter()
        .filter_map(|stream| Some(PollFd::new(stream.from.as_ref()?, PollFlags::IN)))
        .collect();
    let limit = Timespec::try_from(limit).map_err(io::Error::other)?;
    match poll(&mut polled, Some(&limit)) {
        Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(false),
        Ok(_) => {}
        Err(error) => return Err(error.into()),
    }
    let ready: Vec<bool> = polled.iter().map(|polled| !polled.revents().is_empty()).collect();
    for (stream, _) in open.iter_mut().zip(ready).filter(|(_, ready)| *ready) {
        stream.take()?;
    }
    Ok(true)
}

/// Waits for the end of a child that has closed its output, which is a matter of microseconds.
fn reap(child: &mut Child, deadline: Instant) -> io::Result<Option<ExitStatus>> {
    let mut bell = None;
    let mut pause = Duration::from_micros(20);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        if bell.is_none() {
            bell = bell_of(child);
        }
        if let Some(bell) = &bell {
            let limit = Timespec::try_from(left).map_err(io::Error::other)?;
            match poll(&mut [PollFd::new(bell, PollFlags::IN)], Some(&limit)) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        } else {
            std::thread::sleep(pause.min(left));
            pause = (pause * 2).min(Duration::from_millis(10));
        }
    }
}

/// A descriptor that is readable when the child has ended; `None` where there is no such thing: on
/// another system, on an old kernel, in some sandboxes.
#[cfg(target_os = "linux")]
fn bell_of(child: &Child) -> Option<OwnedFd> {
    use rustix::process::{Pid, PidfdFlags, pidfd_open};
    // Not reaped yet, so the number is still its own.
    let pid = Pid::from_raw(i32::try_from(child.id()).ok()?)?;
    pidfd_open(pid, PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn bell_of(_: &Child) -> Option<OwnedFd> {
    None
}

/// Kills a child and what it started, and takes it off the process table.
fn end(child: &mut Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        // Not reaped yet, so the number is still its own.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test says what it expects by failing

    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    fn script(text: &str) -> Command {
        let mut sh = command("sh");
        sh.args(["-c", text]);
        sh
    }

    #[test]
    fn what_a_program_says_and_its_exit_code_come_back() {
        let output = capture(script("echo out; echo err >&2; exit 3"), LONG).unwrap();
        assert_eq!(output.stdout, b"out\n");
        assert_eq!(output.stderr, b"err\n");
        assert_eq!(output.status.code(), Some(3));
    }

    #[test]
    fn much_output_on_both_streams_does_not_get_stuck() {
        let noise = "head -c 1000000 /dev/zero >&2; head -c 3000000 /dev/zero";
        let output = capture(script(noise), LONG).unwrap();
        assert_eq!((output.stdout.len(), output.stderr.len()), (3_000_000, 1_000_000));
    }

    #[test]
    fn a_program_that_asks_gets_no_answer() {
        assert_eq!(capture(script("cat; echo done"), LONG).unwrap().stdout, b"done\n");
    }

    #[test]
    fn a_program_reads_its_input_to_the_end_or_not_at_all() {
        let mut cat = command("cat");
        cat.arg("-");
        assert_eq!(capture_fed(cat, LONG, b"one\ntwo").unwrap().stdout, b"one\ntwo");
        let input = [b'x'; MOST_INPUT];
        let deaf = capture_fed(script("exec <&-; exit 3"), LONG, &input).unwrap();
        assert_eq!(deaf.status.code(), Some(3));
    }

    #[test]
    fn a_hanging_program_is_killed_with_what_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let pids = folder.path().join("pids");
        let mut hangs = script("sleep 100 & echo $$ $! > \"$1\"; wait");
        hangs.arg("sh").arg(&pids);
        let begun = Instant::now();
        let error = capture(hangs, Duration::from_secs(1)).unwrap_err();
        assert_eq!(error.to_string(), "sh did not end within 1s");
        assert!(begun.elapsed() < Duration::from_secs(10));

        let pids = std::fs::read_to_string(pids).unwrap();
        for pid in pids.split_whitespace() {
            let mut ps = command("ps");
            ps.args(["-o", "stat=", "-p", pid]);
            let state = String::from_utf8(capture(ps, LONG).unwrap().stdout).unwrap();
            // The grandchild is not ours to reap: whoever inherits it may leave it a zombie.
            assert!(state.is_empty() || state.starts_with('Z'), "{pid} lives: {state}");
        }
        let own = pids.split_whitespace().next().unwrap().parse().unwrap();
        let own = rustix::process::Pid::from_raw(own).unwrap();
        assert!(rustix::process::test_kill_process(own).is_err(), "the child was not reaped");
    }

    #[test]
    fn a_daemon_that_is_left_behind_is_not_waited_for() {
        let begun = Instant::now();
        let output = capture(script("sleep 9 & echo started"), LONG).unwrap();
        assert_eq!(output.stdout, b"started\n");
        assert!(begun.elapsed() < Duration::from_secs(8));
    }

    #[test]
    fn a_program_that_closes_its_output_is_waited_for_but_not_past_its_limit() {
        let closes = |then: &str| script(&format!("exec >&- 2>&-; sleep {then}; exit 4"));
        let output = capture(closes("0.3"), LONG).unwrap();
        assert_eq!(output.status.code(), Some(4));
        let begun = Instant::now();
        let error = capture(closes("9"), Duration::from_millis(200)).unwrap_err();
        assert_eq!(error.to_string(), "sh did not end within 200ms");
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = capture(command("no-such-program-9"), LONG).unwrap_err();
        assert_eq!(crate::error::kind_of(&error), Kind::NotFound);
        assert_eq!(error.to_string(), "the program no-such-program-9 is not installed");

        let mut nowhere = command("true");
        nowhere.current_dir("/no/such/folder");
        let error = capture(nowhere, LONG).unwrap_err();
        assert_eq!(error.to_string(), "cannot start true: the folder /no/such/folder is gone");
    }

    #[test]
    fn only_an_executable_file_in_an_absolute_folder_is_a_program() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("folder")).unwrap();
        std::fs::copy("/bin/sh", at("real")).unwrap();
        symlink(at("real"), at("link")).unwrap();
        std::fs::copy("/bin/sh", at("data")).unwrap();
        std::fs::set_permissions(at("data"), std::fs::Permissions::from_mode(0o600)).unwrap();

        let path = std::env::join_paths([Path::new("."), Path::new("/nowhere"), folder.path()]);
        let path = path.unwrap();
        for (name, found) in [("real", true), ("link", true), ("folder", false), ("data", false)] {
            assert_eq!(find_program(name, Some(&path)), found.then(|| at(name)), "{name}");
        }
        assert_eq!(find_program("src/lib.rs", Some(&path)), None);
        assert_eq!(find_program("", Some(&path)), None);
        assert_eq!(find_program("real", None), None);
        let absolute = at("real");
        assert_eq!(find_program(absolute.to_str().unwrap(), None), Some(absolute.clone()));
    }
}
