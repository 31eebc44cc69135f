//! What references come to at both of their ends: what each entry is about, and who refers to it.

use super::assemble::{Followed, belongs_somewhere};
use super::references::Part;
use super::{Entries, EntryId, Shown, each_once};
use crate::kinds::Kind;
use crate::sheets::Sheets;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The two ends of the references of all entries, by entry. Shared from one time of resolving to the next.
#[derive(Debug, Clone, Default)]
pub struct Edges {
    pub said: Sheets<Said>,
    /// References to an entry, by part and by who makes them, each once; those of listed entries only.
    pub incoming: Sheets<Arc<[(Part, EntryId)]>>,
}

/// What an entry says that it is about: each once, hidden ones left out.
#[derive(Debug, Clone)]
pub struct Said {
    pub topics: Arc<[EntryId]>,
    pub communities: Arc<[EntryId]>,
}

/// What edges depend on besides references.
#[derive(Clone, Copy)]
pub struct Ends<'a> {
    pub entries: &'a Entries,
    pub shown: &'a [Shown],
    /// The community that entries belong to which name none.
    pub only_community: Option<EntryId>,
}

impl Edges {
    pub fn of(ends: Ends, followed: &[Arc<Followed>]) -> Edges {
        let said = followed.par_iter().enumerate().map(|(from, followed)| ends.said(from, followed)).collect();
        let mut incoming: Vec<Vec<(Part, EntryId)>> = vec![Vec::new(); followed.len()];
        for (from, followed) in followed.iter().enumerate().filter(|(from, _)| ends.shown[*from] == Shown::Listed) {
            for (part, to) in &followed.named {
                incoming[to.0 as usize].push((*part, EntryId(from as u32)));
            }
        }
        let incoming = incoming.into_par_iter().enumerate().map(|(to, list)| in_order(EntryId(to as u32), list)).collect();
        Edges { said, incoming }
    }

    /// After the references of some entries were followed again: `before` is where those led.
    pub fn renew(&mut self, ends: Ends, followed: &Sheets<Arc<Followed>>, before: &[(EntryId, Arc<Followed>)]) {
        for (from, before) in before {
            let now = &followed[from.at()];
            if before.named == now.named {
                continue;
            }
            self.said.set(from.at(), ends.said(from.at(), now));
            if ends.shown[from.at()] != Shown::Listed {
                continue;
            }
            let touched: BTreeSet<EntryId> = before.named.iter().chain(&now.named).map(|(_, to)| *to).collect();
            for to in touched {
                let others = self.incoming[to.at()].iter().copied().filter(|(_, other)| other != from);
                let own = now.named.iter().filter(|(_, other)| *other == to).map(|(part, _)| (*part, *from));
                let incoming = in_order(to, others.chain(own).collect());
                self.incoming.set(to.at(), incoming);
            }
        }
    }
}

/// Whoever refers to itself is not told so on its own page.
fn in_order(to: EntryId, mut incoming: Vec<(Part, EntryId)>) -> Arc<[(Part, EntryId)]> {
    incoming.retain(|(_, from)| *from != to);
    incoming.sort_unstable();
    incoming.dedup();
    incoming.into()
}

impl Ends<'_> {
    fn said(&self, from: usize, followed: &Followed) -> Said {
        let visible = |to: &EntryId| self.shown[to.0 as usize] != Shown::Hidden;
        let of = |part: Part| each_once(followed.named.iter().filter(|(p, to)| *p == part && visible(to)).map(|(_, to)| *to));
        let kind = self.entries[from].kind;
        let mut communities = of(Part::Community);
        if communities.is_empty() && kind != Kind::Community && belongs_somewhere(kind) {
            communities.extend(self.only_community.filter(visible));
        }
        Said { topics: of(Part::Topic).into(), communities: communities.into() }
    }
}
