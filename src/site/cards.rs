//! Cards: each entry drawn once as a line of a list, and printed wherever it is listed.

use super::desk::{Desk, Links};
use super::views::Card;
use crate::findings::Finding;
use crate::kinds::Kind;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::{EntryId, Knowledge};
use crate::theme::{Context, Theme, Value};
use rayon::prelude::*;
use std::collections::HashMap;

/// Stands for the way to the site's root in what is drawn once and printed on pages of any depth. No text holds this
/// character: HTML does not allow it.
pub const ANY_ROOT: u8 = 1;

/// The cards of all entries, and of the sessions that are only planned.
#[derive(Debug, Default)]
pub struct Cards {
    /// By entry.
    pub entries: Vec<Value>,
    /// By series, in the order of their dates.
    pub planned: HashMap<EntryId, Vec<Value>>,
}

/// Draws every card, once.
pub fn cards(k: &Knowledge, theme: &Theme, links: Links, findings: &mut Vec<Finding>) -> Cards {
    let none = Cards::default();
    let desk = Desk::new(k, &theme.strings, links, &none);
    let ids: Vec<EntryId> = k.ids().collect();
    let planned: Vec<Occasion> = k.listed(Kind::Series).flat_map(|series| k.planned_of(series)).collect();
    let drawn: Vec<Result<Value, Finding>> = ids.par_iter().map(|id| draw(&desk, theme, desk.new_card(*id))).collect();
    let drawn_planned: Vec<Result<Value, Finding>> =
        planned.par_iter().map(|occasion| draw(&desk, theme, desk.new_planned_card(*occasion))).collect();
    let mut kept = |card: Result<Value, Finding>| {
        card.unwrap_or_else(|finding| {
            findings.push(finding);
            Value::none()
        })
    };
    let mut cards = Cards { entries: drawn.into_iter().map(&mut kept).collect(), planned: HashMap::new() };
    for (occasion, card) in planned.into_iter().zip(drawn_planned) {
        cards.planned.entry(k.host(occasion)).or_default().push(kept(card));
    }
    cards
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
