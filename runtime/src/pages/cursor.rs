//! From page to page: which one comes next, and whether the server goes on or in a circle.
//!
//! What is found out about a page before any of its items is given makes an error that tells where to resume. What is
//! found out about the page after it does not hold its items back.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use reqwest::Url;

use crate::operation::{PageStyle, Pagination};
use crate::request::parameters;

/// How many pages in a row may have no items, where a cursor leads from one to the next.
const MOST_EMPTY: u32 = 1000;

/// Where a walk stands.
pub(super) struct Walk {
    declared: &'static Pagination,
    /// Of the page that is asked for; `None` at the beginning.
    position: Option<String>,
    /// Whether `position` is another than the caller's.
    is_moved: bool,
    /// The positions that pages were asked for, and the next one, as hashes: a cursor may be long.
    seen: HashSet<u64>,
    hasher: RandomState,
    /// The number of replies.
    replies: u64,
    /// How many items are before the page that is asked for, if that is known.
    before: Option<u64>,
    /// Of the items of the page before.
    fingerprint: Option<u64>,
    /// The size of a page that the caller set.
    own_size: Option<u64>,
    /// The size of a page, where that is too small to go on.
    size: Option<u64>,
    /// How many items came when none of them could be given.
    stuck: Option<usize>,
    /// How many pages without items came in a row.
    empty: u32,
}

/// What a reply says.
pub(super) struct Reply<'r> {
    pub(super) count: usize,
    pub(super) next: Option<String>,
    pub(super) has_more: Option<bool>,
    pub(super) total: Option<u64>,
    /// The key of an item.
    pub(super) key: &'r dyn Fn(usize) -> Option<String>,
    /// A hash of all items.
    pub(super) fingerprint: &'r dyn Fn(&RandomState) -> u64,
}

/// What is done with a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// Whether the page is given.
    pub(super) is_given: bool,
    /// How many items at its beginning are left out, as they were given before.
    pub(super) skip: usize,
    /// How many items at its end are left out, as the next page will have them too.
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

    /// Nothing of this page is given.
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
    /// A walk that begins where `url` says.
    pub(super) fn begin(declared: &'static Pagination, url: &Url) -> Result<Self, String> {
        let parameter = declared.parameter;
        let size = declared
            .size
            .and_then(|name| parameters::in_query(url, name));
        let mut walk = Self {
            declared,
            position: parameter.and_then(|name| parameters::in_query(url, name)),
            is_moved: false,
            seen: HashSet::new(),
            hasher: RandomState::new(),
            replies: 0,
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

    /// The position as a number, where it is one by its style.
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

    /// The value of the moving parameter for the page that is asked for.
    pub(super) fn position(&self) -> Option<&str> {
        self.position.as_deref()
    }

    /// Writes into `url` which page is asked for.
    pub(super) fn ask(&self, url: &mut Url) {
        if let (true, Some(name), Some(position)) =
            (self.is_moved, self.declared.parameter, &self.position)
        {
            parameters::replace_in_query(url, name, position);
        }
        if let (Some(name), Some(size)) = (self.declared.size, self.size) {
            parameters::replace_in_query(url, name, &size.to_string());
        }
    }

    /// What is done with the page that came, and what comes next.
    pub(super) fn take(&mut self, reply: &Reply<'_>) -> Step {
        let step = match self.declared.style {
            PageStyle::Cursor => self.cursor(reply),
            PageStyle::Offset | PageStyle::Page => self.counted(reply),
            PageStyle::After => self.after(reply),
            PageStyle::Sequence => self.sequence(reply),
            PageStyle::Single => single(reply),
        };
        self.replies += 1;
        step
    }

    /// Goes to a position; `false` if it was there before.
    fn go(&mut self, position: String) -> bool {
        let is_new = self.seen.insert(self.hasher.hash_one(&position));
        if is_new {
            self.position = Some(position);
            self.is_moved = true;
        }
        is_new
    }

    /// Whether the page has the very items of the one before.
    fn is_same(&mut self, reply: &Reply<'_>) -> bool {
        if reply.count == 0 {
            return false;
        }
        let fingerprint = (reply.fingerprint)(&self.hasher);
        self.fingerprint.replace(fingerprint) == Some(fingerprint)
    }

    /// The last page. One that has nothing new is given only if it is the first, which tells that there is nothing.
    fn last(&self, skip: usize, is_new: bool) -> Step {
        Step {
            is_given: is_new || self.replies == 0,
            skip,
            ..Step::give(Then::End)
        }
    }

    /// The page was there before.
    fn repetition(&self) -> Step {
        let name = self.declared.parameter.unwrap_or_default();
        Step::refuse(format!(
            "the server sends a page once more: it may ignore `{name}`"
        ))
    }

    /// A page without items.
    fn empty(&self, reply: &Reply<'_>) -> Step {
        match reply.has_more {
            Some(true) => {
                Step::refuse("the server says that there is more, and sends a page without items")
            }
            _ => self.last(0, false),
        }
    }

    /// The server's cursor decides. A page may be empty in the middle, where filters leave nothing of it.
    fn cursor(&mut self, reply: &Reply<'_>) -> Step {
        let is_same = self.is_same(reply);
        self.empty = if reply.count == 0 { self.empty + 1 } else { 0 };
        Step::give(match (reply.has_more, &reply.next) {
            (Some(false), _) | (None, None) => return self.last(0, reply.count > 0),
            (Some(true), None) => {
                Then::Fail("the server says that there is more, and gives no cursor".to_owned())
            }
            (_, Some(next)) if self.go(next.clone()) => match self.empty {
                MOST_EMPTY.. => {
                    let why = format!("{MOST_EMPTY} pages in a row have no items");
                    return Step::refuse(format!(
                        "{why}: go on where this error resumes, or give up"
                    ));
                }
                1.. if self.replies > 0 => return Step::withhold(Then::Next),
                _ => Then::Next,
            },
            _ if is_same => return self.repetition(),
            _ => Then::Fail("the server repeats a cursor that it gave before".to_owned()),
        })
    }

    /// Offsets and page numbers.
    fn counted(&mut self, reply: &Reply<'_>) -> Step {
        if self.is_same(reply) {
            return self.repetition();
        }
        let count = u64::try_from(reply.count).unwrap_or(u64::MAX);
        self.before = self.before.map(|before| before.saturating_add(count));
        // What a server says of its own accord is better than what follows from a number that may be old.
        let is_last = reply.has_more.map_or_else(
            || self.before.is_some() && self.before == reply.total,
            |has_more| !has_more,
        );
        if is_last {
            return self.last(0, reply.count > 0);
        }
        if reply.count == 0 {
            return self.empty(reply);
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

    /// The walk goes on, with pages of the usual size.
    fn advance(&mut self) {
        self.stuck = None;
        if self.own_size.is_none() {
            // The server's own size is as a rule larger than what was too small once.
            self.size = None;
        }
    }

    /// How many items at the beginning have the key after which the page was to begin: the server includes it.
    fn repeated(&self, reply: &Reply<'_>) -> usize {
        let Some(position) = &self.position else {
            return 0;
        };
        let has_it = |index: &usize| (reply.key)(*index).as_ref() == Some(position);
        (0..reply.count).take_while(has_it).count()
    }

    fn without_key(&self, skip: usize) -> Step {
        let key = self.declared.key.unwrap_or_default();
        let why = format!("the last item has no `{key}` after which the next page would begin");
        Step {
            skip,
            ..Step::give(Then::Fail(why))
        }
    }

    /// Keys that no two items share.
    fn after(&mut self, reply: &Reply<'_>) -> Step {
        let skip = self.repeated(reply);
        let last = (reply.count > skip)
            .then(|| (reply.key)(reply.count - 1))
            .flatten();
        let is_known = |key: &String| self.seen.contains(&self.hasher.hash_one(key));
        if last.as_ref().is_some_and(is_known) {
            return self.repetition();
        }
        if reply.has_more == Some(false) {
            return self.last(skip, reply.count > skip);
        }
        if reply.count == 0 {
            return self.empty(reply);
        }
        if reply.count == skip {
            return self.enlarge(reply, skip);
        }
        self.advance();
        match last {
            Some(last) => {
                self.go(last);
                Step {
                    skip,
                    ..Step::give(Then::Next)
                }
            }
            None => self.without_key(skip),
        }
    }

    /// Keys that several items may share. The end of a page may cut the items of its last key in two, and what follows it
    /// is asked for by a key. So these items are left for the next page, which begins with all of them.
    fn sequence(&mut self, reply: &Reply<'_>) -> Step {
        let skip = self.repeated(reply);
        let kept = reply.count - skip;
        if reply.has_more == Some(false) {
            return self.last(skip, kept > 0);
        }
        if reply.count == 0 {
            return self.empty(reply);
        }
        if kept == 0 {
            return self.enlarge(reply, skip);
        }
        let Some(last) = (reply.key)(reply.count - 1) else {
            return self.without_key(skip);
        };
        let of_last = |index: &usize| (reply.key)(*index).as_ref() == Some(&last);
        let hold = (skip..reply.count).rev().take_while(of_last).count();
        if hold == kept {
            return self.enlarge(reply, skip);
        }
        self.advance();
        let Some(position) = (reply.key)(reply.count - hold - 1) else {
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

    /// The page holds nothing but repetitions and items that share a key: whether these are all that have it, and what
    /// comes behind them, is seen on a larger page only.
    fn enlarge(&mut self, reply: &Reply<'_>, skip: usize) -> Step {
        let count = u64::try_from(reply.count).unwrap_or(u64::MAX);
        let largest = self.declared.largest_size.unwrap_or(u64::MAX);
        let asked = self.size.or(self.own_size);
        let has_room = asked.is_some_and(|asked| count < asked);
        let is_new = skip < reply.count;
        if reply.has_more.is_none() && (has_room || !is_new && self.declared.size.is_none()) {
            // There was room for more, and no more came.
            return self.last(skip, is_new);
        }
        let asked = asked.unwrap_or(count).max(count);
        let larger = asked.saturating_mul(2).min(largest);
        let has_grown = self.stuck.is_none_or(|before| before < reply.count);
        if has_grown && larger > asked && self.declared.size.is_some() {
            self.stuck = Some(reply.count);
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

/// One page, if the server agrees.
fn single(reply: &Reply<'_>) -> Step {
    let count = u64::try_from(reply.count).unwrap_or(u64::MAX);
    let why = if let Some(total) = reply.total.filter(|total| *total > count) {
        format!("the server sends {count} of {total} items")
    } else if reply.has_more == Some(true) || reply.next.is_some() {
        format!("the server says that there is more than these {count} items")
    } else {
        return Step::give(Then::End);
    };
    Step::give(Then::Fail(format!(
        "{why}, and the document no way to get the rest"
    )))
}
