//! Names that have no file: entries of kinds that are open, made from what others call them.

use super::lookup::{self, Lead, Lookup};
use super::{Audience, Entries, EntryId, Shown, references};
use crate::config::Config;
use crate::entries::front_matter::Visibility;
use crate::entries::{self, Entry, Origin, names};
use crate::findings::nearest::nearest;
use crate::findings::{At, Place};
use crate::kinds::Kind;
use rayon::prelude::*;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::Arc;

/// A name that has no file, and the first place that names it.
struct Named {
    name: String,
    place: Place,
    /// The most public of those who name it: a name that only a draft mentions must not give the draft away.
    shown: Shown,
}

/// The names of each kind, by their keys.
type Names = std::collections::HashMap<(Kind, String), Named, foldhash::fast::RandomState>;

/// Of all who give a name, the first place holds, and the most public of them.
fn add(names: &mut Names, kind: Kind, named: Named) {
    match names.entry((kind, names::key(&named.name))) {
        Slot::Vacant(free) => drop(free.insert(named)),
        Slot::Occupied(mut known) => {
            let known = known.get_mut();
            let shown = known.shown.max(named.shown);
            if named.place < known.place {
                *known = named;
            }
            known.shown = shown;
        }
    }
}

/// The entries that are only named, by kind and key.
pub fn named(declared: &Entries, lookup: &Lookup, config: &Config, audience: Audience) -> Vec<Arc<Entry>> {
    let open: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| config.is_open(*kind) || !has_files(declared, *kind)).collect();
    if open.is_empty() {
        return Vec::new();
    }
    let in_entries = declared
        .par_iter()
        .fold(Names::default, |mut names, entry| {
            let shown = super::assemble::shown(entry, audience);
            references::each(entry, &mut |reference, wants, _| {
                // Most references are to kinds that are closed, and looking those up here would be for nothing.
                if wants.may_be(&open)
                    && let Lead::Nothing(Some(kind), name) = lookup.follow(reference, wants)
                    && open.contains(&kind)
                    && !names::slug(&name).is_empty()
                {
                    let place = Place::new(&entry.at.file, reference.span);
                    add(&mut names, kind, Named { name, place, shown });
                }
            });
            names
        })
        .reduce(Names::default, |mut names, others| {
            others.into_iter().for_each(|((kind, _), named)| add(&mut names, kind, named));
            names
        });
    let mut first = in_entries;
    in_maps(config, lookup, &open).into_iter().for_each(|(kind, named)| add(&mut first, kind, named));
    let mut first: Vec<((Kind, String), Named)> = first.into_iter().collect();
    first.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    first.into_iter().map(|((kind, _), named)| Arc::new(as_entry(kind, named))).collect()
}

/// The names that maps give of what has no file: voices they require, and who sees to what is accepted.
fn in_maps(config: &Config, lookup: &Lookup, open: &[Kind]) -> Vec<(Kind, Named)> {
    let voices = config.maps.iter().flat_map(|map| &map.required_voices).map(|voice| (Kind::Voice, voice));
    let owners = config.maps.iter().flat_map(|map| &map.accepted).filter_map(|accepted| accepted.owner.as_ref());
    voices
        .chain(owners.map(|owner| (Kind::Person, owner)))
        .filter(|(kind, name)| open.contains(kind) && lookup.of_kind(*kind, name).is_none() && !names::slug(name).is_empty())
        .map(|(kind, name)| (kind, Named { name: name.value.clone(), place: Place::new(&config.file, name.span), shown: Shown::Listed }))
        .collect()
}

/// An entry that is as public as the most public of those who name it.
fn as_entry(kind: Kind, named: Named) -> Entry {
    let span = named.place.span;
    let mut entry = entries::named(kind, &named.name, named.place);
    let visibility = match named.shown {
        Shown::Listed => return entry,
        Shown::Unlisted => Visibility::Unlisted,
        // Whatever it is that hides the others in this build hides this one too.
        Shown::Hidden => {
            entry.common.draft = true;
            Visibility::Internal
        }
    };
    entry.common.visibility = Some(At { value: visibility, span });
    entry
}

/// Whether anybody wrote a file of this kind: from the first one on, the kind is closed.
pub fn has_files(entries: &Entries, kind: Kind) -> bool {
    lookup::of_kind(entries, kind).any(|entry| entry.origin == Origin::File)
}

/// Every entry that is only named although others of its kind have files, and the file that its name could be meant for.
/// Found once for each, because such a name can be written thousands of times.
pub fn doubtful(entries: &Entries) -> HashMap<EntryId, Option<String>> {
    let kinds = Kind::ALL.into_iter().filter(|kind| has_files(entries, *kind));
    let known: HashMap<Kind, Vec<&str>> = kinds.map(|kind| (kind, lookup::candidates(entries, kind).collect())).collect();
    let entries = entries.par_iter().enumerate().filter(|(_, entry)| entry.origin == Origin::Named);
    let near = entries.filter_map(|(index, entry)| {
        let near = nearest(&entry.id, known.get(&entry.kind)?.iter().copied()).map(str::to_owned);
        Some((EntryId(index as u32), near))
    });
    near.collect()
}
