//! Orders: the same list read in different ways, each on pages of its own, so that nobody needs a script to sort it.

use super::desk::Desk;
use super::views::Name;
use crate::kinds::Kind;

/// What a list is put in order by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    State,
    Who,
    Session,
    Date,
    Topic,
    Series,
    Community,
    Audience,
    Owner,
    Due,
    Risk,
    Name,
    Title,
    Age,
    Times,
    Place,
    Organization,
}

impl Order {
    /// The folder of its pages, below the list's own.
    pub const fn folder(self) -> &'static str {
        match self {
            Order::State => "by-state",
            Order::Who => "by-who",
            Order::Session => "by-session",
            Order::Date => "by-date",
            Order::Topic => "by-topic",
            Order::Series => "by-series",
            Order::Community => "by-community",
            Order::Audience => "by-audience",
            Order::Owner => "by-owner",
            Order::Due => "by-due",
            Order::Risk => "at-risk",
            Order::Name => "by-name",
            Order::Title => "by-title",
            Order::Age => "by-age",
            Order::Times => "by-times-asked",
            Order::Place => "by-place",
            Order::Organization => "by-organization",
        }
    }

    /// What it is called, in the string files: `say.orders.KEY`.
    const fn key(self) -> &'static str {
        match self {
            Order::State => "state",
            Order::Who => "who",
            Order::Session => "session",
            Order::Date => "date",
            Order::Topic => "topic",
            Order::Series => "series",
            Order::Community => "community",
            Order::Audience => "audience",
            Order::Owner => "owner",
            Order::Due => "due",
            Order::Risk => "risk",
            Order::Name => "name",
            Order::Title => "title",
            Order::Age => "age",
            Order::Times => "times",
            Order::Place => "place",
            Order::Organization => "organization",
        }
    }
}

/// The path of a list in one of its orders: the first has the folder itself, the others have folders below it.
pub fn path(folder: &str, orders: &[Order], order: Order) -> String {
    if orders.first() == Some(&order) { format!("{folder}/") } else { format!("{folder}/{}/", order.folder()) }
}

/// The ways to the orders of a list: all that are there, the one that is shown without a path.
pub fn ways(desk: &Desk, there: impl Iterator<Item = (Order, String)>, shown: Option<Order>) -> Vec<Name> {
    there.map(|(order, path)| Name { label: label(desk, order), path: (Some(order) != shown).then(|| desk.path(&path)) }).collect()
}

pub fn label(desk: &Desk, order: Order) -> String {
    desk.t.get(&format!("say.orders.{}", order.key())).to_owned()
}

/// The orders of the index of a kind, its usual one first.
pub const fn of_kind(kind: Kind) -> &'static [Order] {
    match kind {
        Kind::Session => &[Order::Date, Order::Series],
        Kind::Practice => &[Order::State, Order::Title],
        Kind::CaseStudy => &[Order::Date, Order::Place, Order::Organization],
        Kind::Question => &[Order::State, Order::Age, Order::Times],
        Kind::Series => &[Order::State],
        Kind::Topic | Kind::Resource | Kind::Voice | Kind::Organization | Kind::Person | Kind::Community | Kind::Page => &[Order::Title],
    }
}
