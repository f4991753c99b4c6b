//! `spec build`: writes a crate that is generated from any document.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::commands::exit_code;
use crate::new_crate::build::{Inputs, build};
use crate::new_crate::build_report::{BuildReport, LeftOutOperation};
use crate::new_crate::runtime::RuntimeDependency;
use crate::report::format::{Format, text_or_json};
use crate::result::Result;
use crate::workspace;

/// Writes a crate that is generated from any OpenAPI 3.x document, JSON or YAML.
///
/// Prints how much of the document the crate covers. Exit code 0: every operation is in the crate.
/// 2: some operations were left out. 1: nothing could be generated, and DIR is unchanged.
#[derive(Debug, Args)]
pub struct BuildArguments {
    /// The OpenAPI document, a file. Nothing is fetched from the web.
    document: PathBuf,

    /// The directory of the crate: empty, or with a crate of an earlier build, which is replaced.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// An OpenAPI Overlay that corrects the document first.
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,

    /// The URL at which the document was found: relative server URLs are resolved against it.
    #[arg(long, value_name = "URL")]
    source: Option<String>,

    /// Depends on this version of neo-client-runtime, instead of the runtime of this workspace by
    /// path.
    #[arg(long, value_name = "VERSION")]
    runtime_version: Option<String>,

    /// Prints how exactly the types follow the document: fields that are typed exactly, widened,
    /// untyped and not described by the document, and unions by how their variants are told apart.
    #[arg(long)]
    report: bool,

    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = text_or_json())]
    format: Format,
}

/// Builds the crate and prints the report.
pub fn run(arguments: &BuildArguments) -> Result<ExitCode> {
    let BuildArguments {
        document,
        out,
        overlay,
        source,
        runtime_version,
        report: with_types,
        format,
    } = arguments;
    let runtime = match runtime_version {
        Some(version) => RuntimeDependency::Version(version.clone()),
        None => RuntimeDependency::here(),
    };
    let inputs = Inputs {
        document,
        overlay: overlay.as_deref(),
        source: source.as_deref(),
    };
    let report = build(inputs, &runtime, out)?;
    workspace::print(&match format {
        Format::Json => serde_json::to_string_pretty(&report)? + "\n",
        _ if *with_types => text(&report, out) + &types(&report),
        _ => text(&report, out),
    })?;
    Ok(exit_code::of_build(report.operations.left_out))
}

/// Returns the lines about fields and unions.
fn types(report: &BuildReport) -> String {
    let BuildReport { fields, unions, .. } = report;
    let mut text = format!(
        "fields: {} in, {} exact, {} widened, {} untyped, \
         {} undescribed by the document\n\
         unions: {} by discriminator, {} by constant, {} by JSON type, {} by properties, \
         {} by decoding, {} not told apart\n",
        fields.all,
        fields.exact,
        fields.widened,
        fields.untyped.len(),
        fields.undescribed.len(),
        unions.by_discriminator,
        unions.by_constant,
        unions.by_json_type,
        unions.by_properties,
        unions.by_decoding,
        unions.not_told_apart.len(),
    );
    for pointer in &fields.untyped {
        text += &format!("untyped: {pointer}\n");
    }
    for pointer in &fields.undescribed {
        text += &format!("undescribed: {pointer}\n");
    }
    for pointer in &unions.not_told_apart {
        text += &format!("not told apart: {pointer}\n");
    }
    text
}

fn text(report: &BuildReport, out: &std::path::Path) -> String {
    let BuildReport {
        operations,
        schemas,
        ..
    } = report;
    let mut text = format!(
        "{}: {} {} in {}\n\
         operations: {} in, {} generated, {} left out\n\
         schemas: {} in, {} exact, {} widened\n\
         ledger: {} lines, in ledger.txt\n\
         time: {:.2} s\n",
        report.document.display(),
        report.package,
        report.version,
        out.display(),
        operations.all,
        operations.generated,
        operations.left_out,
        schemas.all,
        schemas.exact,
        schemas.widened,
        report.ledger,
        report.seconds,
    );
    if !report.unused.is_empty() {
        let names = report.unused.iter().filter_map(|it| it.rsplit('/').next());
        text += &format!(
            "unused: {} components are public types although no operation uses them: {}\n",
            report.unused.len(),
            names.collect::<Vec<_>>().join(", ")
        );
    }
    for LeftOutOperation {
        pointer,
        rule,
        detail,
    } in &report.left_out
    {
        text += &format!("left out: {pointer}  {rule}  {detail}\n");
    }
    text
}
