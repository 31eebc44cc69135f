//! Names that have no file: entries of kinds that are open, made from what others call them.

use super::lookup::{Lead, Lookup};
use super::references;
use crate::config::Config;
use crate::entries::{self, Entry, Origin, names};
use crate::findings::Place;
use crate::kinds::Kind;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The entries that are only named, by kind and key; each with the first place that names it.
pub fn named(declared: &[Arc<Entry>], lookup: &Lookup, config: &Config) -> Vec<Arc<Entry>> {
    let open: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| config.is_open(*kind) || !has_files(declared, *kind)).collect();
    if open.is_empty() {
        return Vec::new();
    }
    let names: Vec<Vec<(Kind, String, String, Place)>> = declared
        .par_iter()
        .map(|entry| {
            let mut missing = Vec::new();
            references::each(entry, &mut |reference, wants, _| {
                if let Lead::Nothing(Some(kind), name) = lookup.follow(reference, wants)
                    && open.contains(&kind)
                    && !names::slug(&name).is_empty()
                {
                    missing.push((kind, names::key(&name), name, Place::new(&entry.at.file, reference.span)));
                }
            });
            missing
        })
        .collect();
    let mut first: BTreeMap<(Kind, String), (String, Place)> = BTreeMap::new();
    for (kind, key, name, place) in names.into_iter().flatten() {
        let known = first.entry((kind, key)).or_insert_with(|| (name.clone(), place.clone()));
        if place < known.1 {
            *known = (name, place);
        }
    }
    first.into_iter().map(|((kind, _), (name, place))| Arc::new(entries::named(kind, &name, place))).collect()
}

/// Whether anybody wrote a file of this kind: from the first one on, the kind is closed.
pub fn has_files(entries: &[Arc<Entry>], kind: Kind) -> bool {
    let start = entries.partition_point(|entry| entry.kind < kind);
    entries[start..].iter().take_while(|entry| entry.kind == kind).any(|entry| entry.origin == Origin::File)
}
