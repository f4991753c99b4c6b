//! The command line: which command, with which options.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use lexopt::{Arg, Parser, ValueExt};

use crate::exit::FailOn;
use crate::fetch::{Fetching, Source, TIMEOUT};
use crate::project::Project;
use crate::render::Format;
use crate::{Result, build, check, compare, confined, corpus, pages, refresh, report};

pub const USAGE: &str = "\
The maintainer's tool of neo-client.

Usage:
  cargo xtask spec refresh [--from URL|FILE] [--dry-run] [--allow-breaking] [--allow-shrink]
                           [--timeout SECONDS] [--format FORMAT]
      Replaces openapi.json by the live document, or by the one named, and the snapshots of what it
      generates. It must be an OpenAPI 3.x document, JSON or YAML, from which the client can be
      generated, and at least half of the present operations must still be there (--allow-shrink:
      however few). Prints what changed. A document that breaks clients is not taken over unless
      --allow-breaking is given: exit code 5. --dry-run writes nothing.
  cargo xtask spec check [--from URL|FILE] [--fail-on breaking|any|never] [--timeout SECONDS]
                         [--format FORMAT]
      Says the same and writes nothing. Exit code 0: openapi.json is in step; 4: it has drifted; 5: it
      has drifted and clients break; 1: that could not be told. --fail-on says which of these counts
      (any, if it is not given).
  cargo xtask spec diff BASE REVISION [--fail-on breaking|any|never] [--policy FILE] [--exact]
                        [--format FORMAT]
      Prints what changed between two documents, JSON or YAML. Exit code 0, or with --fail-on as of spec
      check. The Rust API is compared for the operations that changed, and estimated where that
      would take long; --exact generates both clients as a whole.
  cargo xtask spec checks
      Prints the table of what is found, and what each does in requests and in responses.

  FORMAT is text (the default), markdown, json (see xtask/diff.schema.json) github (annotations) or
  junit (a case for each change, which fails where clients break).
  spec-policy.json, or --policy, may hold other effects of checks and changes that are accepted:
      {\"effects\": {\"ID\": {\"response\": \"compatible\"}},
       \"accepted\": [{\"fingerprint\": \"…\", \"reason\": \"…\", \"date\": \"2026-01-31\"}]}

  cargo xtask spec lower [FILE]
      Prints the OpenAPI 3.0 document that progenitor is given, and on stderr what that lost.
      Without FILE: of openapi.json with overlay.json applied. With FILE: of that file alone.
  cargo xtask spec build FILE --out DIR [--overlay FILE] [--report text|json]
      Writes a complete crate into DIR, generated from any OpenAPI 3.x document, JSON or YAML, and says
      what it covers. DIR is empty or of an earlier build, which is replaced as a whole. Exit code 0: every
      operation is in; 2: some were left out; 1: nothing could be generated, and DIR is as it was.
  cargo xtask spec pages [FILE] [--format text|json]
      Lists operations that look as if they gave a list page by page and do not declare it in
      x-pagination, and those whose declaration does not hold, with why and with the declaration that
      would fit. Of openapi.json with overlay.json applied, or of FILE alone. Exit code 0: there are
      none; 4: there are.
  cargo xtask spec rules
      Prints the rules by which documents are changed for generation, as Markdown.
  cargo xtask corpus DIR [--out DIR] [--report text|json]
      Builds a crate from each document in DIR and has the compiler check it; prints a table. The crates
      are kept in --out, or else in target/corpus. Exit codes as of spec build, for all together.
";

pub enum Command {
    Help,
    Refresh(refresh::Options),
    Check(check::Options),
    Diff(compare::Options),
    Checks,
    Lower(Option<PathBuf>),
    Build(build::Options),
    Pages(pages::Options),
    Rules,
    Corpus(corpus::Options),
    Confined(Vec<OsString>),
}

/// The options of all commands.
#[derive(Default)]
struct Given {
    names: Vec<&'static str>,
    from: Option<String>,
    timeout: Option<Duration>,
    format: Option<Format>,
    fail_on: Option<FailOn>,
    policy: Option<PathBuf>,
    out: Option<PathBuf>,
    overlay: Option<PathBuf>,
    report: Option<report::Format>,
}

impl Given {
    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// Refuses the options of other commands.
    fn only(&self, command: &str, allowed: &[&str]) -> Result<()> {
        match self.names.iter().find(|name| !allowed.contains(name)) {
            Some(name) => {
                Err(format!("{name} is no option of {command}; see cargo xtask --help").into())
            }
            None => Ok(()),
        }
    }

    fn fetching(&mut self) -> Fetching {
        Fetching {
            source: self.from.take().map_or_else(Source::live, Source::named),
            timeout: self.timeout.unwrap_or(TIMEOUT),
        }
    }

    fn format(&self) -> Format {
        self.format.unwrap_or(Format::Text)
    }
}

pub fn parse(mut arguments: Parser) -> Result<(Command, Project)> {
    let mut words = Vec::new();
    let mut given = Given::default();
    let mut project = Project::here();
    while let Some(argument) = arguments.next()? {
        let name = match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok((Command::Help, project)),
            // For tests: another directory with openapi.json and overlay.json.
            Arg::Long("root") => {
                project = Project::at(arguments.value()?);
                continue;
            }
            Arg::Value(word) => {
                words.push(word);
                continue;
            }
            Arg::Long("allow-shrink") => "--allow-shrink",
            Arg::Long("allow-breaking") => "--allow-breaking",
            Arg::Long("dry-run") => "--dry-run",
            Arg::Long("exact") => "--exact",
            Arg::Long("from") => {
                given.from = Some(arguments.value()?.string()?);
                "--from"
            }
            Arg::Long("timeout") => {
                let seconds: u32 = arguments.value()?.parse()?;
                given.timeout = Some(Duration::from_secs(seconds.max(1).into()));
                "--timeout"
            }
            Arg::Long("format") => {
                given.format = Some(Format::named(&arguments.value()?.string()?)?);
                "--format"
            }
            Arg::Long("fail-on") => {
                given.fail_on = Some(FailOn::named(&arguments.value()?.string()?)?);
                "--fail-on"
            }
            Arg::Long("policy") => {
                given.policy = Some(arguments.value()?.into());
                "--policy"
            }
            Arg::Long("out") => {
                given.out = Some(arguments.value()?.into());
                "--out"
            }
            Arg::Long("overlay") => {
                given.overlay = Some(arguments.value()?.into());
                "--overlay"
            }
            Arg::Long("report") => {
                given.report = Some(report::Format::named(&arguments.value()?.string()?)?);
                "--report"
            }
            other => return Err(format!("{}; see cargo xtask --help", other.unexpected()).into()),
        };
        given.names.push(name);
    }
    Ok((command(words, given)?, project))
}

fn command(mut words: Vec<OsString>, mut given: Given) -> Result<Command> {
    let texts: Vec<String> = words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let report = given.report.unwrap_or(report::Format::Text);
    let mut file = || words.pop().map(PathBuf::from).unwrap_or_default();
    Ok(match texts.as_slice() {
        ["spec", "refresh"] => {
            given.only(
                "spec refresh",
                &[
                    "--from",
                    "--timeout",
                    "--format",
                    "--allow-shrink",
                    "--allow-breaking",
                    "--dry-run",
                ],
            )?;
            Command::Refresh(refresh::Options {
                fetching: given.fetching(),
                allow_shrink: given.has("--allow-shrink"),
                allow_breaking: given.has("--allow-breaking"),
                dry_run: given.has("--dry-run"),
                format: given.format(),
            })
        }
        ["spec", "check"] => {
            given.only(
                "spec check",
                &["--from", "--timeout", "--format", "--fail-on"],
            )?;
            Command::Check(check::Options {
                fetching: given.fetching(),
                fail_on: given.fail_on.unwrap_or(FailOn::Any),
                format: given.format(),
            })
        }
        ["spec", "diff", _, _] => {
            given.only(
                "spec diff",
                &["--format", "--fail-on", "--policy", "--exact"],
            )?;
            let (revision, base) = (file(), file());
            Command::Diff(compare::Options {
                base,
                revision,
                format: given.format(),
                fail_on: given.fail_on.unwrap_or(FailOn::Never),
                exact: given.has("--exact"),
                policy: given.policy,
            })
        }
        ["spec", "diff", ..] => return Err("spec diff needs BASE and REVISION, two files".into()),
        ["spec", "checks"] => {
            given.only("spec checks", &[])?;
            Command::Checks
        }
        ["spec", "lower"] => {
            given.only("spec lower", &[])?;
            Command::Lower(None)
        }
        ["spec", "lower", _] => {
            given.only("spec lower", &[])?;
            Command::Lower(Some(file()))
        }
        ["spec", "build", _] => {
            given.only("spec build", &["--out", "--overlay", "--report"])?;
            Command::Build(build::Options {
                document: file(),
                overlay: given.overlay,
                out: given.out.ok_or("spec build needs --out DIR")?,
                report,
            })
        }
        ["spec", "pages"] => {
            given.only("spec pages", &["--format"])?;
            Command::Pages(pages::Options {
                file: None,
                format: given.format(),
            })
        }
        ["spec", "pages", _] => {
            given.only("spec pages", &["--format"])?;
            Command::Pages(pages::Options {
                file: Some(file()),
                format: given.format(),
            })
        }
        ["spec", "rules"] => {
            given.only("spec rules", &[])?;
            Command::Rules
        }
        ["corpus", _] => {
            given.only("corpus", &["--out", "--report"])?;
            Command::Corpus(corpus::Options {
                documents: file(),
                out: given.out,
                report,
            })
        }
        [confined::COMMAND, ..] => Command::Confined(words.split_off(1)),
        [] | ["help"] => Command::Help,
        _ => {
            let text = texts.join(" ");
            return Err(format!("no such command: {text}; see cargo xtask --help").into());
        }
    })
}
