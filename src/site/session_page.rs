//! The view of a session: when, what for, what was said, and what was asked and promised.

use super::entry_page::{text, texts};
use super::linked_data;
use super::pages::Page;
use super::views::{
    AgendaItem, Attendance, Chapter, Commitment, EntryView, Join, Material, Name, QuestionLine, SeriesPlace, SessionView, Speaker,
    VoiceCount,
};
use crate::entries::front_matter::Session;
use crate::entries::front_matter::question::Look;
use crate::entries::front_matter::session::{self, MaterialKind};
use crate::knowledge::calendar::Occasion;
use crate::knowledge::references::Part;
use crate::knowledge::sessions::SessionState;
use crate::knowledge::{EntryId, Knowledge};
use crate::time::{Date, plus_minutes};

/// How many promises stand on the page of whoever made them; the register has all of them.
const COMMITMENTS: usize = 30;

impl Page<'_> {
    pub fn session_view(&self, id: EntryId, session: &Session, entry: &mut EntryView) -> SessionView {
        let (k, desk) = (self.k(), &self.desk);
        let facts = k.session(id).expect("every session has facts");
        let materials = self.materials(id, session);
        let recording_url =
            session.materials.iter().find(|material| is(material, MaterialKind::Recording)).and_then(|material| text(&material.url));
        let mut state = desk.state("session", facts.state.word());
        if matches!(facts.state, SessionState::Cancelled | SessionState::Postponed) {
            state.why = text(&session.cancel_reason);
        }
        let occasion = desk.occasion(id);
        let view = SessionView {
            leaf: desk.session_leaf(facts),
            when: occasion.map(|occasion| desk.when(occasion)),
            upcoming: facts.is_upcoming(),
            moved_from: session.previous_starts.iter().rev().map(|start| desk.date(start.value.date())).collect(),
            cancel_reason: text(&session.cancel_reason),
            series: self.series_place(id, session),
            mode: desk.mode_of(Occasion::Session(id)).map(|mode| desk.state("mode", mode.word())),
            location: text(&session.location),
            join: session.join.as_ref().filter(|join| join.public).map(|join| Join { url: text(&join.url), note: text(&join.note) }),
            registration: self.registration(Occasion::Session(id)),
            facilitators: self.facilitators(id, session),
            speakers: self.speakers(id, session),
            objectives: texts(&session.objectives),
            agenda: self.agenda(id, session),
            chapters: session.chapters.iter().map(|chapter| self.chapter(chapter, recording_url.as_deref())).collect(),
            recording_url,
            materials,
            takeaways: texts(&session.takeaways),
            decisions: texts(&session.decisions),
            lessons: texts(&session.lessons),
            questions: self.asked_in(id),
            commitments: session.commitments.iter().map(|commitment| self.commitment(id, commitment)).collect(),
            attendance: session.attendance.as_ref().map(|attendance| self.attendance(id, attendance)),
            absent_voices: if facts.state == SessionState::Held { desk.links_to(self.absent(id)) } else { Vec::new() },
            add: occasion.filter(|_| k.is_listed(id)).and_then(|occasion| desk.add(occasion)),
            linked_data: linked_data::session(desk, id, session),
            state,
        };
        self.session_missing(id, session, entry);
        view
    }

    /// What a held session still lacks. Its notes may take two weeks before they are missed.
    fn session_missing(&self, id: EntryId, session: &Session, entry: &mut EntryView) {
        let k = self.k();
        let Some(occasion) = self.desk.occasion(id).filter(|occasion| k.occasion_state(*occasion) == SessionState::Held) else { return };
        if k.is_unwritten(occasion) {
            entry.missing.push(self.missing("no-notes"));
            if !has(session, MaterialKind::Recording) {
                entry.missing.push(self.missing("no-recording"));
            }
        }
        if is_untranscribed(k, id) {
            entry.missing.push(self.missing("no-transcript"));
        }
    }

    /// Questions asked in a session: those in its own notes in the order they stand there, then those with files.
    fn asked_in(&self, id: EntryId) -> Vec<QuestionLine> {
        let k = self.k();
        let mut questions: Vec<EntryId> = k.referring(id, Part::AskedIn).collect();
        questions.sort_by_key(|question| {
            let at = &k.entry(*question).at;
            (at.file != k.entry(id).at.file, at.clone())
        });
        questions.into_iter().map(|question| self.question_line(question)).collect()
    }

    fn series_place(&self, id: EntryId, session: &Session) -> Option<SeriesPlace> {
        let k = self.k();
        let series = k.session(id)?.series.filter(|series| k.has_page(*series))?;
        let facts = k.series(series)?;
        let at = facts.sessions.iter().position(|other| *other == id);
        let neighbour = |step: isize| {
            let other = at?.checked_add_signed(step)?;
            facts.sessions.get(other).map(|other| self.desk.link(*other))
        };
        Some(SeriesPlace {
            title: k.entry(series).title.clone(),
            path: self.desk.entry_path(series),
            number: session.number.as_ref().map(|number| number.value),
            // A series that recurs goes on beyond what has been written, and numbers may run ahead of files.
            of: Some(facts.sessions.len()).filter(|of| {
                let number = session.number.as_ref().map_or(0, |number| number.value);
                facts.planned.is_empty() && i64::try_from(*of).is_ok_and(|of| of >= number)
            }),
            previous: neighbour(-1),
            next: neighbour(1),
        })
    }

    fn facilitators(&self, id: EntryId, session: &Session) -> Vec<Name> {
        let k = self.k();
        if !session.facilitators.is_empty() {
            return self.desk.all_named(id, &session.facilitators);
        }
        let series = k.series_of(Occasion::Session(id));
        let default = series.and_then(|series| Some((series, k.entry(series).series()?.default.as_ref()?)));
        default.map(|(series, default)| self.desk.all_named(series, &default.facilitators)).unwrap_or_default()
    }

    fn speakers(&self, id: EntryId, session: &Session) -> Vec<Speaker> {
        let speaker = |speaker: &session::Speaker| {
            let name = match (&speaker.person, &speaker.name) {
                (Some(person), _) => self.desk.named(id, person)?,
                (None, Some(name)) => Name { label: name.value.clone(), path: None },
                (None, None) => return None,
            };
            Some(Speaker {
                name,
                role: text(&speaker.role),
                organization: speaker.organization.as_ref().and_then(|organization| self.desk.named(id, organization)),
                voice: speaker.voice.as_ref().and_then(|voice| self.desk.linked(id, voice)),
            })
        };
        session.speakers.iter().filter_map(speaker).collect()
    }

    /// The agenda with the time of each item, reckoned from the items before where it is not written.
    fn agenda(&self, id: EntryId, session: &Session) -> Vec<AgendaItem> {
        let times = self.k().session(id).and_then(|facts| facts.times.as_ref());
        let mut clock = times.filter(|times| matches!(times.wall, crate::fields::Wall::Time(_))).map(|times| times.wall.time());
        let mut items = Vec::new();
        for item in &session.agenda {
            let written =
                item.at.as_ref().map(|at| crate::time::read_clock(at).map_or_else(|| at.value.clone(), |clock| self.desk.t.clock(clock)));
            let reckoned =
                clock.filter(|_| session.agenda.iter().all(|item| item.minutes.is_some())).map(|clock| self.desk.t.clock(clock.time()));
            let minutes = item.minutes.as_ref().map(|minutes| minutes.value);
            clock = clock.map(|clock| plus_minutes(clock, minutes.unwrap_or(0)));
            items.push(AgendaItem { at: written.or(reckoned), minutes, title: text(&item.title).unwrap_or_default() });
        }
        items
    }

    fn materials(&self, id: EntryId, session: &Session) -> Vec<Material> {
        let entry = self.k().entry(id);
        let material = |material: &session::Material| {
            let kind = material.kind.as_ref()?.value;
            let label = self.desk.t.get(&format!("states.material.{}", kind.word())).to_owned();
            let path = material.file.as_ref().and_then(|file| self.site.file_path(&entry.at.file, file));
            let url = text(&material.url);
            (url.is_some() || path.is_some()).then(|| Material {
                kind: kind.word(),
                title: text(&material.title).unwrap_or_else(|| label.clone()),
                label,
                url,
                path,
                language: text(&material.language),
                minutes: material.minutes.as_ref().map(|minutes| minutes.value),
            })
        };
        session.materials.iter().filter_map(material).collect()
    }

    fn chapter(&self, chapter: &session::Chapter, recording: Option<&str>) -> Chapter {
        // Media Fragments URI 1.0, section 4.2.1: what players of plain files understand.
        let url = recording.map(|url| if url.contains('#') { url.to_owned() } else { format!("{url}#t={}", chapter.at) });
        Chapter { id: chapter.anchor(), at: chapter.clock(), seconds: chapter.at, title: chapter.title.clone(), url }
    }

    /// A question in a line: what was asked, how it stands, and the answer if it is short.
    pub fn question_line(&self, id: EntryId) -> QuestionLine {
        let (k, desk) = (self.k(), &self.desk);
        let entry = k.entry(id);
        let question = entry.question().expect("lines are made of questions");
        let asked = question.asked_on.as_ref().map(|on| desk.t.say("say.asked_on", &[("date", &desk.t.date(on.value))]));
        let by = question
            .asked_by
            .as_ref()
            .filter(|by| k.target(id, by).is_some_and(|voice| k.is_listed(voice)))
            .and_then(|by| desk.linked(id, by))
            .map(|by| desk.t.say("say.asked_by", &[("name", &by.label)]));
        let times = question.asks.as_ref().filter(|asks| asks.value > 1).map(|asks| desk.t.count("say.asked_times", asks.value as usize));
        let days = k.days_to_answer(id).map(|days| desk.t.count("say.answered_after", days as usize));
        let detail: Vec<String> = [asked, by, times, days].into_iter().flatten().collect();
        QuestionLine {
            text: entry.title.clone(),
            path: Some(desk.entry_path(id)),
            state: desk.state("question", k.question_status(id).expect("questions have a status").word()),
            detail: (!detail.is_empty()).then(|| detail.join("; ")),
            answer: text(&question.answer),
            answers: desk.links_to(k.answers(id)),
            checked: question.checked.iter().filter_map(|look| self.looked(look)).collect(),
        }
    }

    /// Where somebody looked for an answer, and what they found, in a few words.
    fn looked(&self, look: &Look) -> Option<String> {
        let (place, found) = (text(&look.place), text(&look.found));
        match (place, found) {
            (Some(place), Some(found)) => Some(self.desk.t.say("say.looked_found", &[("place", &place), ("found", &found)])),
            (place, found) => place.or(found),
        }
    }

    pub fn commitment(&self, id: EntryId, commitment: &session::Commitment) -> Commitment {
        let desk = &self.desk;
        let evidence = self.evidence(&commitment.evidence);
        Commitment {
            id: Knowledge::commitment_id(commitment),
            text: commitment.text.value.clone(),
            by: desk.all_listed(id, &commitment.by),
            due: commitment.due.as_ref().map(|due| desk.date(due.value)),
            done: commitment.done.as_ref().and_then(|done| done.value).map(|done| desk.date(done)),
            state: desk.state("commitment", commitment_state(commitment, self.k().today)),
            evidence: evidence.text,
            evidence_url: evidence.url,
            evidence_path: evidence.path,
            session: None,
        }
    }

    /// What somebody promised in any session, overdue first, then by due day: the most pressing of it.
    pub fn commitments_by(&self, id: EntryId) -> Vec<Commitment> {
        let k = self.k();
        let mut promised = Vec::new();
        for session_id in k.referring(id, Part::Promise) {
            let Some(session) = k.entry(session_id).session() else { continue };
            for commitment in &session.commitments {
                if commitment.by.iter().any(|by| k.target(session_id, by) == Some(id)) {
                    let mut view = self.commitment(session_id, commitment);
                    view.session = Some(self.desk.link(session_id));
                    promised.push((commitment.done.is_some(), commitment.due.as_ref().map(|due| due.value), view));
                }
            }
        }
        promised.sort_by_key(|(done, due, view)| (*done, due.is_none(), *due, view.id.clone()));
        promised.into_iter().take(COMMITMENTS).map(|(_, _, view)| view).collect()
    }

    fn attendance(&self, id: EntryId, attendance: &session::Attendance) -> Attendance {
        let total: i64 = attendance.by_voice.iter().map(|(_, count)| count.value).sum();
        let present = attendance.attended.as_ref().map_or(total, |attended| attended.value).max(1);
        let by_voice = attendance.by_voice.iter().filter_map(|(voice, count)| {
            let voice = self.desk.named(id, voice)?;
            Some(VoiceCount { voice, count: count.value, percent: ((count.value * 200 + present) / (present * 2)).clamp(0, 100) as u32 })
        });
        Attendance {
            registered: attendance.registered.as_ref().map(|count| count.value),
            attended: attendance.attended.as_ref().map(|count| count.value),
            by_voice: by_voice.collect(),
        }
    }

    /// Voices that are expected in a session and that neither spoke nor were counted.
    fn absent(&self, id: EntryId) -> Vec<EntryId> {
        let k = self.k();
        let present = k.speaking(id);
        // Where nobody counted and nobody spoke as a voice, nothing is known about who was there.
        if present.is_empty() {
            return Vec::new();
        }
        k.expected_at(id).into_iter().filter(|voice| !present.contains(voice)).collect()
    }
}

/// Whether a session was held, and has a recording with neither transcript nor captions.
pub fn is_untranscribed(k: &Knowledge, id: EntryId) -> bool {
    let held = k.session(id).is_some_and(|facts| facts.state == SessionState::Held);
    let Some(session) = k.entry(id).session().filter(|_| held) else { return false };
    has(session, MaterialKind::Recording) && !has(session, MaterialKind::Transcript) && !has(session, MaterialKind::Captions)
}

fn has(session: &Session, kind: MaterialKind) -> bool {
    session.materials.iter().any(|material| is(material, kind))
}

fn is(material: &session::Material, kind: MaterialKind) -> bool {
    material.kind.as_ref().is_some_and(|of| of.value == kind)
}

/// Done, overdue or open on a day.
pub fn commitment_state(commitment: &session::Commitment, today: Date) -> &'static str {
    match (&commitment.done, &commitment.due) {
        (Some(_), _) => "done",
        (None, Some(due)) if due.value < today => "overdue",
        _ => "open",
    }
}
