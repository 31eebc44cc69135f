//! Cards: each entry drawn once as a line of a list, and printed wherever it is listed.

use super::desk::{Desk, Links};
use crate::findings::Finding;
use crate::knowledge::{EntryId, Knowledge};
use crate::theme::{Context, Theme, Value};
use rayon::prelude::*;

/// Stands for the way to the site's root in what is drawn once and printed on pages of any depth. No text holds this
/// character: HTML does not allow it.
pub const ANY_ROOT: u8 = 1;

/// Draws the card of every entry, once.
pub fn cards(k: &Knowledge, theme: &Theme, links: Links, findings: &mut Vec<Finding>) -> Vec<Value> {
    let desk = Desk::new(k, &theme.strings, links, &[]);
    let ids: Vec<EntryId> = k.ids().collect();
    let drawn: Vec<Result<Value, Finding>> = ids.par_iter().map(|id| draw(&desk, theme, *id)).collect();
    let cards = drawn.into_iter().map(|card| {
        card.unwrap_or_else(|finding| {
            findings.push(finding);
            Value::none()
        })
    });
    cards.collect()
}

fn draw(desk: &Desk, theme: &Theme, id: EntryId) -> Result<Value, Finding> {
    let mut card = desk.new_card(id);
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
