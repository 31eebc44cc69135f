//! Handing over: everything that waits for whoever takes the place of somebody who leaves, as Markdown and as a page.
//!
//! It is for staff, who have to know of drafts and internal entries too, and is no part of a published site.

use super::Site;
use super::desk::Desk;
use super::registers::commitment_at;
use super::views::{HandoffLine, HandoffPart, HandoffView, Name};
use crate::entries::markdown::escaped;
use crate::findings::{Finding, Place};
use crate::kinds::Kind;
use crate::knowledge::ownership::{Duty, Owned};
use crate::knowledge::{EntryId, Knowledge};
use crate::theme::{Context, Value};
use std::fmt::Write;

/// A handing over, in both forms.
#[derive(Debug, Clone)]
pub struct Handoff {
    /// CommonMark.
    pub markdown: String,
    /// One HTML document that stands alone, with the theme's style in it.
    pub page: String,
    /// How many things are handed over.
    pub things: usize,
}

/// Where in its file something stands: the number of its line, from 1.
pub type LineOf<'a> = &'a dyn Fn(&Place) -> Option<usize>;

impl Site {
    /// The person with an id or another name.
    pub fn person(&self, name: &str) -> Option<EntryId> {
        self.knowledge.lookup().of_kind(Kind::Person, name)
    }

    /// What somebody looks after, put together for whoever takes over; the person's own successor where nobody is named.
    ///
    /// # Errors
    /// A finding, when a community's own template asks for what is not there.
    pub fn handoff(&self, from: EntryId, to: Option<EntryId>, line_of: LineOf) -> Result<Handoff, Finding> {
        let (k, desk) = (&self.knowledge, self.desk());
        let to = to.or_else(|| k.successor_of(from));
        let name = |id: EntryId| Name { label: k.entry(id).title.clone(), path: None };
        let parts = Parts { desk, from, owned: k.owned_by(from), line_of }.all();
        let view = HandoffView {
            title: match to {
                Some(to) => desk.t.say("say.handoff.from_to", &[("from", &k.entry(from).title), ("to", &k.entry(to).title)]),
                None => desk.t.say("say.handoff.from", &[("from", &k.entry(from).title)]),
            },
            lead: desk
                .t
                .say("say.handoff.lead", &[("from", &k.entry(from).title), ("date", &desk.t.date(k.today)), ("site", &k.config.title)]),
            from: name(from),
            to: to.map(name),
            date: desk.date(k.today),
            style: self.style(),
            parts,
        };
        let things = view.parts.iter().map(|part| part.lines.len()).sum();
        let markdown = markdown(&view);
        let mut context = Context::new();
        context.insert_value("site", self.frame.clone());
        context.insert_value("t", desk.t.value.clone());
        context.insert("handoff", &view);
        let page = self.theme.render("handoff.html", &context, "handoff")?;
        Ok(Handoff { markdown, page, things })
    }

    /// The style sheet of the theme, for a page that stands alone.
    fn style(&self) -> Value {
        let asset = self.theme.asset("style.css");
        let css = asset.map(|asset| String::from_utf8_lossy(&asset.bytes).into_owned()).unwrap_or_default();
        // Nothing in a style sheet may end the element it stands in.
        Value::safe_string(&css.replace("</", "<\\/"))
    }
}

struct Parts<'a> {
    desk: Desk<'a>,
    from: EntryId,
    owned: Vec<Owned>,
    line_of: LineOf<'a>,
}

impl Parts<'_> {
    fn all(&self) -> Vec<HandoffPart> {
        let k = self.desk.k;
        let overdue = |id: EntryId| k.facts(id).freshness.state.is_overdue();
        let of = |duty: Duty| self.owned.iter().filter(move |owned| owned.duty == duty);
        let mut sessions: Vec<&Owned> = of(Duty::Session).collect();
        sessions.sort_by_key(|owned| (k.day(owned.entry), owned.entry));
        // Topics and questions are reviewed by whoever looks after them, where nobody else is named.
        let theirs = |owned: &&Owned| owned.duty == Duty::Review || overdue(owned.entry) && k.owner_of(owned.entry) == Some(self.from);
        let looked_after = of(Duty::Steward).chain(of(Duty::Question)).filter(theirs);
        let mut reviews: Vec<&Owned> = of(Duty::Review).chain(looked_after).collect();
        reviews.sort_by_key(|owned| (k.facts(owned.entry).freshness.next, owned.entry));
        let (late, rest): (Vec<&Owned>, Vec<&Owned>) = reviews.into_iter().partition(|owned| overdue(owned.entry));
        vec![
            self.part("questions", of(Duty::Question).map(|owned| self.question(owned)).collect()),
            self.part("commitments", of(Duty::Commitment).map(|owned| self.commitment(owned)).collect()),
            self.part("sessions", sessions.into_iter().map(|owned| self.session(owned)).collect()),
            self.part("overdue", late.into_iter().map(|owned| self.review(owned)).collect()),
            self.part("reviews", rest.into_iter().map(|owned| self.review(owned)).collect()),
            self.part("topics", of(Duty::Steward).map(|owned| self.line(owned, Vec::new())).collect()),
            self.part("roles", of(Duty::Role).map(|owned| self.role(owned)).collect()),
            self.part("only", self.only_they_know()),
        ]
    }

    fn part(&self, key: &str, lines: Vec<HandoffLine>) -> HandoffPart {
        HandoffPart {
            title: self.desk.t.get(&format!("say.handoff.{key}")).to_owned(),
            nothing: self.desk.t.get("say.handoff.nothing").to_owned(),
            lines,
        }
    }

    fn line(&self, owned: &Owned, mut facts: Vec<String>) -> HandoffLine {
        let k = self.desk.k;
        facts.extend(self.desk.watermark(owned.entry));
        HandoffLine { text: k.entry(owned.entry).title.clone(), url: self.url(owned.entry), source: self.source(&owned.at), facts }
    }

    /// `content/topics/fees.md:12`.
    fn source(&self, at: &Place) -> String {
        (self.line_of)(at).map_or_else(|| at.file.to_string(), |line| format!("{}:{line}", at.file))
    }

    /// The public address of an entry, if it has one.
    fn url(&self, id: EntryId) -> Option<String> {
        let k = self.desk.k;
        let common = &k.entry(id).common;
        let public = !common.draft && common.visibility() != crate::entries::front_matter::Visibility::Internal;
        k.config.base_url.as_ref().filter(|_| public).map(|base| format!("{base}{}", self.desk.entry_path(id)))
    }

    fn question(&self, owned: &Owned) -> HandoffLine {
        let (k, t) = (self.desk.k, self.desk.t);
        let mut facts = Vec::new();
        facts.extend(k.question_status(owned.entry).map(|status| self.desk.state("question", status.word()).word));
        facts.extend(k.asked_on(owned.entry).map(|on| t.say("say.asked_on", &[("date", &t.date(on))])));
        let needed = k.entry(owned.entry).question().and_then(|question| question.needed_by.as_ref());
        facts.extend(needed.map(|by| t.say("say.handoff.needed_by", &[("date", &t.date(by.value))])));
        self.line(owned, facts)
    }

    fn commitment(&self, owned: &Owned) -> HandoffLine {
        let (k, t) = (self.desk.k, self.desk.t);
        let Some((commitment, state)) = commitment_at(k, owned.entry, owned.index) else { return self.line(owned, Vec::new()) };
        let mut facts = vec![self.desk.state("commitment", state).word];
        facts.extend(commitment.due.as_ref().map(|due| t.say("say.handoff.due", &[("date", &t.date(due.value))])));
        facts.push(t.say("say.handoff.promised_in", &[("title", &k.entry(owned.entry).title)]));
        let anchor = Knowledge::commitment_id(commitment);
        let line = self.line(owned, facts);
        HandoffLine { text: commitment.text.value.clone(), url: line.url.map(|url| format!("{url}#{anchor}")), ..line }
    }

    fn session(&self, owned: &Owned) -> HandoffLine {
        let (k, t) = (self.desk.k, self.desk.t);
        let mut facts = Vec::new();
        match k.session(owned.entry).and_then(|facts| facts.times.as_ref()) {
            Some(times) => facts.extend([t.full_date(times.wall.date()), self.desk.time(times)]),
            None => facts.push(self.desk.kind_label(Kind::Series)),
        }
        self.line(owned, facts)
    }

    fn review(&self, owned: &Owned) -> HandoffLine {
        let (k, t) = (self.desk.k, self.desk.t);
        let freshness = &k.facts(owned.entry).freshness;
        let mut facts = vec![self.desk.kind_label(k.entry(owned.entry).kind), self.desk.state("freshness", freshness.state.word()).word];
        facts.extend(freshness.next.map(|next| t.say("say.handoff.due", &[("date", &t.date(next))])));
        self.line(owned, facts)
    }

    fn role(&self, owned: &Owned) -> HandoffLine {
        let role = self.desk.k.entry(owned.entry).community().and_then(|community| community.roles.get(owned.index));
        let mut facts: Vec<String> = role.and_then(|role| role.role.as_ref()).map(|role| role.value.clone()).into_iter().collect();
        facts.extend(role.into_iter().flat_map(|role| &role.decides).map(|what| self.desk.t.say("say.handoff.decides", &[("what", what)])));
        self.line(owned, facts)
    }

    /// Topics about which nobody else who is still there is known to know, their own organization apart.
    fn only_they_know(&self) -> Vec<HandoffLine> {
        let k = self.desk.k;
        let own = k.entry(self.from).person().and_then(|person| k.target(self.from, person.organization.as_ref()?));
        let others = |topic: EntryId| {
            k.knowers(topic).iter().any(|knower| knower.left.is_none() && knower.who != self.from && Some(knower.who) != own)
        };
        let topics = k.known_by(self.from).iter().copied().filter(|topic| !others(*topic));
        let line = |topic: EntryId| HandoffLine {
            text: k.entry(topic).title.clone(),
            url: self.url(topic),
            source: k.entry(topic).at.file.to_string(),
            facts: k.knower(topic, self.from).map(|knower| self.desk.because(knower)).into_iter().collect(),
        };
        topics.map(line).collect()
    }
}

/// The same as a text that can be read, mailed and kept.
fn markdown(view: &HandoffView) -> String {
    let mut text = format!("# {}\n\n{}\n", escaped(&view.title), escaped(&view.lead));
    for part in &view.parts {
        let _ = write!(text, "\n## {}\n\n", escaped(&part.title));
        if part.lines.is_empty() {
            let _ = writeln!(text, "{}", escaped(&part.nothing));
        }
        for line in &part.lines {
            let title = escaped(&line.text);
            let title = line.url.as_ref().map_or_else(|| title.clone(), |url| format!("[{title}](<{url}>)"));
            let facts: Vec<String> = line.facts.iter().map(|fact| escaped(fact)).collect();
            let facts = if facts.is_empty() { String::new() } else { format!(": {}", facts.join("; ")) };
            let _ = writeln!(text, "- [ ] {title}{facts} (`{}`)", line.source);
        }
    }
    text
}
