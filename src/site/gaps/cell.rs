//! The page of a cell: what is not known and who needs it, what to do, and how that is reckoned.

use super::{FOLDER, cell_path, cell_title, item_path, line, mark, percent, title};
use crate::findings::Finding;
use crate::kinds::Kind;
use crate::knowledge::EntryId;
use crate::knowledge::freshness::FreshnessState;
use crate::knowledge::gaps::GapMap;
use crate::knowledge::gaps::axis::{Item, KINDS, Subject};
use crate::knowledge::gaps::cells::{Cell, MANY_QUESTIONS, quarters, waits_too_long};
use crate::knowledge::gaps::exact::{Exact, decimals, rounded, thousandths};
use crate::site::pages::Page;
use crate::site::views::{Age, Asked, AxisView, CellEntries, CellGap, CellView, Fact, Link, Neighbour, Term};
use crate::theme::Value;

/// How many entries of a kind, questions, people and neighbours are shown: a page does not grow with the site.
const ENTRIES: usize = 8;
const QUESTIONS: usize = 12;
const PEOPLE: usize = 24;
const NEIGHBOURS: usize = 6;
const PLANNED: usize = 4;

impl Page<'_> {
    pub(super) fn cell(&self, map: &GapMap, cell: &Cell) -> Result<Vec<u8>, Finding> {
        let (k, desk) = (self.k(), &self.desk);
        let m = &cell.measures;
        let heading = cell_title(desk, map, cell);
        let view = CellView {
            row: self.axis(map.row(cell)),
            column: self.axis(map.column(cell)),
            lead: self.cell_lead(map, cell),
            empty: cell.n() == 0,
            group: cell.group,
            accepted: line::accepted(desk, map, cell),
            score: rounded(m.score),
            n: cell.n(),
            certain: m.certain,
            gaps: cell
                .gaps
                .iter()
                .map(|gap| CellGap {
                    mark: mark(desk, gap),
                    about: desk.t.get(&format!("say.gaps.about.{}", gap.name())).to_owned(),
                    next: line::next_step(desk, map, cell, gap),
                })
                .collect(),
            next: cell.gaps.first().map(|gap| line::next_step(desk, map, cell, gap)),
            owner: map.owner(k, cell).map(|owner| desk.name(owner)),
            help: self.help(Some((map, cell))),
            have: self.have(cell),
            planned: cell.planned.iter().take(PLANNED).map(|occasion| desk.occasion_card(*occasion)).collect(),
            planned_more: cell.planned.len().saturating_sub(PLANNED),
            asked: self.asked(cell),
            asked_more: cell.questions.len().saturating_sub(QUESTIONS),
            knows: m.experts.iter().take(PEOPLE).map(|who| desk.name(*who)).collect(),
            knows_more: m.experts.len().saturating_sub(PEOPLE),
            left: m.people.iter().filter(|who| k.left_on(**who).is_some()).take(PEOPLE).map(|who| desk.name(*who)).collect(),
            voices: desk.links_to(m.voices.iter().copied()),
            missing_voices: desk.links_to(m.missing_voices.iter().copied()),
            neighbours: map
                .neighbours(cell, NEIGHBOURS)
                .into_iter()
                .filter_map(|near| {
                    let coverage = thousandths(near.measures.coverage);
                    let path = desk.path(&cell_path(map, near)?);
                    Some(Neighbour {
                        cell: Link { label: cell_title(desk, map, near), path },
                        n: near.n(),
                        coverage: decimals(coverage),
                        coverage_percent: percent(coverage),
                    })
                })
                .collect(),
            terms: self.terms(map, cell),
            facts: self.facts(cell),
        };
        let mut head = self.head("gap", &heading);
        head.breadcrumb = self.gap_crumbs(Some(map));
        head.section = FOLDER.to_owned();
        head.description = view.lead.clone();
        self.render(head, vec![("map", Value::from_serializable(&self.map_head(map, None))), ("cell", Value::from_serializable(&view))])
    }

    fn axis(&self, item: &Item) -> AxisView {
        let about = match item.subject {
            Subject::Entry(id) => {
                let entry = self.k().entry(id);
                entry.topic().and_then(|topic| topic.definition.as_ref()).map(|text| text.value.clone())
            }
            _ => None,
        };
        AxisView { title: title(&self.desk, item), path: item_path(&self.desk, item), about }
    }

    /// One sentence on what is known or not, and one on who needs it.
    fn cell_lead(&self, map: &GapMap, cell: &Cell) -> String {
        let (k, desk) = (self.k(), &self.desk);
        let t = desk.t;
        let m = &cell.measures;
        let names = [("row", title(desk, map.row(cell))), ("column", title(desk, map.column(cell)))];
        let names: Vec<(&str, &str)> = names.iter().map(|(key, name)| (*key, name.as_str())).collect();
        let first = match cell.n() {
            0 => match super::noun(desk, map.column(cell)) {
                Some(nouns) => t.say("say.gaps.lead_empty_kind", &[names[0], ("nouns", &nouns)]),
                None => t.say("say.gaps.lead_empty", &names),
            },
            n => {
                let mut values = names.clone();
                let (entries, coverage) = (t.count("say.gaps.text.entries", n), format!("{} %", percent(thousandths(m.coverage))));
                values.extend([("entries", entries.as_str()), ("share", coverage.as_str())]);
                let key = if map.columns.is_kinds() { "say.gaps.lead_some_kind" } else { "say.gaps.lead_some" };
                t.say(key, &values)
            }
        };
        // Who asked needs it; else whoever it is required for.
        let mut who: Vec<EntryId> = cell.questions.iter().filter_map(|id| self.asker(*id)).collect();
        who.sort_unstable();
        who.dedup();
        let names: Vec<String> = who.iter().map(|voice| k.entry(*voice).title.clone()).collect();
        let second = if !names.is_empty() {
            Some(t.say("say.gaps.lead_asked", &[("voices", &t.list(&names))]))
        } else if !cell.questions.is_empty() {
            Some(t.count("say.gaps.lead_questions", cell.questions.len()))
        } else if !m.missing_voices.is_empty() {
            let names: Vec<String> = m.missing_voices.iter().map(|voice| k.entry(*voice).title.clone()).collect();
            Some(t.say("say.gaps.lead_required", &[("voices", &t.list(&names))]))
        } else {
            None
        };
        [Some(first), second].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn have(&self, cell: &Cell) -> Vec<CellEntries> {
        let (k, desk) = (self.k(), &self.desk);
        let of = |kind: Kind| {
            let mut ids: Vec<EntryId> = cell.supply.iter().map(|standing| standing.entry).filter(|id| k.kind(*id) == kind).collect();
            k.newest_first(&mut ids);
            let total = ids.len();
            ids.truncate(ENTRIES);
            let entries =
                CellEntries { kind: kind.word(), title: desk.kind_plural(kind), total, cards: desk.cards(&ids), more: total - ids.len() };
            (total > 0).then_some(entries)
        };
        [Kind::Practice, Kind::CaseStudy, Kind::Session, Kind::Resource].into_iter().filter_map(of).collect()
    }

    /// The voice that asked a question, as far as it may be named in a list.
    fn asker(&self, question: EntryId) -> Option<EntryId> {
        let k = self.k();
        k.target(question, k.entry(question).question()?.asked_by.as_ref()?).filter(|voice| k.is_listed(*voice))
    }

    fn asked(&self, cell: &Cell) -> Vec<Asked> {
        let (k, desk) = (self.k(), &self.desk);
        let mut questions = cell.questions.clone();
        questions.sort_by_key(|id| (k.asked_on(*id).is_none(), k.asked_on(*id), *id));
        questions
            .into_iter()
            .take(QUESTIONS)
            .map(|id| Asked {
                question: desk.link(id),
                by: desk.links_to(self.asker(id)),
                age: k.asked_on(id).map(|day| Age {
                    code: "asked",
                    label: desk.t.get("say.gaps.ages.asked").to_owned(),
                    on: desk.date(day),
                }),
                times: Some(k.times_asked(id)).filter(|times| *times > 1).map(|times| desk.t.count("say.asked_times", times as usize)),
                late: waits_too_long(k, id),
            })
            .collect()
    }

    /// The arithmetic, term by term (SPEC section 8).
    fn terms(&self, map: &GapMap, cell: &Cell) -> Vec<Term> {
        let desk = &self.desk;
        let t = desk.t;
        let m = &cell.measures;
        let label = |code: &str| t.get(&format!("say.gaps.terms.{code}")).to_owned();
        let share = |number: Exact| decimals(thousandths(number));
        let (row, column) = (map.row(cell), map.column(cell));
        let priority_of = |item: &Item| {
            item.priority.map(|priority| {
                let key = if item.overridden { "say.gaps.terms.priority_map" } else { "say.gaps.terms.priority_own" };
                t.say(key, &[("title", &title(desk, item)), ("n", &priority.to_string())])
            })
        };
        let mut terms = vec![
            Term {
                code: "priority",
                label: label("priority"),
                sum: t.get("say.gaps.terms.priority_sum").to_owned(),
                parts: [row, column].into_iter().filter_map(priority_of).collect(),
                result: cell.priority.to_string(),
            },
            Term {
                code: "target",
                label: label("target"),
                sum: t.say("say.gaps.terms.target_sum", &[("n", &cell.priority.to_string())]),
                parts: Vec::new(),
                result: m.target.to_string(),
            },
            Term {
                code: "value",
                label: label("value"),
                sum: t.get("say.gaps.terms.value_sum").to_owned(),
                parts: self.values(map, cell),
                result: fraction(m.value, 8),
            },
        ];
        let coverage = if m.target == 0 {
            t.get("say.gaps.terms.coverage_none").to_owned()
        } else {
            format!("min(1, {} ⁄ {})", fraction(m.value, 8), m.target)
        };
        terms.push(Term { code: "coverage", label: label("coverage"), sum: coverage, parts: Vec::new(), result: share(m.coverage) });
        terms.push(Term {
            code: "demand",
            label: label("demand"),
            sum: format!("min(1, {} ⁄ {MANY_QUESTIONS})", cell.questions.len()),
            parts: vec![t.count("say.gaps.text.questions", cell.questions.len())],
            result: share(m.demand),
        });
        let single = cell.n() > 0 && m.organizations.len() == 1;
        let part = |key: &str, sum: String| t.say(&format!("say.gaps.terms.{key}"), &[("sum", &sum)]);
        let of = |part: String, whole: String, none: bool| if none { "0".to_owned() } else { format!("{part} ⁄ {whole}") };
        let stale = of(fraction(m.stale, 2), fraction(m.weight, 2), m.weight == 0);
        let missing = of(m.missing_voices.len().to_string(), m.required_voices.len().to_string(), m.required_voices.is_empty());
        terms.push(Term {
            code: "risk",
            label: label("risk"),
            sum: format!("({stale} + {missing} + {}) ⁄ 3", u8::from(single)),
            parts: vec![
                part("risk_stale", stale.clone()),
                part("risk_voices", missing.clone()),
                part("risk_single", if single { "1".to_owned() } else { "0".to_owned() }),
            ],
            result: share(m.risk),
        });
        terms.push(Term {
            code: "score",
            label: label("score"),
            // As fractions: whoever reckons with what is printed gets what is printed.
            sum: format!(
                "100 × (0.5 × {} ⁄ 3 × (1 − {}) + 0.3 × {} + 0.2 × {})",
                cell.priority,
                quotient(m.coverage),
                quotient(m.demand),
                quotient(m.risk)
            ),
            parts: Vec::new(),
            result: rounded(m.score).to_string(),
        });
        terms
    }

    /// What each sort of entry adds to the value of a cell: those that count alike stand in one line.
    fn values(&self, map: &GapMap, cell: &Cell) -> Vec<String> {
        let (k, desk) = (self.k(), &self.desk);
        let t = desk.t;
        let states = [
            FreshnessState::Current,
            FreshnessState::Exempt,
            FreshnessState::Due,
            FreshnessState::Undated,
            FreshnessState::Overdue,
            FreshnessState::Expired,
        ];
        let mut lines = Vec::new();
        for kind in KINDS {
            for (certain, state) in [true, false].into_iter().flat_map(|certain| states.map(|state| (certain, state))) {
                let alike = cell.supply.iter().filter(|standing| {
                    standing.certain == certain && k.entry(standing.entry).kind == kind && k.facts(standing.entry).freshness.state == state
                });
                let count = alike.count();
                if count == 0 {
                    continue;
                }
                let weight = map.map.weight(kind);
                let halves = if certain { 2 } else { 1 };
                let half = if certain { "" } else { " × ½" };
                let sum = format!(
                    "{count} × {weight}{half} × {} = {}",
                    fraction(quarters(state), 4),
                    fraction(count as i64 * weight * halves * quarters(state), 8)
                );
                let words = [desk.kind_count(kind, count), desk.state("freshness", state.word()).word.to_lowercase()];
                let key = if certain { "say.gaps.terms.value_line" } else { "say.gaps.terms.value_inferred" };
                lines.push(t.say(key, &[("entries", &words[0]), ("freshness", &words[1]), ("sum", &sum)]));
            }
        }
        lines
    }

    fn facts(&self, cell: &Cell) -> Vec<Fact> {
        let desk = &self.desk;
        let m = &cell.measures;
        let fact = |key: &str, value: String| Fact { label: desk.t.get(&format!("say.gaps.facts.{key}")).to_owned(), value };
        let mut facts = vec![fact("organizations", m.organizations.len().to_string()), fact("people", m.experts.len().to_string())];
        facts.extend(m.grade.map(|grade| fact("grade", grade.to_string())));
        facts.extend(m.first.map(|day| fact("first", desk.t.date(day))));
        facts.extend(m.latest.map(|day| fact("latest", desk.t.date(day))));
        facts
    }
}

/// A fraction as it is written: `5 ⁄ 12`, or a whole number.
fn quotient(number: Exact) -> String {
    if number.is_integer() { number.to_string() } else { format!("{} ⁄ {}", number.numer(), number.denom()) }
}

/// A number of halves, quarters or eighths as a decimal: 9 eighths are `1.125`.
fn fraction(parts: i64, of: i64) -> String {
    let thousandths = parts * 1000 / of;
    let text = decimals(thousandths);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
