//! Small months of years: the table of each is drawn once and printed for every series, with other days marked.

use super::cards::ANY_ROOT;
use super::desk::Desk;
use super::views::{SmallMonth, Weekday};
use crate::findings::Finding;
use crate::theme::{Context, Html, Theme};
use crate::time::{Date, day, days_in_month, plus_days, weekday};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Stands on both sides of a day's number in what is drawn once. No text holds this character: HTML does not allow it.
const DAY: char = '\u{2}';
/// The most sessions of one day for which a mark is drawn beforehand. Beyond it, days are rare.
const USUAL_COUNT: usize = 6;

/// About how many bytes a month has.
const USUAL_MONTH: usize = 2048;

/// What takes place on a day of a small month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub count: usize,
    /// All of it was called off.
    pub struck: bool,
}

/// Tables of months without a mark, and the marks.
#[derive(Debug, Default)]
pub struct SmallMonths {
    /// Each in parts: every second one is the number of a day.
    blank: BTreeMap<(i16, i8), Vec<String>>,
    /// For one session to [`USUAL_COUNT`] of them: held or to come, and called off.
    marks: Vec<[String; 2]>,
}

impl SmallMonths {
    /// Draws the months of some years, and the marks.
    pub fn draw(desk: &Desk, theme: &Theme, years: &[i16], findings: &mut Vec<Finding>) -> SmallMonths {
        if years.is_empty() {
            return SmallMonths::default();
        }
        let months: Vec<(i16, i8)> = years.iter().flat_map(|year| (1..=12).map(move |month| (*year, month))).collect();
        let drawn: Vec<_> = months
            .into_par_iter()
            .filter_map(|(year, month)| Some(((year, month), blank(desk, theme, day(year, month, 1)?, None))))
            .collect();
        let mut small = SmallMonths::default();
        for (at, month) in drawn {
            match month {
                Ok(text) => drop(small.blank.insert(at, text)),
                Err(finding) => findings.push(finding),
            }
        }
        for count in 1..=USUAL_COUNT {
            let marks = [false, true].map(|struck| mark(desk, theme, Taken { count, struck }));
            match marks {
                [Ok(kept), Ok(struck)] => small.marks.push([kept, struck]),
                [kept, struck] => findings.extend([kept.err(), struck.err()].into_iter().flatten()),
            }
        }
        small
    }

    /// A month with its days marked. `path` leads to the page of the month, where there is one.
    ///
    /// # Errors
    /// A finding, when the template asks for what is not there.
    pub fn filled(
        &self,
        desk: &Desk,
        theme: &Theme,
        first: Date,
        path: Option<String>,
        taken: &dyn Fn(Date) -> Option<Taken>,
    ) -> Result<Html, Finding> {
        let own;
        let parts = match self.blank.get(&(first.year(), first.month())).filter(|_| path.is_none()) {
            Some(parts) => parts,
            None => {
                own = blank(desk, theme, first, path)?;
                &own
            }
        };
        let mut html = String::with_capacity(USUAL_MONTH);
        for (at, part) in parts.iter().enumerate() {
            // Between two marks stands the number of a day.
            let date = if at % 2 == 1 { part.parse().ok().and_then(|number| day(first.year(), first.month(), number)) } else { None };
            match date.and_then(taken) {
                None => html.push_str(part),
                Some(of_day) => {
                    let drawn = self.marks.get(of_day.count - 1).map(|marks| marks[usize::from(of_day.struck)].clone());
                    let drawn = drawn.map_or_else(|| mark(desk, theme, of_day), Ok)?;
                    let (before, after) = drawn.split_once(DAY).unwrap_or((&drawn, ""));
                    html.extend([before, part, after]);
                }
            }
        }
        Ok(Html::safe_string(&html))
    }
}

fn blank(desk: &Desk, theme: &Theme, first: Date, path: Option<String>) -> Result<Vec<String>, Finding> {
    let month = SmallMonth { title: desk.t.month_name(first).to_owned(), path, weekdays: weekdays(desk), weeks: weeks_of(first) };
    let mut context = drawing(desk);
    context.insert("month", &month);
    let drawn = theme.render("parts/small-month.html", &context, "calendar/")?;
    Ok(drawn.split(DAY).map(str::to_owned).collect())
}

fn mark(desk: &Desk, theme: &Theme, taken: Taken) -> Result<String, Finding> {
    let mut context = drawing(desk);
    context.insert("count", &taken.count);
    context.insert("struck", &taken.struck);
    theme.render("parts/small-day.html", &context, "calendar/").map(|html| html.trim_end().to_owned())
}

fn drawing(desk: &Desk) -> Context {
    let mut context = Context::new();
    context.insert_value("t", desk.t.value.clone());
    context.insert_value("root", Html::safe_string(&char::from(ANY_ROOT).to_string()));
    context.insert_value("day", Html::safe_string(&DAY.to_string()));
    context
}

/// The names of the days of a week, Monday first.
pub fn weekdays(desk: &Desk) -> Vec<Weekday> {
    // A week that begins on a Monday, to take the names from.
    let monday = day(2024, 1, 1).expect("the calendar has that day");
    (0..7).map(|at| Weekday { long: desk.t.weekday(at).to_owned(), short: desk.t.weekday_short(plus_days(monday, at as i64)) }).collect()
}

/// The days of a month by weeks that begin on Monday; 0 where a week reaches out of it.
pub fn weeks_of(first: Date) -> Vec<[i8; 7]> {
    let length = days_in_month(first.year(), first.month()).unwrap_or(28);
    let before = weekday(first) as i8;
    let weeks = (before + length + 6) / 7;
    let number = |week: i8, at: i8| week * 7 + at - before + 1;
    (0..weeks)
        .map(|week| std::array::from_fn(|at| Some(number(week, at as i8)).filter(|number| (1..=length).contains(number)).unwrap_or(0)))
        .collect()
}
