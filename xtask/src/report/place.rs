//! The line of a change in a file of the checkout, for formats that CI systems show beside code.

use crate::document::position::Position;
use crate::report::judgement::{JudgedChange, Places, Report};
use crate::rust_api::item::ApiItem;

/// Returns file and position of the changed property: in the new document, or in the old one if the
/// new one is not a file or does not have the property.
///
/// If only the new document is a file, what is gone from it has the position of its parent.
pub fn of_change<'r>(
    report: &'r Report<'_>,
    judged: &JudgedChange<'_>,
) -> Option<(&'r str, Option<Position>)> {
    let is_gone = judged.change.before.is_some() && judged.change.after.is_none();
    place(report, &judged.places, is_gone)
}

/// Returns file and position of the schema or operation that an item is generated from.
pub fn of_item<'r>(
    report: &'r Report<'_>,
    index: usize,
    item: &ApiItem,
) -> Option<(&'r str, Option<Position>)> {
    place(report, report.item_places.get(index)?, item.after.is_none())
}

fn place<'r>(
    report: &'r Report<'_>,
    places: &Places,
    is_gone: bool,
) -> Option<(&'r str, Option<Position>)> {
    let mut sides = [
        (&report.revision, places.revision),
        (&report.base, places.base),
    ];
    if is_gone {
        sides.reverse();
    }
    // Neither a URL nor a file of a git revision is a file of the checkout.
    let is_file = |name: &str| !name.contains(':');
    let files = || sides.iter().filter(|(name, _)| is_file(name));
    let exact = files().find_map(|(name, at)| Some((name.as_str(), Some((*at)?))));
    let beside = || {
        let at = places.beside?;
        is_file(&report.revision).then_some((report.revision.as_str(), Some(at)))
    };
    let start = || files().map(|(name, _)| (name.as_str(), None)).next();
    exact.or_else(beside).or_else(start)
}
