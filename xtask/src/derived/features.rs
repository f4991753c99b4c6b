//! The Cargo features of the tags, in Cargo.toml.

use neo_client_codegen::Output;

/// The lines around the features.
const BEGIN: &str = "# Tags: begin. Written by `cargo xtask spec refresh`.\n";
const END: &str = "# Tags: end.\n";

/// Returns the manifest with a feature for each tag, or `None` if it has no place for them.
pub fn edited(text: &str, output: &Output) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{}{END}{after}", features(output)))
}

fn features(output: &Output) -> String {
    let mut text = "all-tags = [\n".to_owned();
    for feature in output.features.values() {
        text += &format!("    \"{feature}\",\n");
    }
    text += "]\n";
    for feature in output.features.values() {
        text += &format!("{feature} = []\n");
    }
    text
}
