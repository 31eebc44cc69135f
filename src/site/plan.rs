//! The plan of a site: all lists and all addresses, known only when everything has been looked at together.

use super::Site;
use super::addresses::{Addresses, Claims, Settled};
use super::calendars::{Calendars, Scope};
use super::claims::Wishes;
use super::gathered::{self, Gathering};
use super::lists::{self, Listed, Sub};
use super::orders::Order;
use super::registers::{self, Registers};
use super::small_months::SmallMonths;
use crate::findings::{Checked, Finding};
use crate::kinds::Kind;
use crate::knowledge::EntryId;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All lists and all addresses of a site: what is known only when everything has been looked at together.
#[derive(Debug)]
pub struct Plan {
    pub calendars: Calendars,
    /// What is gathered from all entries, in each order.
    pub registers: Registers,
    pub gathered: HashMap<Gathering, Listed>,
    /// What each person is to review, by the day.
    pub reviews: BTreeMap<EntryId, Vec<EntryId>>,
    /// Lists that are too long for one page, by whom they belong to.
    pub lists: HashMap<(EntryId, Sub), Listed>,
    pub indexes: HashMap<(Kind, Order), Listed>,
    pub addresses: Arc<Addresses>,
}

/// The addresses that a knowledge base had when they were given last, for its next state: often they are the same again.
#[derive(Debug, Clone, Default)]
pub struct Remembered(Arc<Mutex<Settled>>);

impl Remembered {
    fn lock(&self) -> MutexGuard<'_, Settled> {
        self.0.lock().unwrap_or_else(|poisoned| {
            // Whoever held it did not come to an end, so what it holds may be half of something.
            let mut settled = PoisonError::into_inner(poisoned);
            *settled = Settled::default();
            self.0.clear_poison();
            settled
        })
    }
}

impl Site {
    /// Plans every list and every route. Two things at one address are an error that names both.
    fn make_plan(&self) -> Checked<Plan> {
        let (knowledge, theme) = (&self.knowledge, &self.theme);
        let mut findings = Vec::new();
        // All are made of the same entries, and none needs another.
        let desk = self.desk();
        let (calendars, ((indexes, lists), (registers, gathered))) = rayon::join(
            || {
                let mut calendars = Calendars::of(knowledge);
                let mut findings = Vec::new();
                calendars.small = SmallMonths::draw(&desk, theme, &calendars.years(knowledge, Scope::Site), &mut findings);
                Checked::new(calendars, findings)
            },
            || {
                let lists = || rayon::join(|| lists::indexes(&desk), || lists::parts(&desk));
                rayon::join(lists, || rayon::join(|| registers::registers(&desk), || gathered::gathered(&desk)))
            },
        );
        findings.extend(calendars.findings);
        let calendars = calendars.value;
        let reviews = registers::reviews_of_owners(knowledge);
        let wishes = Wishes {
            knowledge,
            calendars: &calendars,
            registers: &registers,
            gathered: &gathered,
            reviews: &reviews,
            indexes: &indexes,
            lists: &lists,
            assets: &self.assets,
            statics: &self.statics,
            beside: &self.beside,
            links: self.links,
        };
        let addresses = self.settle(wishes);
        findings.extend(addresses.findings);
        Checked::new(Plan { calendars, registers, gathered, reviews, lists, indexes, addresses: Arc::new(addresses.value) }, findings)
    }

    /// Gives everybody their address: the ones of before, where nobody wants another.
    fn settle(&self, wishes: Wishes) -> Checked<Addresses> {
        let mut settled = self.remembered.lock();
        let again = (!settled.is_empty()).then(|| wishes.claim(|half| Claims::as_before(&settled, half)));
        let again = again.and_then(|(first, second)| settled.again(first, second));
        again.unwrap_or_else(|| {
            let (first, second) = wishes.claim(|_| Claims::default());
            Claims::settle(first, second, &mut settled)
        })
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.planned().value
    }

    pub(super) fn planned(&self) -> &Checked<Plan> {
        // The plan is made of it.
        self.knowledge.complete();
        self.plan.get_or_make(|| self.make_plan())
    }

    /// What there is to tell about all lists and addresses together, which is known when the site has been looked at as a
    /// whole.
    pub fn findings_of_plan(&self) -> &[Finding] {
        &self.planned().findings
    }
}
