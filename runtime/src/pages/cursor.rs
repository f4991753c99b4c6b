//! Decides from page to page which page comes next, and detects servers that loop.
//!
//! Errors found before a page is yielded carry a resume value. Errors about the following page do
//! not discard the current one.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use reqwest::Url;

use crate::operation::{PageStyle, Pagination};
use crate::text::query;

/// The maximum number of consecutive pages without items, if a cursor leads from one to the next.
const MOST_EMPTY: u32 = 1000;

/// The state of paging through a list.
pub(super) struct Walk {
    declared: &'static Pagination,
    /// The position of the requested page; `None` at the beginning.
    position: Option<String>,
    /// `true` if `position` differs from the position of the caller.
    is_moved: bool,
    /// The positions of all requested pages and of the next one, as hashes, because a cursor may be
    /// long.
    seen: HashSet<u64>,
    hasher: RandomState,
    /// The number of responses.
    responses: u64,
    /// The number of items before the requested page, if known.
    before: Option<u64>,
    /// The fingerprint of the items of the previous page.
    fingerprint: Option<u64>,
    /// The page size that the caller set.
    own_size: Option<u64>,
    /// The page size to request, if the usual size is too small to continue.
    size: Option<u64>,
    /// The number of items of a page of which none could be yielded.
    stuck: Option<usize>,
    /// The number of consecutive pages without items.
    empty: u32,
}

/// The properties of a response that paging needs.
pub(super) struct PageResponse<'r> {
    pub(super) count: usize,
    /// The number of items that do not fit their type and were left out.
    pub(super) lost: usize,
    pub(super) next: Option<String>,
    pub(super) has_more: Option<bool>,
    pub(super) total: Option<u64>,
    /// Returns the key of an item.
    pub(super) key: &'r dyn Fn(usize) -> Option<String>,
    /// Hashes all items.
    pub(super) fingerprint: &'r dyn Fn(&RandomState) -> u64,
}

/// The decision about a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// `true` if the page is yielded.
    pub(super) is_given: bool,
    /// The number of items to skip at the beginning, because they were yielded before.
    pub(super) skip: usize,
    /// The number of items to hold back at the end, because the next page repeats them.
    pub(super) hold: usize,
    pub(super) then: Then,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Then {
    Next,
    End,
    Fail(String),
}

impl Step {
    fn give(then: Then) -> Self {
        Self {
            is_given: true,
            skip: 0,
            hold: 0,
            then,
        }
    }

    /// Yields nothing of this page.
    fn withhold(then: Then) -> Self {
        let is_given = false;
        Self {
            is_given,
            ..Self::give(then)
        }
    }

    fn refuse(why: impl Into<String>) -> Self {
        Self::withhold(Then::Fail(why.into()))
    }
}

impl Walk {
    /// Creates a cursor that begins at the position in `url`.
    pub(super) fn begin(declared: &'static Pagination, url: &Url) -> Result<Self, String> {
        let parameter = declared.parameter;
        let size = declared.size.and_then(|name| query::in_query(url, name));
        let mut walk = Self {
            declared,
            position: parameter.and_then(|name| query::in_query(url, name)),
            is_moved: false,
            seen: HashSet::new(),
            hasher: RandomState::new(),
            responses: 0,
            before: Some(0),
            fingerprint: None,
            own_size: size.and_then(|text| text.parse().ok()),
            size: None,
            stuck: None,
            empty: 0,
        };
        match (declared.style, walk.number()?) {
            (PageStyle::Offset, offset) => walk.before = Some(offset.unwrap_or(0)),
            (PageStyle::Page, Some(page)) if page != declared.first => walk.before = None,
            _ => {}
        }
        if let Some(position) = &walk.position {
            walk.seen.insert(walk.hasher.hash_one(position));
        }
        Ok(walk)
    }

    /// Returns the position as a number, if the style counts.
    fn number(&self) -> Result<Option<u64>, String> {
        if !matches!(self.declared.style, PageStyle::Offset | PageStyle::Page) {
            return Ok(None);
        }
        let Some(position) = &self.position else {
            return Ok(None);
        };
        let number = position.parse().map_err(|_| {
            let name = self.declared.parameter.unwrap_or_default();
            format!("{name}: pages cannot be counted from there")
        })?;
        Ok(Some(number))
    }

    /// Returns the value of the paging parameter for the requested page.
    pub(super) fn position(&self) -> Option<&str> {
        self.position.as_deref()
    }

    /// Writes the requested position into `url`.
    pub(super) fn ask(&self, url: &mut Url) {
        if let (true, Some(name), Some(position)) =
            (self.is_moved, self.declared.parameter, &self.position)
        {
            query::replace_in_query(url, name, position);
        }
        if let (Some(name), Some(size)) = (self.declared.size, self.size) {
            query::replace_in_query(url, name, &size.to_string());
        }
    }

    /// Decides what happens with the page that arrived, and which page comes next.
    pub(super) fn take(&mut self, page: &PageResponse<'_>) -> Step {
        let step = match self.declared.style {
            PageStyle::Cursor => self.cursor(page),
            PageStyle::Offset | PageStyle::Page => self.counted(page),
            PageStyle::After | PageStyle::Sequence => self.keyed(page),
        };
        self.responses += 1;
        step
    }

    /// Moves to a position; returns `false` if it was visited before.
    fn go(&mut self, position: String) -> bool {
        let is_new = self.seen.insert(self.hasher.hash_one(&position));
        if is_new {
            self.position = Some(position);
            self.is_moved = true;
        }
        is_new
    }

    /// Returns whether the page has the same items as the previous one.
    fn is_same(&mut self, page: &PageResponse<'_>) -> bool {
        if page.count == 0 {
            return false;
        }
        let fingerprint = (page.fingerprint)(&self.hasher);
        self.fingerprint.replace(fingerprint) == Some(fingerprint)
    }

    /// Ends with this page. A page without new items is yielded only if it is the first, to show
    /// that there are none.
    fn last(&self, skip: usize, is_new: bool) -> Step {
        Step {
            is_given: is_new || self.responses == 0,
            skip,
            ..Step::give(Then::End)
        }
    }

    /// The page was visited before.
    fn repetition(&self) -> Step {
        let name = self.declared.parameter.unwrap_or_default();
        Step::refuse(format!(
            "the server sends a page once more: it may ignore `{name}`"
        ))
    }

    /// Handles a page without items.
    fn empty(&self, page: &PageResponse<'_>) -> Step {
        match page.has_more {
            Some(true) => {
                Step::refuse("the server says that there is more, and sends a page without items")
            }
            _ => self.last(0, false),
        }
    }

    /// Follows the cursor of the server. A page in the middle may be empty if filters remove all of
    /// its items.
    fn cursor(&mut self, page: &PageResponse<'_>) -> Step {
        let is_same = self.is_same(page);
        let is_empty = page.count == 0 && page.lost == 0;
        self.empty = if is_empty { self.empty + 1 } else { 0 };
        Step::give(match (page.has_more, &page.next) {
            (Some(false), _) | (None, None) => return self.last(0, page.count > 0),
            (Some(true), None) => {
                Then::Fail("the server says that there is more, and gives no cursor".to_owned())
            }
            // Some servers never end a cursor: behind the last page it leads to itself.
            (None, Some(next)) if is_empty && self.position.as_ref() == Some(next) => {
                return self.last(0, false);
            }
            (_, Some(next)) if self.go(next.clone()) => match self.empty {
                MOST_EMPTY.. => {
                    let why = format!("{MOST_EMPTY} pages in a row have no items");
                    return Step::refuse(format!(
                        "{why}: go on where this error resumes, or give up"
                    ));
                }
                1.. if self.responses > 0 => return Step::withhold(Then::Next),
                _ => Then::Next,
            },
            _ if is_same => return self.repetition(),
            _ => Then::Fail("the server repeats a cursor that it gave before".to_owned()),
        })
    }

    /// Follows offsets and page numbers.
    fn counted(&mut self, page: &PageResponse<'_>) -> Step {
        if self.is_same(page) {
            return self.repetition();
        }
        let count = u64::try_from(page.count + page.lost).unwrap_or(u64::MAX);
        self.before = self.before.map(|before| before.saturating_add(count));
        // An explicit statement of the server is better than a conclusion from a total that may be
        // outdated.
        let is_last = page.has_more.map_or_else(
            || self.before.is_some() && self.before == page.total,
            |has_more| !has_more,
        );
        if is_last {
            return self.last(0, page.count > 0);
        }
        if count == 0 {
            return self.empty(page);
        }
        let next = match (self.declared.style, self.number().ok().flatten()) {
            (PageStyle::Offset, number) => number.unwrap_or(0).checked_add(count),
            (_, number) => number.unwrap_or(self.declared.first).checked_add(1),
        };
        match next {
            Some(next) if self.go(next.to_string()) => Step::give(Then::Next),
            _ => {
                let name = self.declared.parameter.unwrap_or_default();
                Step::give(Then::Fail(format!("`{name}` cannot count any further")))
            }
        }
    }

    /// Continues with pages of the usual size.
    fn advance(&mut self) {
        self.stuck = None;
        if self.own_size.is_none() {
            // The default size of the server is usually larger than the size that was too small
            // once.
            self.size = None;
        }
    }

    /// Returns how many items at the beginning have the key after which the page was to begin,
    /// which means that the server includes that key.
    fn repeated(&self, page: &PageResponse<'_>) -> usize {
        let Some(position) = &self.position else {
            return 0;
        };
        let has_it = |index: &usize| (page.key)(*index).as_ref() == Some(position);
        (0..page.count).take_while(has_it).count()
    }

    fn without_key(&self, skip: usize) -> Step {
        let key = self.declared.key.unwrap_or_default();
        let why = format!("the last item has no `{key}` after which the next page would begin");
        Step {
            skip,
            ..Step::give(Then::Fail(why))
        }
    }

    /// Chooses pages by the key of an item.
    ///
    /// In the style [`PageStyle::Sequence`], several items may share a key, and the end of a page
    /// may separate them. So the items with the last key are held back: the next page begins with
    /// all of them.
    fn keyed(&mut self, page: &PageResponse<'_>) -> Step {
        let skip = self.repeated(page);
        let kept = page.count - skip;
        let last = (kept > 0).then(|| (page.key)(page.count - 1)).flatten();
        let is_known = |key: &String| self.seen.contains(&self.hasher.hash_one(key));
        if last.as_ref().is_some_and(is_known) {
            return self.repetition();
        }
        if page.has_more == Some(false) {
            return self.last(skip, kept > 0);
        }
        if page.count == 0 && page.lost > 0 {
            let why = "no item of a page can be read, so it is unknown where the next page begins";
            return Step::refuse(why);
        }
        if page.count == 0 {
            return self.empty(page);
        }
        let hold = match (self.declared.style, &last) {
            (PageStyle::Sequence, Some(last)) => {
                let has_last = |index| (page.key)(index).as_ref() == Some(last);
                let mut hold = 0;
                while hold < kept && has_last(page.count - 1 - hold) {
                    hold += 1;
                }
                hold
            }
            _ => 0,
        };
        if hold == kept {
            return self.enlarge(page, skip);
        }
        self.advance();
        let position = match hold {
            0 => last,
            _ => (page.key)(page.count - hold - 1),
        };
        let Some(position) = position else {
            return self.without_key(skip);
        };
        if !self.go(position) {
            return self.repetition();
        }
        Step {
            skip,
            hold,
            ..Step::give(Then::Next)
        }
    }

    /// The page holds only repeated items and items that share a key. Only a larger page shows
    /// whether these are all items with the key.
    fn enlarge(&mut self, page: &PageResponse<'_>, skip: usize) -> Step {
        let count = u64::try_from(page.count).unwrap_or(u64::MAX);
        let largest = self.declared.largest_size.unwrap_or(u64::MAX);
        let asked = self.size.or(self.own_size);
        let has_room = asked.is_some_and(|asked| count < asked);
        let is_new = skip < page.count;
        if page.has_more.is_none() && (has_room || !is_new && self.declared.size.is_none()) {
            // The page had room for more, and no more came.
            return self.last(skip, is_new);
        }
        let asked = asked.unwrap_or(count).max(count);
        let larger = asked.saturating_mul(2).min(largest);
        let has_grown = self.stuck.is_none_or(|before| before < page.count);
        if has_grown && larger > asked && self.declared.size.is_some() {
            self.stuck = Some(page.count);
            self.size = Some(larger);
            return Step::withhold(Then::Next);
        }
        let key = self.declared.key.unwrap_or_default();
        let name = self.declared.parameter.unwrap_or_default();
        Step::refuse(format!(
            "the server sends no more than these {count} items, which have the same `{key}` or were given before: where \
             the next page begins cannot be said, and it may ignore `{name}`"
        ))
    }
}
