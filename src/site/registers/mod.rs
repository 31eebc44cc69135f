//! Registers: what entries say in passing, gathered from all of them, in each order people look for it.
//!
//! Each register has a file of its own here, which says what belongs into it and how a line of it is put together.

mod a_z;
mod commitments;
mod counted;
mod lessons;
mod promises;
mod reviews;
mod success;
mod voices;
mod who_knows;

use super::desk::Desk;
use super::lists::{Listed, page_path};
use super::orders::{self, Order};
use super::pages::Page;
use super::views::{Count, Lines, Link, Name, RegisterGroup, RegisterView, Tally};
use crate::findings::Finding;
use crate::kinds::Kind;
use crate::knowledge::EntryId;
use crate::knowledge::calendar::Occasion;
use crate::theme::Value;
use rayon::prelude::*;
use std::collections::HashMap;

pub use commitments::commitment_at;
pub use reviews::of_owner as reviews_of_owners;
pub use voices::summary as voice_summary;
pub use who_knows::KNOWERS;

/// What is gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    Commitments,
    Lessons,
    /// Questions to carry away from sessions.
    Takeaways,
    /// How communities would know that they work.
    Success,
    /// What is due to be looked at again.
    Reviews,
    /// What the community said it would do and has not done.
    Promises,
    WhoKnows,
    /// Which voices are heard where.
    Voices,
    /// Titles and other names from A to Z.
    AToZ,
    Places,
    Years,
}

impl What {
    pub const ALL: [What; 11] = [
        What::Commitments,
        What::Lessons,
        What::Takeaways,
        What::Success,
        What::Reviews,
        What::Promises,
        What::WhoKnows,
        What::Voices,
        What::AToZ,
        What::Places,
        What::Years,
    ];

    /// Its folder, and its word in templates.
    pub const fn word(self) -> &'static str {
        match self {
            What::Commitments => "commitments",
            What::Lessons => "lessons",
            What::Takeaways => "takeaways",
            What::Success => "success",
            What::Reviews => "reviews",
            What::Promises => "promises",
            What::WhoKnows => "who-knows",
            What::Voices => "voices",
            What::AToZ => "a-z",
            What::Places => "places",
            What::Years => "years",
        }
    }

    /// The orders it can be read in; each has everything once, or under each name it belongs to.
    const fn orders(self) -> &'static [Order] {
        match self {
            What::Commitments => &[Order::State, Order::Who, Order::Session],
            What::Lessons => &[Order::Date, Order::Topic],
            What::Takeaways => &[Order::Date, Order::Series],
            What::Success => &[Order::Community, Order::Audience],
            What::Reviews => &[Order::Owner, Order::Due],
            What::Promises => &[Order::State],
            What::WhoKnows => &[Order::Topic, Order::Risk, Order::Name],
            What::Voices => &[Order::Topic, Order::Session],
            What::AToZ | What::Places => &[Order::Title],
            What::Years => &[Order::Date],
        }
    }

    /// The path of its first page in an order. The index of voices has the folder of its own, so tables of them stand below.
    fn path(self, order: Order) -> String {
        match self {
            What::Voices => format!("{}/{}/", self.word(), order.folder()),
            _ => orders::path(self.word(), self.orders(), order),
        }
    }

    /// How many lines stand on a page, as a multiple of the usual: titles take little room.
    const fn long(self) -> usize {
        match self {
            What::AToZ => 4,
            _ => 1,
        }
    }
}

/// A register in one of its orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Register {
    pub what: What,
    pub order: Order,
}

impl Register {
    /// All there can be, in the order in which they claim their addresses.
    pub fn all() -> impl Iterator<Item = Register> {
        What::ALL.into_iter().flat_map(|what| what.orders().iter().map(move |order| Register { what, order: *order }))
    }

    /// The order in which everything stands once.
    pub fn first(what: What) -> Register {
        Register { what, order: what.orders()[0] }
    }

    /// The path of a page of it.
    pub fn page_path(self, number: usize) -> String {
        page_path(&self.what.path(self.order), number)
    }
}

/// One line of a register: where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A commitment of a session.
    Promised(EntryId, usize),
    /// A lesson of a session or a case study.
    Learned(EntryId, usize),
    /// A takeaway of a session.
    Takeaway(EntryId, usize),
    /// A measure of a community.
    Measure(EntryId, usize),
    /// An entry that is due.
    Review(EntryId),
    /// Held, and not written up.
    Unwritten(Occasion),
    /// A topic of a series' curriculum without a session.
    NotDelivered(EntryId, EntryId),
    /// A session whose recording has neither transcript nor captions.
    Untranscribed(EntryId),
    /// A topic, and how deep it stands in its tree.
    Topic(EntryId, u8),
    /// A person or an organization.
    Who(EntryId),
    Session(EntryId),
    /// An entry under its title.
    Title(EntryId),
    /// An entry under one of its synonyms.
    See(EntryId, usize),
    /// A place, by its number.
    Place(usize),
    Year(i16),
}

/// The heading of a part.
#[derive(Debug, Clone)]
pub struct Heading {
    pub name: Name,
    pub about: Option<String>,
    /// The person it belongs to.
    pub person: Option<EntryId>,
}

impl Heading {
    fn plain(label: String) -> Heading {
        Heading { name: Name { label, path: None }, about: None, person: None }
    }

    fn named(name: Name) -> Heading {
        Heading { name, about: None, person: None }
    }
}

/// Parts with one more for whatever belongs to none of them; none at all where nothing belongs to any.
fn with_rest(mut parts: Parts, title: String, rest: Vec<Item>) -> Parts {
    if !parts.is_empty() {
        parts.push((Heading::plain(title), rest));
    }
    parts
}

/// The parts of a register in one of its orders.
pub type Parts = Vec<(Heading, Vec<Item>)>;

pub type Registers = HashMap<Register, Listed<Item, Heading>>;

/// Every register that has something in it.
pub fn registers(desk: &Desk) -> Registers {
    let length = desk.k.config.page_length;
    let all: Vec<Register> = Register::all().collect();
    all.into_par_iter()
        .map(|register| (register, Listed::new(parts(desk, register), length * register.what.long())))
        // Every page leads to the list of everything, even where there is nothing yet.
        .filter(|(register, listed)| listed.total > 0 || *register == Register::first(What::AToZ))
        .collect()
}

fn parts(desk: &Desk, register: Register) -> Parts {
    match register.what {
        What::Commitments => commitments::parts(desk, register.order),
        What::Lessons => lessons::lessons(desk, register.order),
        What::Takeaways => lessons::takeaways(desk, register.order),
        What::Success => success::parts(desk, register.order),
        What::Reviews => reviews::parts(desk, register.order),
        What::Promises => promises::parts(desk),
        What::WhoKnows => who_knows::parts(desk, register.order),
        What::Voices => voices::parts(desk, register.order),
        What::AToZ => a_z::parts(desk),
        What::Places => counted::places(desk),
        What::Years => counted::years(desk),
    }
}

impl Page<'_> {
    /// A page of a register.
    pub fn register(&self, register: Register, number: usize) -> Result<Vec<u8>, Finding> {
        let desk = &self.desk;
        let what = register.what;
        let listed = &self.site.plan().registers[&register];
        let title = desk.t.get(&format!("say.registers.{}.title", what.word())).to_owned();
        let mut head = self.head("register", &title);
        head.breadcrumb = vec![self.home_link()];
        if what == What::Voices {
            head.breadcrumb.extend(self.index_link(Kind::Voice));
        }
        head.section = what.word().to_owned();
        head.description = desk.t.get(&format!("say.registers.{}.lead", what.word())).to_owned();
        head.title = self.title_of(&title, what.orders(), register.order, number);
        let groups = match what {
            What::Voices => self.voice_groups(listed, number),
            _ => listed.page(number).into_iter().enumerate().map(|(index, part)| self.group(register, index, part)).collect(),
        };
        let view = RegisterView {
            key: what.word(),
            lead: head.description.clone(),
            total: self.site.plan().registers.get(&Register::first(what)).map_or(listed.total, |first| first.total),
            orders: self.register_orders(what, (number == 1).then_some(register.order)),
            tally: if number == 1 { self.register_tally(what) } else { Vec::new() },
            lists: if what == What::AToZ && number == 1 { self.all_lists() } else { Vec::new() },
            jumps: if what == What::AToZ { self.letters(listed) } else { Vec::new() },
            groups,
            pager: self.pager(&what.path(register.order), number, listed.pages()),
        };
        self.render(head, vec![("register", Value::from_serializable(&view))])
    }

    /// The ways to the orders of a register that have something in them.
    pub fn register_orders(&self, what: What, shown: Option<Order>) -> Vec<Name> {
        let there =
            what.orders().iter().copied().filter(|order| self.site.plan().registers.contains_key(&Register { what, order: *order }));
        let first = (what == What::Voices).then(|| self.index_link(Kind::Voice)).flatten();
        let first = first.map(|link| Name { label: link.label, path: Some(link.path) });
        first.into_iter().chain(orders::ways(&self.desk, there.map(|order| (order, what.path(order))), shown)).collect()
    }

    fn group(&self, register: Register, index: usize, (heading, items, count): (&Heading, &[Item], usize)) -> RegisterGroup {
        RegisterGroup {
            id: format!("fm-part-{}", index + 1),
            title: heading.name.clone(),
            count,
            about: heading.about.clone(),
            subscribe: heading.person.and_then(|person| self.review_subscription(person)),
            lines: self.lines(register, items),
        }
    }

    /// A table for every few voices, each with the same rows.
    fn voice_groups(&self, listed: &Listed<Item, Heading>, number: usize) -> Vec<RegisterGroup> {
        let items: Vec<Item> = listed.page(number).into_iter().flat_map(|(_, items, _)| items.iter().copied()).collect();
        let group = |(index, (label, table)): (usize, (String, _))| RegisterGroup {
            id: format!("fm-part-{}", index + 1),
            title: Name { label, path: None },
            count: listed.total,
            about: None,
            subscribe: None,
            lines: Lines::Voices(table),
        };
        self.voice_tables(&items).into_iter().enumerate().map(group).collect()
    }

    fn lines(&self, register: Register, items: &[Item]) -> Lines {
        match register.what {
            What::Commitments => Lines::Commitments(items.iter().filter_map(|item| self.promised(*item)).collect()),
            What::Lessons | What::Takeaways => Lines::Texts(items.iter().filter_map(|item| self.said(*item)).collect()),
            What::Success => Lines::Success(items.iter().filter_map(|item| self.measure(register.order, *item)).collect()),
            What::Reviews => Lines::Reviews(items.iter().filter_map(|item| self.due(register.order, *item)).collect()),
            What::Promises => self.promise_lines(items),
            What::WhoKnows if register.order == Order::Name => {
                Lines::Knowers(items.iter().filter_map(|item| self.knower_line(*item)).collect())
            }
            What::WhoKnows => Lines::Knowledge(items.iter().filter_map(|item| self.knowledge_line(*item)).collect()),
            What::AToZ | What::Voices => Lines::Titles(items.iter().filter_map(|item| self.title_line(*item)).collect()),
            What::Places | What::Years => Lines::Counted(items.iter().filter_map(|item| self.counted_line(*item)).collect()),
        }
    }

    fn register_tally(&self, what: What) -> Vec<Tally> {
        match what {
            What::Commitments => self.promise_tally(),
            What::Reviews => self.review_tally(),
            What::WhoKnows => self.hold_tally(),
            _ => Vec::new(),
        }
    }

    /// The way to a register, where there is one, with how much is in it.
    pub fn register_count(&self, what: What) -> Option<Count> {
        let register = Register::first(what);
        let listed = self.site.plan().registers.get(&register)?;
        let count = if what == What::Voices { return None } else { listed.total };
        let path = self.desk.path(&what.path(register.order));
        Some(Count {
            kind: what.word(),
            label: self.desk.t.count(&format!("say.registers.{}.noun", what.word()), count),
            count,
            path: Some(path),
        })
    }

    /// The way to a register, where there is one.
    pub fn register_link(&self, what: What) -> Option<Link> {
        let register = Register::first(what);
        self.site.plan().registers.get(&register)?;
        let label = self.desk.t.get(&format!("say.registers.{}.title", what.word())).to_owned();
        Some(Link { label, path: self.desk.path(&what.path(register.order)) })
    }
}
