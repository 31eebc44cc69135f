//! Cards: each entry drawn once as a line of a list, and printed wherever it is listed.

use super::desk::Desk;
use super::views::Card;
use crate::findings::Finding;
use crate::kinds::Kind;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::{EntryId, Knowledge};
use crate::theme::{Context, Theme, Value};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// Stands for the way to the site's root in what is drawn once and printed on pages of any depth. No text holds this
/// character: HTML does not allow it.
pub const ANY_ROOT: u8 = 1;

/// The cards of all entries, and of the sessions that are only planned. Each is drawn when it is first wanted: a build
/// wants all of them, a preview those of one page.
#[derive(Debug, Default)]
pub struct Cards {
    /// None only while there is nothing to draw yet.
    theme: Option<Arc<Theme>>,
    /// By entry.
    entries: Vec<OnceLock<Value>>,
    /// By series, in the order of their dates.
    planned: HashMap<EntryId, Vec<OnceLock<Value>>>,
    /// What stopped a card, so that the page it was wanted for is not taken for whole.
    trouble: OnceLock<Finding>,
}

impl Cards {
    pub fn new(k: &Knowledge, theme: Arc<Theme>) -> Cards {
        let blank = |count: usize| (0..count).map(|_| OnceLock::new()).collect();
        let mut planned: HashMap<EntryId, Vec<OnceLock<Value>>> = HashMap::new();
        for series in k.listed(Kind::Series) {
            let count = k.planned_of(series).count();
            if count > 0 {
                planned.insert(series, blank(count));
            }
        }
        Cards { theme: Some(theme), entries: blank(k.ids().count()), planned, trouble: OnceLock::new() }
    }

    pub fn of_entry(&self, desk: &Desk, id: EntryId) -> Value {
        self.entries.get(id.0 as usize).map_or_else(Value::none, |card| self.drawn(desk, card, || desk.new_card(id)))
    }

    /// The card of a session of a series that is only planned, by its place among them.
    pub fn of_planned(&self, desk: &Desk, series: EntryId, at: usize) -> Value {
        let card = self.planned.get(&series).and_then(|cards| cards.get(at));
        card.map_or_else(Value::none, |card| self.drawn(desk, card, || desk.new_planned_card(Occasion::Planned { series, at })))
    }

    /// Draws every card, on all cores. Gives the first of what stopped any.
    pub fn draw_all(&self, desk: &Desk) -> Option<Finding> {
        self.entries.par_iter().enumerate().for_each(|(index, _)| drop(self.of_entry(desk, EntryId(index as u32))));
        self.planned.par_iter().for_each(|(series, cards)| {
            (0..cards.len()).for_each(|at| drop(self.of_planned(desk, *series, at)));
        });
        self.trouble().cloned()
    }

    /// What stopped a card that was wanted until now.
    pub fn trouble(&self) -> Option<&Finding> {
        self.trouble.get()
    }

    fn drawn(&self, desk: &Desk, card: &OnceLock<Value>, new: impl FnOnce() -> Card) -> Value {
        let Some(theme) = &self.theme else { return Value::none() };
        let drawn = card.get_or_init(|| match draw(desk, theme, new()) {
            Ok(value) => value,
            Err(finding) => {
                // Which card was the first does not matter: it is the template they share that is wrong.
                let _ = self.trouble.set(finding);
                Value::none()
            }
        });
        drawn.clone()
    }
}

fn draw(desk: &Desk, theme: &Theme, mut card: Card) -> Result<Value, Finding> {
    let value = Value::from_serializable(&card);
    let row = |mixed: bool| {
        let mut context = Context::new();
        context.insert_value("card", value.clone());
        context.insert("mixed", &mixed);
        context.insert_value("root", Value::safe_string(&char::from(ANY_ROOT).to_string()));
        context.insert_value("t", desk.t.value.clone());
        theme.render("parts/card.html", &context, &card.path).map(|html| Value::safe_string(&html))
    };
    let (single, mixed) = (row(false)?, row(true)?);
    (card.row, card.mixed) = (single, mixed);
    Ok(Value::from_serializable(&card))
}
