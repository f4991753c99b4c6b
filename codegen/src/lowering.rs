//! The stages in their order, with a stop between lowering and generation.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::coverage::Coverage;
use crate::error::Error;
use crate::generate;
use crate::ledger::{Effect, Ledger};
use crate::lower::{self, Lowered};
use crate::mock_data;
use crate::output::Output;
use crate::overlay::{self, IdleAction};
use crate::sample;
use crate::settings::Settings;
use crate::type_report::TypeReport;

/// A document that was corrected and lowered.
pub(crate) struct Lowering {
    /// The document after the overlay.
    document: Value,
    lowered: Lowered,
    ledger: Ledger,
    idle_actions: Vec<IdleAction>,
}

impl Lowering {
    pub(crate) fn of(
        document: &Value,
        overlay: Option<&Value>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        generate::limits::check(document)?;
        settings.runtime_path()?;
        let mut document = document.clone();
        let mut ledger = Ledger::default();
        let mut idle_actions = Vec::new();
        if let Some(overlay) = overlay {
            idle_actions = overlay::apply(&mut document, overlay)?;
            for action in &idle_actions {
                let effect = match action.is_optional {
                    true => Effect::Rewritten,
                    false => Effect::Dropped,
                };
                ledger.add("", "overlay", effect, action.to_string());
                for property in action.redacted.iter().flatten() {
                    let detail = "redacted because of its name";
                    ledger.add(property, "overlay", Effect::Rewritten, detail);
                }
            }
        }
        let mut lowered = lower::lower(&document, settings, &mut ledger)?;
        if settings.crate_path.is_some() {
            let operations = lowered.model.operations.iter();
            let pointers = operations.map(|operation| operation.pointer.clone());
            lowered.samples = pointers
                .map(|pointer| (pointer.clone(), sample::Arguments::of(&document, &pointer)))
                .collect();
        }
        Ok(Self {
            document,
            lowered,
            ledger,
            idle_actions,
        })
    }

    /// Leaves types that are the same in both clients out of both, except for their names.
    pub(crate) fn name_only_what_both_have(&mut self, other: &mut Self) {
        let common = generate::common_types(&self.lowered, &other.lowered);
        self.lowered.named_only.clone_from(&common);
        other.lowered.named_only = common;
    }

    /// Runs the stages behind lowering.
    pub(crate) fn finish(self, settings: &Settings) -> Result<Output, Error> {
        let Self {
            document,
            mut lowered,
            mut ledger,
            idle_actions,
        } = self;
        let mut made = generate::run(&mut lowered, settings, &mut ledger)?;
        let mock_data = mock_data::write(&document, &lowered.model.operations);
        made.files.files.insert("mock.json".to_owned(), mock_data);
        Ok(Output {
            files: made.files.files,
            types: published(&made.files.surface, &lowered.model),
            builders: builders(&made.files.surface),
            requests: made.requests,
            calls: made.calls,
            features: made.features,
            runtime_features: made.runtime_features,
            idle_actions,
            surface: made.files.surface,
            type_report: TypeReport::of(&lowered, &ledger),
            coverage: Coverage::of(&document, &lowered.model.operations, &ledger),
            ledger,
            setters: lowered.model.api.setters(),
            default_server: lowered.model.api.default_server(),
            server_path: server_path(&lowered.model.api),
            lowered: lowered.document,
        })
    }
}

fn server_path(api: &lower::Api) -> Option<String> {
    let first = api.own_servers().first()?;
    let is_relative = api.default_server().is_none();
    is_relative.then(|| first.with_defaults())
}

/// Returns the types with a builder, by the name of the builder.
fn builders(surface: &[String]) -> BTreeMap<String, String> {
    let built = surface.iter().filter_map(|line| {
        let rest = line.strip_prefix("fn types::")?;
        let (of, builder) = rest.split_once("::builder() -> ")?;
        Some((builder.to_owned(), of.to_owned()))
    });
    built.collect()
}

/// Returns the origins of the types that exist and have a JSON form.
fn published(surface: &[String], model: &lower::Model) -> BTreeMap<String, String> {
    surface
        .iter()
        .filter_map(|line| line.split_once(" types::"))
        .filter(|(_, name)| !model.forms.contains_key(*name))
        .filter_map(|(_, name)| model.origins.get_key_value(name))
        .map(|(name, origin)| (name.clone(), origin.clone()))
        .collect()
}
