//! Generation in a process of its own, with a limit of time and memory: what a document can do to it, an overflow of the
//! stack or of memory included, ends there and becomes an error here.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{BufWriter, Read},
    panic::catch_unwind,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    time::Duration,
};

use serde_json::Value;
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
    let mut arguments = vec![document, into];
    arguments.extend(overlay);
    let said = in_its_own(&arguments, &document.display().to_string())?;
    Ok(serde_json::from_str(&said)?)
}

/// Tries whether a document that nobody has looked at yet can be generated from.
pub fn try_to_generate(document: &Value, overlay: &Path) -> Result<()> {
    let mut file = tempfile::NamedTempFile::new()?;
    serde_json::to_writer(BufWriter::new(&mut file), document)?;
    let into = tempfile::tempdir()?;
    let tried = in_its_own(&[file.path(), into.path(), overlay], "it");
    let file = format!("{}: ", file.path().display());
    // Nobody knows the file; what the error is about, the caller says.
    tried.map(drop).map_err(|error| {
        let error = error.to_string();
        error.strip_prefix(&file).unwrap_or(&error).into()
    })
}

fn in_its_own(arguments: &[&Path], document: &str) -> Result<String> {
    let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    let mut child = Command::new(env::current_exe()?)
        .arg(COMMAND)
        .args(arguments)
        .stdin(Stdio::null())
        // Files rather than pipes: nobody has to read while it runs.
        .stdout(stdout.try_clone()?)
        .stderr(stderr.try_clone()?)
        .spawn()?;
    let Some(status) = child.wait_timeout(TIME)? else {
        child.kill()?;
        child.wait()?;
        return Err(format!("{document}: generation took more than {} s", TIME.as_secs()).into());
    };
    let said = contents(&mut stderr)?;
    if !status.success() {
        return Err(problem(document, status, &said).into());
    }
    contents(&mut stdout)
}

fn problem(document: &str, status: ExitStatus, said: &str) -> String {
    match said.lines().find_map(|line| line.strip_prefix("error: ")) {
        Some(error) => error.to_owned(),
        // Nothing was left to say it with.
        None => format!(
            "{document}: generation broke off ({status}), out of stack, memory or processor time: {}",
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
    let overlay = overlay.first().map(Path::new);
    let report = catch_unwind(|| build::generate(Path::new(document), overlay, Path::new(into)))
        .unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("this is a defect of ours: {}", said.unwrap_or("a panic")).into())
        })?;
    project::print(&serde_json::to_string(&report)?)
}
