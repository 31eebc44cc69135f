//! What authors are told of maps: names in the configuration and in entries that no map knows.

use super::Outline;
use super::axis::Side;
use super::gate::Limit;
use super::letters::Gap;
use crate::config::Axis;
use crate::entries::names;
use crate::findings::nearest::nearest;
use crate::findings::{At, Finding, Place, catalogue};
use crate::kinds::Kind;
use crate::knowledge::Knowledge;
use crate::knowledge::lookup;

/// The declarations of maps.
pub fn maps(k: &Knowledge, maps: &[Outline], findings: &mut Vec<Finding>) {
    let at = |span| Place::new(&k.config.file, span);
    for (number, map) in maps.iter().enumerate() {
        let id = &map.map.id;
        if names::slug(id) != id.value {
            findings.push(catalogue::map_id(at(id.span), id, &names::slug(id)));
        }
        if let Some(first) = maps[..number].iter().find(|other| other.map.id.value == id.value) {
            findings.push(catalogue::map_declared_twice(at(id.span), id, at(first.map.id.span)));
        }
        for (side, axis) in [(&map.rows, &map.map.rows), (&map.columns, &map.map.columns)] {
            if side.items.is_empty() {
                findings.push(empty(k, map, axis));
            }
        }
        if map.is_empty() {
            continue;
        }
        for (name, _) in &map.map.priority {
            if map.rows.named(k, name).is_none() && map.columns.named(k, name).is_none() {
                let near = map.rows.near(name).or_else(|| map.columns.near(name));
                findings.push(catalogue::unknown_cell(at(name.span), "row or column", name, near, id));
            }
        }
        let cells = map.map.not_applicable.iter().map(|not| (&not.row, &not.col));
        for (row, column) in cells.chain(map.map.accepted.iter().map(|accepted| (&accepted.row, &accepted.col))) {
            sides(k, map, &k.config.file, row, column, findings);
        }
        for accepted in map.map.accepted.iter().filter(|accepted| accepted.until.value <= k.today) {
            findings.push(catalogue::acceptance_over(at(accepted.until.span), &accepted.until.value.to_string()));
        }
        let voices = map.map.required_voices.iter().map(|voice| (Kind::Voice, voice));
        let owners = map.map.accepted.iter().filter_map(|accepted| accepted.owner.as_ref()).map(|owner| (Kind::Person, owner));
        for (kind, name) in voices.chain(owners).filter(|(kind, name)| k.lookup().of_kind(*kind, name).is_none()) {
            let near = nearest(name, lookup::candidates(k.entries(), kind));
            findings.push(catalogue::unknown_reference(at(name.span), kind, name, near));
        }
    }
}

fn empty(k: &Knowledge, map: &Outline, axis: &Axis) -> Finding {
    match axis {
        Axis::Topics(dimension) => {
            let mut known: Vec<&str> = k.listed(Kind::Topic).filter_map(|id| k.entry(id).topic()).map(|topic| topic.dimension()).collect();
            known.sort_unstable();
            known.dedup();
            let near = nearest(dimension, known.iter().copied());
            catalogue::no_such_dimension(Place::new(&k.config.file, dimension.span), dimension, near, &known)
        }
        _ => catalogue::map_without_cells(Place::new(&k.config.file, map.map.id.span), &map.map.id),
    }
}

fn sides(k: &Knowledge, map: &Outline, file: &std::sync::Arc<str>, row: &At<String>, column: &At<String>, findings: &mut Vec<Finding>) {
    let mut check = |side: &Side, what: &str, name: &At<String>| {
        if side.named(k, name).is_none() {
            findings.push(catalogue::unknown_cell(Place::new(file, name.span), what, name, side.near(name), map.id()));
        }
    };
    check(&map.rows, "row", row);
    check(&map.columns, "column", column);
}

/// Placements that entries make by hand.
pub fn placements(k: &Knowledge, maps: &[Outline], findings: &mut Vec<Finding>) {
    for entry in k.entries().iter() {
        for cell in &entry.common.cells {
            let Some(id) = &cell.map else { continue };
            // A map that is declared and has nothing in it yet is told as such.
            let declared = k.config.maps.iter().any(|map| map.id.value == id.value);
            match maps.iter().find(|map| map.id() == id.value) {
                Some(map) => {
                    if let (Some(row), Some(column)) = (&cell.row, &cell.col) {
                        sides(k, map, &entry.at.file, row, column, findings);
                    }
                }
                None if declared => {}
                None => {
                    let known: Vec<&str> = maps.iter().map(|map| map.id()).collect();
                    findings.push(catalogue::unknown_map(
                        Place::new(&entry.at.file, id.span),
                        id,
                        nearest(id, known.iter().copied()),
                        &known,
                    ));
                }
            }
        }
    }
}

/// The gate's own words.
pub fn gate(k: &Knowledge, maps: &[Outline], findings: &mut Vec<Finding>) {
    let gate = &k.config.gate;
    let at = |span| Place::new(&k.config.file, span);
    if let Some(id) = gate.map.as_ref().filter(|id| !maps.iter().any(|map| map.id() == id.value)) {
        let known: Vec<&str> = maps.iter().map(|map| map.id()).collect();
        findings.push(catalogue::unknown_map(at(id.span), id, nearest(id, known.iter().copied()), &known));
    }
    let letters: Vec<&str> = Gap::ALL.iter().map(|gap| gap.word()).collect();
    for (name, _) in gate.max.iter().filter(|(name, _)| Limit::of(name).is_none()) {
        let words: Vec<&str> = letters.iter().copied().chain(["total", "score"]).collect();
        findings.push(catalogue::unknown_word(at(name.span), "max", name, None, &words));
    }
    for (name, most) in gate.max.iter().filter(|(_, most)| most.value < 0) {
        findings.push(catalogue::number_out_of_range(at(most.span), name, most.value, 0, i64::MAX));
    }
    for letter in gate.no_new.iter().filter(|letter| Gap::of_letter(letter).is_none()) {
        findings.push(catalogue::unknown_word(at(letter.span), "no_new", letter, None, &letters));
    }
    for (key, share) in gate.min.iter().filter(|(_, share)| super::gate::thousandths_of(share).is_none()) {
        findings.push(catalogue::not_a_share(at(share.span), key, share));
    }
    if let Some(first) = gate.no_new.first().filter(|_| gate.baseline.is_none()) {
        findings.push(catalogue::gate_without_baseline(at(first.span)));
    }
}
