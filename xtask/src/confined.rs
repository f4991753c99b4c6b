//! Generation in a process of its own, with a limit of time and memory: what a document can do to it, an overflow of the
//! stack or of memory included, ends there and becomes an error here.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::Read,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    time::Duration,
};

use wait_timeout::ChildExt;

use crate::{
    Result,
    build::{self, Report},
    project,
};

/// The hidden subcommand that runs in the process of its own.
pub const COMMAND: &str = "confined-generate";

/// Of the processor: twenty times what a document of 10 MB takes.
#[cfg(unix)]
const PROCESSOR: Duration = Duration::from_secs(180);

/// By the clock, for a process that waits, and for a machine that has other things to do.
const TIME: Duration = Duration::from_secs(20 * 60);

/// Address space in bytes, of which a document of 10 MB takes a quarter.
#[cfg(unix)]
const MEMORY: u64 = 4 << 30;

/// Generates a crate into an empty directory, in a process of its own.
pub fn generate(document: &Path, overlay: Option<&Path>, into: &Path) -> Result<Report> {
    let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    let mut child = Command::new(env::current_exe()?)
        .arg(COMMAND)
        .arg(document)
        .arg(into)
        .args(overlay)
        .stdin(Stdio::null())
        // Files rather than pipes: nobody has to read while it runs.
        .stdout(stdout.try_clone()?)
        .stderr(stderr.try_clone()?)
        .spawn()?;
    let Some(status) = child.wait_timeout(TIME)? else {
        child.kill()?;
        child.wait()?;
        return Err(format!(
            "{}: generation took more than {} s",
            document.display(),
            TIME.as_secs()
        )
        .into());
    };
    let said = contents(&mut stderr)?;
    if !status.success() {
        return Err(problem(document, status, &said).into());
    }
    Ok(serde_json::from_str(&contents(&mut stdout)?)?)
}

fn problem(document: &Path, status: ExitStatus, said: &str) -> String {
    match said.lines().find_map(|line| line.strip_prefix("error: ")) {
        Some(error) => error.to_owned(),
        // Nothing was left to say it with.
        None => format!(
            "{}: generation broke off ({status}), out of stack, memory or processor time: {}",
            document.display(),
            said.lines().last().unwrap_or("it said nothing"),
        ),
    }
}

fn contents(file: &mut File) -> Result<String> {
    use std::io::Seek;

    file.rewind()?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(text)
}

/// The process of its own: `DOCUMENT INTO [OVERLAY]`.
pub fn run(arguments: &[OsString]) -> Result<()> {
    #[cfg(unix)]
    {
        use rlimit::{Resource, setrlimit};

        setrlimit(Resource::AS, MEMORY, MEMORY)?;
        setrlimit(Resource::CPU, PROCESSOR.as_secs(), PROCESSOR.as_secs())?;
    }
    // What panics is isolated and told in the ledger; the trace of it is nobody's business.
    std::panic::set_hook(Box::new(|_| {}));
    let [document, into, overlay @ ..] = arguments else {
        return Err(format!("{COMMAND} DOCUMENT INTO [OVERLAY]").into());
    };
    let report = build::generate(
        Path::new(document),
        overlay.first().map(Path::new),
        Path::new(into),
    )?;
    project::print(&serde_json::to_string(&report)?)
}
