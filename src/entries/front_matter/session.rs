//! A session: one meeting of a community, planned or held, with what was said and promised.

use super::{Text, question::Question};
use crate::fields::{Fields, Ref, Wall};
use crate::findings::{At, catalogue};
use crate::kinds::Kind;
use crate::time::{Date, Zone};
use crate::words;

words! {
    /// What the community has said of a session that is not simply planned.
    SessionStatus {
        Tentative = "tentative",
        Scheduled = "scheduled",
        Postponed = "postponed",
        Cancelled = "cancelled",
    }
}

words! {
    /// Where people meet.
    Mode { Online = "online", InPerson = "in-person", Hybrid = "hybrid" }
}

words! {
    /// What a material is.
    MaterialKind {
        Slides = "slides",
        Recording = "recording",
        Transcript = "transcript",
        Captions = "captions",
        Handout = "handout",
        Notes = "notes",
        Chat = "chat",
        Other = "other",
    }
}

words! {
    /// Registration said outright, where the dates do not tell.
    RegistrationSaid { Open = "open", Full = "full", Closed = "closed" }
}

#[derive(Debug, Clone, Default)]
pub struct Session {
    pub series: Option<Ref>,
    pub number: Option<At<i64>>,
    pub start: Option<At<Wall>>,
    pub end: Option<At<Wall>>,
    pub minutes: Option<At<i64>>,
    pub time_zone: Option<At<Zone>>,
    pub status: Option<At<SessionStatus>>,
    pub uid: Option<Text>,
    /// The recurrence date it stands for.
    pub occurrence: Option<At<Date>>,
    pub previous_starts: Vec<At<Wall>>,
    pub cancel_reason: Option<Text>,
    pub mode: Option<At<Mode>>,
    pub location: Option<Text>,
    pub join: Option<Join>,
    pub registration: Option<Registration>,
    pub facilitators: Vec<Ref>,
    pub speakers: Vec<Speaker>,
    pub objectives: Vec<Text>,
    pub agenda: Vec<AgendaItem>,
    pub materials: Vec<Material>,
    pub chapters: Vec<Chapter>,
    pub takeaways: Vec<Text>,
    pub decisions: Vec<Text>,
    pub questions: Vec<InlineQuestion>,
    pub commitments: Vec<Commitment>,
    pub lessons: Vec<Text>,
    pub attendance: Option<Attendance>,
}

/// How to join; never printed unless `public`.
#[derive(Debug, Clone)]
pub struct Join {
    pub url: Option<Text>,
    pub note: Option<Text>,
    pub public: bool,
}

/// How to register, for a session or for a whole series.
#[derive(Debug, Clone)]
pub struct Registration {
    pub url: Option<Text>,
    pub opens: Option<At<Date>>,
    pub closes: Option<At<Date>>,
    pub capacity: Option<At<i64>>,
    pub cost: Option<Text>,
    pub eligibility: Option<Text>,
    pub state: Option<At<RegistrationSaid>>,
}

impl Registration {
    pub fn read(f: &mut Fields) -> Registration {
        Registration {
            url: f.link("url", "Where to register."),
            opens: f.date("opens", "The first day on which one can register."),
            closes: f.date("closes", "The last day on which one can register."),
            capacity: f.integer("capacity", 0, i64::MAX, "How many people can take part."),
            cost: f.figure("cost", "What it costs, as text."),
            eligibility: f.text("eligibility", "Who may register."),
            state: f.word("state", "Open, full or closed, where the dates do not tell."),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Speaker {
    pub person: Option<Ref>,
    /// A name, where the speaker has no entry.
    pub name: Option<Text>,
    pub role: Option<Text>,
    pub organization: Option<Ref>,
    pub voice: Option<Ref>,
}

#[derive(Debug, Clone)]
pub struct AgendaItem {
    pub at: Option<Text>,
    pub minutes: Option<At<i64>>,
    pub title: Option<Text>,
}

#[derive(Debug, Clone)]
pub struct Material {
    pub kind: Option<At<MaterialKind>>,
    pub url: Option<Text>,
    /// A file beside the entry, or a path under `static/`.
    pub file: Option<Text>,
    pub title: Option<Text>,
    pub language: Option<Text>,
    pub minutes: Option<At<i64>>,
}

/// A moment of the recording and what is said there.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// Seconds from the recording's beginning.
    pub at: u32,
    pub title: String,
}

impl Chapter {
    /// The id it has on the session's page.
    pub fn anchor(&self) -> String {
        format!("chapter-{}", self.at)
    }

    /// Its time as a player shows it: `1:02:10`.
    pub fn clock(&self) -> String {
        let (hours, minutes, seconds) = (self.at / 3600, self.at / 60 % 60, self.at % 60);
        if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
    }
}

/// A question stated in the notes of the session it was asked in.
#[derive(Debug, Clone)]
pub struct InlineQuestion {
    pub id: Option<Text>,
    pub text: Text,
    pub question: Question,
}

/// Something somebody promised in the session.
#[derive(Debug, Clone)]
pub struct Commitment {
    pub id: Option<Text>,
    pub text: Text,
    /// A person, an organization or a voice; `people/ana` where a bare id would fit several.
    pub by: Vec<Ref>,
    pub due: Option<At<Date>>,
    /// Done, and the day if it is known.
    pub done: Option<At<Option<Date>>>,
    pub evidence: Option<Text>,
}

/// How many came: counts only, never names.
#[derive(Debug, Clone)]
pub struct Attendance {
    pub registered: Option<At<i64>>,
    pub attended: Option<At<i64>>,
    pub by_voice: Vec<(Ref, At<i64>)>,
}

impl Session {
    pub fn read(f: &mut Fields) -> Session {
        let session = Session {
            series: f.reference("series", Kind::Series, "The series it belongs to."),
            number: f.integer("number", 0, i64::MAX, "Its number in the series."),
            start: f.date_or_time("start", "When it starts, by the clock where it is held; a day alone means all day."),
            end: f.date_or_time("end", "When it ends; or give `minutes`."),
            minutes: f.integer("minutes", 1, 60 * 24 * 31, "How long it takes, in minutes."),
            time_zone: f.zone("time_zone", "The zone of its times, where that is not the series' or the site's."),
            status: f.word("status", "Said only where it is not simply planned or held."),
            uid: f.text("uid", "What calendar programs know it by; written by `new session`, never changed."),
            occurrence: f.date("occurrence", "The date of the series' recurrence that it stands for."),
            previous_starts: f.dates_or_times("previous_starts", "When it was to start before it was moved, newest last."),
            cancel_reason: f.text("cancel_reason", "Why it was cancelled or postponed."),
            mode: f.word("mode", "Online, in person or both."),
            location: f.text("location", "Where people meet in person."),
            join: f.table("join", "How to join; printed only if `public = true`.", |f| Join {
                url: f.link("url", "The address of the call."),
                note: f.text("note", "What else one must know, such as a passcode."),
                public: f.flag("public", "Whether everybody may see it.").is_some_and(|flag| flag.value),
            }),
            registration: f.table("registration", "How to register.", Registration::read),
            facilitators: f.references("facilitators", Kind::Person, "People who lead it."),
            speakers: f.tables("speakers", "Who speaks.", |f| {
                let whole = f.whole();
                let speaker = Speaker {
                    person: f.reference("person", Kind::Person, "The speaker, if they have an entry."),
                    name: f.text("name", "The speaker's name, if they have none."),
                    role: f.text("role", "What they do."),
                    organization: f.reference("organization", Kind::Organization, "Whom they speak for."),
                    voice: f.reference("voice", Kind::Voice, "The stakeholder group they speak from."),
                };
                if speaker.person.is_none() && speaker.name.is_none() {
                    f.tell(catalogue::missing_key(f.place(whole), "person"));
                }
                speaker
            }),
            objectives: f.texts("objectives", "What people should be able to do afterwards."),
            agenda: f.tables("agenda", "What happens when.", |f| {
                let item = AgendaItem {
                    at: f.text("at", "The time, such as \"13:05\"."),
                    minutes: f.integer("minutes", 0, 60 * 24, "How long it takes."),
                    title: f.text("title", "What happens."),
                };
                let title = item.title.clone();
                f.required_key("title", title.is_some());
                item
            }),
            materials: f.tables("materials", "Slides, recordings, transcripts and handouts.", |f| {
                let material = Material {
                    kind: f.word("type", "What it is."),
                    url: f.link("url", "Where it lies, if on another site."),
                    file: f.text("file", "A file beside this one, or a path under `static/`."),
                    title: f.text("title", "What it is called."),
                    language: f.text("language", "Its language, where that is not the entry's."),
                    minutes: f.integer("minutes", 0, 60 * 24, "How long it runs, in minutes."),
                };
                f.required_key("type", material.kind.is_some());
                if material.url.is_none() && material.file.is_none() {
                    f.tell_missing("url");
                }
                material
            }),
            chapters: f
                .tables("chapters", "Moments of the recording worth going to.", |f| {
                    let at = f.text("at", "Hours, minutes and seconds from its beginning: \"00:12:30\".");
                    let at = f.required(at);
                    let title = f.text("title", "What is said there.");
                    let title = f.required(title);
                    let (at, title) = (at?, title?);
                    match seconds(&at) {
                        Some(seconds) => Some(Chapter { at: seconds, title: title.value }),
                        None => {
                            f.tell(catalogue::not_a_time_code(f.place(at.span), &at));
                            None
                        }
                    }
                })
                .into_iter()
                .flatten()
                .collect(),
            takeaways: f.texts("takeaways", "Questions to carry away."),
            decisions: f.texts("decisions", "What was decided."),
            questions: f
                .tables("questions", "Questions that came up.", |f| {
                    let id = f.text("id", "Its id, where its first words are not to be it.");
                    let text = f.text("text", "The question.");
                    let text = f.required(text);
                    let question = Question::read(f);
                    text.map(|text| InlineQuestion { id, text, question })
                })
                .into_iter()
                .flatten()
                .collect(),
            commitments: f
                .tables("commitments", "What people promised.", |f| {
                    let id = f.text("id", "Its id, where its first words are not to be it.");
                    let text = f.text("text", "What was promised.");
                    let text = f.required(text);
                    let by = f.one_or_more("by", "Who promised it: a person, an organization or a voice.");
                    let due = f.date("due", "By when.");
                    let done = f.date_or_flag("done", "The day it was done, or `true`.");
                    let evidence = f.text("evidence", "What shows that it was done: a sentence, an address or `folder/id`.");
                    text.map(|text| Commitment { id, text, by, due, done, evidence })
                })
                .into_iter()
                .flatten()
                .collect(),
            lessons: f.texts("lessons", "What was learned."),
            attendance: f.table("attendance", "How many came; counts only.", |f| Attendance {
                registered: f.integer("registered", 0, i64::MAX, "How many registered."),
                attended: f.integer("attended", 0, i64::MAX, "How many came."),
                by_voice: f.counts("by_voice", "How many of them from each stakeholder group: { youth = 4 }."),
            }),
        };
        session.agree(f);
        session
    }

    /// What two fields say together must make sense.
    fn agree(&self, f: &mut Fields) {
        let (Some(start), Some(end)) = (&self.start, &self.end) else { return };
        let minutes = crate::time::minutes_between(start.time(), end.time());
        let all_day = matches!(start.value, Wall::Day(_)) && matches!(end.value, Wall::Day(_));
        if minutes < 0 || (minutes == 0 && !all_day) {
            f.tell(catalogue::ends_before_it_starts(f.place(end.span), &said(start.value)));
        } else if self.minutes.as_ref().is_some_and(|given| given.value != minutes) {
            f.tell(catalogue::end_and_minutes(f.place(end.span)));
        }
    }

    /// Where it takes place in time, by the clock: its start, else its date.
    pub fn start_or(&self, date: Option<Date>) -> Option<Wall> {
        self.start.as_ref().map(|start| start.value).or(date.map(Wall::Day))
    }
}

fn said(wall: Wall) -> String {
    match wall {
        Wall::Day(date) => date.to_string(),
        Wall::Time(time) => time.strftime("%Y-%m-%d %H:%M").to_string(),
    }
}

/// Reads `00:12:30`, `12:30` and `1:02:03` as seconds.
fn seconds(text: &str) -> Option<u32> {
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| part.is_empty() || part.len() > 2) {
        return None;
    }
    let mut total = 0u32;
    for (index, part) in parts.iter().enumerate() {
        let number: u32 = part.parse().ok()?;
        if index > 0 && number > 59 {
            return None;
        }
        total = total * 60 + number;
    }
    Some(total)
}
