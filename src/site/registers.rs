//! Registers: what was promised and what was learned, gathered from all entries, in each order people look for it.

use super::desk::Desk;
use super::lists::{Listed, page_path};
use super::pages::Page;
use super::session_page::commitment_state;
use super::views::{LessonLine, Link, Name, RegisterGroup, RegisterView, Tally};
use crate::entries::front_matter::Own;
use crate::findings::Finding;
use crate::kinds::Kind;
use crate::knowledge::{EntryId, Knowledge};
use crate::theme::Value;
use crate::time::Date;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// A register in one of its orders; the first order of each is its own page, the others have pages below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Register {
    /// Overdue first, then open by due day, then done.
    Commitments,
    CommitmentsByWho,
    CommitmentsBySession,
    /// Newest first, by year.
    Lessons,
    LessonsByTopic,
}

impl Register {
    pub const ALL: [Register; 5] =
        [Register::Commitments, Register::CommitmentsByWho, Register::CommitmentsBySession, Register::Lessons, Register::LessonsByTopic];

    /// The path of its first page.
    pub const fn path(self) -> &'static str {
        match self {
            Register::Commitments => "commitments/",
            Register::CommitmentsByWho => "commitments/by-who/",
            Register::CommitmentsBySession => "commitments/by-session/",
            Register::Lessons => "lessons/",
            Register::LessonsByTopic => "lessons/by-topic/",
        }
    }

    /// What it gathers: `commitments` or `lessons`.
    pub const fn what(self) -> &'static str {
        match self {
            Register::Commitments | Register::CommitmentsByWho | Register::CommitmentsBySession => "commitments",
            Register::Lessons | Register::LessonsByTopic => "lessons",
        }
    }

    /// The word for its order, in the string files.
    const fn order(self) -> &'static str {
        match self {
            Register::Commitments => "by_state",
            Register::CommitmentsByWho => "by_who",
            Register::CommitmentsBySession => "by_session",
            Register::Lessons => "by_date",
            Register::LessonsByTopic => "by_topic",
        }
    }
}

/// One line of a register: the entry it stands in, and its place there.
pub type Item = (EntryId, usize);

/// Every register that has something in it.
pub fn registers(desk: &Desk) -> HashMap<Register, Listed<Item, Name>> {
    let k = desk.k;
    let length = k.config.page_length;
    let registers = Register::ALL.into_iter().map(|register| (register, Listed::new(groups(desk, register), length)));
    registers.filter(|(_, listed)| listed.total > 0).collect()
}

fn groups(desk: &Desk, register: Register) -> Vec<(Name, Vec<Item>)> {
    let k = desk.k;
    match register {
        Register::Commitments => {
            let all = commitments(k);
            ["overdue", "open", "done"]
                .into_iter()
                .map(|code| {
                    let of = all.iter().copied().filter(|item| state(k, *item) == code).collect();
                    (plain(desk.state("commitment", code).word), of)
                })
                .collect()
        }
        Register::CommitmentsByWho => {
            let mut by: BTreeMap<(Kind, String, EntryId), Vec<Item>> = BTreeMap::new();
            for (session, at) in commitments(k) {
                let promised = k.entry(session).session().and_then(|session| session.commitments.get(at));
                for who in promised.map(|promised| k.targets(session, &promised.by)).unwrap_or_default() {
                    by.entry((k.entry(who).kind, k.entry(who).title_key.clone(), who)).or_default().push((session, at));
                }
            }
            by.into_iter().map(|((_, _, who), items)| (desk.name(who), items)).collect()
        }
        Register::CommitmentsBySession => {
            let mut all = commitments(k);
            all.sort_by_key(|(session, at)| (k.rank(*session), *at));
            all.chunk_by(|a, b| a.0 == b.0).map(|items| (desk.name(items[0].0), items.to_vec())).collect()
        }
        Register::Lessons => {
            let year = |id: EntryId| k.day(id).map_or_else(|| desk.t.get("say.without_date").to_owned(), |day| day.year().to_string());
            let all = lessons(k);
            all.chunk_by(|a, b| year(a.0) == year(b.0)).map(|items| (plain(year(items[0].0)), items.to_vec())).collect()
        }
        Register::LessonsByTopic => {
            let mut by: BTreeMap<(String, EntryId), Vec<Item>> = BTreeMap::new();
            for (id, at) in lessons(k) {
                for topic in k.facts(id).topics.iter().filter(|topic| k.has_page(**topic)) {
                    by.entry((k.entry(*topic).title_key.clone(), *topic)).or_default().push((id, at));
                }
            }
            by.into_iter().map(|((_, topic), items)| (desk.name(topic), items)).collect()
        }
    }
}

fn plain(label: String) -> Name {
    Name { label, path: None }
}

/// Everything promised in listed sessions: by due day, what has none last, then newest session first.
fn commitments(k: &Knowledge) -> Vec<Item> {
    let of = |id: EntryId| {
        let count = k.entry(id).session().map_or(0, |session| session.commitments.len());
        (0..count).map(move |at| (id, at))
    };
    let mut all: Vec<Item> = k.listed(Kind::Session).flat_map(of).collect();
    all.sort_by_cached_key(|(id, at)| {
        let due: Option<Date> = k.entry(*id).session().and_then(|session| session.commitments[*at].due.as_ref()).map(|due| due.value);
        let done = state(k, (*id, *at)) == "done";
        // What is still to do comes soonest first, what is done newest first.
        let order = if done { Err(Reverse(due)) } else { Ok((due.is_none(), due)) };
        (done, order.ok(), order.err(), k.rank(*id), *at)
    });
    all
}

fn state(k: &Knowledge, (id, at): Item) -> &'static str {
    k.entry(id).session().map_or("open", |session| commitment_state(&session.commitments[at], k.today))
}

/// Everything learned in listed sessions and case studies, newest first.
fn lessons(k: &Knowledge) -> Vec<Item> {
    let mut ids: Vec<EntryId> =
        k.listed(Kind::Session).chain(k.listed(Kind::CaseStudy)).filter(|id| !lessons_of(k, *id).is_empty()).collect();
    k.newest_first(&mut ids);
    ids.into_iter().flat_map(|id| (0..lessons_of(k, id).len()).map(move |at| (id, at))).collect()
}

fn lessons_of(k: &Knowledge, id: EntryId) -> &[crate::entries::front_matter::Text] {
    match &k.entry(id).own {
        Own::Session(session) => &session.lessons,
        Own::CaseStudy(case_study) => &case_study.lessons,
        _ => &[],
    }
}

impl Page<'_> {
    pub fn register(&self, register: Register, number: usize) -> Result<Vec<u8>, Finding> {
        let desk = &self.desk;
        let listed = &self.site.registers[&register];
        let name = |register: Register| desk.t.get(&format!("say.registers.{}", register.what())).to_owned();
        let title = name(register);
        let mut head = self.head("register", &title);
        head.breadcrumb = vec![self.home_link()];
        head.section = register.what().to_owned();
        head.description = desk.t.get(&format!("say.registers.{}_lead", register.what())).to_owned();
        if number > 1 {
            head.title = desk.t.say("say.page_of", &[("title", &title), ("n", &number.to_string())]);
        }
        let orders = Register::ALL.into_iter().filter(|other| other.what() == register.what() && self.site.registers.contains_key(other));
        let groups = listed.page(number).into_iter().enumerate().map(|(index, (name, items))| {
            let commitments = register.what() == "commitments";
            RegisterGroup {
                id: format!("fm-part-{}", index + 1),
                title: name.clone(),
                commitments: if commitments { items.iter().filter_map(|item| self.promised(*item)).collect() } else { Vec::new() },
                lessons: if commitments { Vec::new() } else { items.iter().map(|item| self.learned(*item)).collect() },
            }
        });
        let view = RegisterView {
            key: register.what(),
            lead: head.description.clone(),
            total: self.site.registers.get(&first_order(register)).map_or(listed.total, |first| first.total),
            orders: orders
                .map(|other| Name {
                    label: desk.t.get(&format!("say.registers.{}", other.order())).to_owned(),
                    path: (other != register || number > 1).then(|| desk.path(other.path())),
                })
                .collect(),
            tally: if register.what() == "commitments" && number == 1 { self.promise_tally() } else { Vec::new() },
            groups: groups.collect(),
            pager: self.pager(register.path(), number, listed.pages()),
        };
        self.render(head, vec![("register", Value::from_serializable(&view))])
    }

    fn promise_tally(&self) -> Vec<Tally> {
        let k = self.k();
        let all = commitments(k);
        let count = |code: &'static str| all.iter().filter(|item| state(k, **item) == code).count();
        let tally = |code: &'static str| Tally { state: self.desk.state("commitment", code), count: count(code) };
        ["overdue", "open", "done"].map(tally).to_vec()
    }

    fn promised(&self, (id, at): Item) -> Option<super::views::Commitment> {
        let session = self.k().entry(id).session()?;
        let mut view = self.commitment(id, session.commitments.get(at)?);
        view.session = Some(self.desk.link(id));
        Some(view)
    }

    fn learned(&self, (id, at): Item) -> LessonLine {
        let (k, desk) = (self.k(), &self.desk);
        LessonLine {
            text: lessons_of(k, id)[at].value.clone(),
            from: desk.link(id),
            kind: k.entry(id).kind.word(),
            kind_label: desk.kind_label(k.entry(id).kind),
            date: k.day(id).map(|day| desk.date(day)),
            organizations: desk.all_named(id, &k.entry(id).common.organizations),
        }
    }

    /// The way to a register, where there is one, with how much is in it.
    pub fn register_count(&self, register: Register) -> Option<(Link, usize)> {
        let listed = self.site.registers.get(&register)?;
        let noun = self.desk.t.count(&format!("say.registers.{}_noun", register.what()), listed.total);
        Some((Link { label: noun, path: self.desk.path(register.path()) }, listed.total))
    }
}

/// The order in which everything stands once.
fn first_order(register: Register) -> Register {
    if register.what() == "commitments" { Register::Commitments } else { Register::Lessons }
}

/// The path of a page of a register.
pub fn path_of(register: Register, number: usize) -> String {
    page_path(register.path(), number)
}
