//! The views of what a community works out: practices, case studies, questions and resources.

use super::entry_page::{contact_url, text, texts};
use super::lists::Sub;
use super::pages::Page;
use super::views::{CaseStudyView, Checked, Evidence, PracticeView, Proof, QuestionView, ResourceView, ResultLine, State};
use crate::entries::front_matter::question::QuestionStatus;
use crate::entries::front_matter::{CaseStudy, Practice, Question, Resource};
use crate::kinds::Kind;
use crate::knowledge::practices::{Maturity, PROOF, PracticeFacts};
use crate::knowledge::{EntryId, freshness::FreshnessState};

/// How many case studies stand on a practice's page as lines of proof; the list below has all of them.
const PROOFS: usize = 12;

impl Page<'_> {
    pub fn practice_view(&self, id: EntryId, practice: &Practice) -> PracticeView {
        let (k, desk) = (self.k(), &self.desk);
        let facts = k.practice(id).expect("every practice has facts");
        let grade = |grade: u8| desk.t.get(&format!("states.grade.{grade}")).to_owned();
        let evidence = practice.evidence.iter().map(|evidence| {
            let sourced = self.evidence(&evidence.source);
            let of = evidence.grade.as_ref().map_or(0, |grade| grade.value as u8);
            Evidence {
                claim: text(&evidence.claim).unwrap_or_default(),
                grade: of,
                grade_word: grade(of),
                source: sourced.text,
                source_url: sourced.url,
                source_path: sourced.path,
                note: text(&evidence.note),
            }
        });
        let case_studies = self.listing(id, Sub::Kind(Kind::CaseStudy));
        PracticeView {
            maturity: self.maturity(id, facts),
            problem: text(&practice.problem),
            context: text(&practice.context),
            when_not: texts(&practice.when_not),
            effort: practice.effort.as_ref().map(|effort| desk.state("effort", effort.value.word())),
            synonyms: texts(&practice.synonyms),
            evidence: evidence.collect(),
            best_grade: State {
                code: "grade",
                word: desk.t.say("say.grade", &[("n", &practice.grade().to_string()), ("word", &grade(practice.grade()))]),
                why: None,
            },
            case_studies,
            proof: facts.case_studies.iter().take(PROOFS).map(|case| self.proof(*case)).collect(),
            contradicts: desk.links_to(facts.contradicted_by.iter().copied()),
            replaces: desk.links_to(k.targets(id, &practice.replaces)),
            missing_proof: (facts.case_studies.is_empty() && !k.is_retired(id)).then(|| self.missing("no-case-study")),
        }
    }

    /// A practice's maturity as a sentence with its reason.
    fn maturity(&self, id: EntryId, facts: &PracticeFacts) -> State {
        let (k, t) = (self.k(), self.desk.t);
        let mut state = self.desk.state("maturity", facts.maturity.word());
        let cases = self.desk.kind_count(Kind::CaseStudy, facts.case_studies.len());
        let organizations = self.desk.kind_count(Kind::Organization, facts.organizations.len());
        let freshness = &k.facts(id).freshness;
        state.why = Some(match facts.maturity {
            Maturity::Initial => t.get("say.maturity.initial").to_owned(),
            Maturity::Validated => {
                let since = freshness.since.map(|since| t.date(since)).unwrap_or_default();
                let key = if freshness.reviewed.is_some() { "say.maturity.validated" } else { "say.maturity.validated_unreviewed" };
                t.say(key, &[("cases", &cases), ("organizations", &organizations), ("date", &since)])
            }
            Maturity::Documented => {
                let so_far = if facts.organizations.is_empty() {
                    cases.clone()
                } else {
                    t.say("say.maturity.so_far", &[("cases", &cases), ("organizations", &organizations)])
                };
                // What stands between it and the next level, the first thing that does.
                let against = facts.contradicted_by.iter().find(|other| k.facts(**other).freshness.is_current() && !k.is_retired(**other));
                let lacks = if facts.case_studies.len() < PROOF || facts.organizations.len() < PROOF {
                    t.say("say.maturity.lacks_proof", &[("n", &PROOF.to_string())])
                } else if let Some(other) = against {
                    t.say("say.maturity.lacks_agreement", &[("title", &k.entry(*other).title)])
                } else if matches!(freshness.state, FreshnessState::Undated) {
                    t.get("say.maturity.lacks_date").to_owned()
                } else {
                    t.get("say.maturity.lacks_review").to_owned()
                };
                t.say("say.maturity.documented", &[("so_far", &so_far), ("lacks", &lacks)])
            }
        });
        state
    }

    fn proof(&self, id: EntryId) -> Proof {
        let (k, desk) = (self.k(), &self.desk);
        let entry = k.entry(id);
        let case_study = entry.case_study().expect("proofs are case studies");
        let mut directions: Vec<State> = Vec::new();
        for result in case_study.results.iter().filter_map(|result| result.direction.as_ref()) {
            if directions.iter().all(|known| known.code != result.value.word()) {
                directions.push(desk.state("direction", result.value.word()));
            }
        }
        Proof {
            title: entry.title.clone(),
            path: desk.entry_path(id),
            organizations: desk.all_named(id, &entry.common.organizations),
            places: entry.common.places.iter().map(|place| desk.place(place)).collect(),
            period: self.period(case_study),
            directions,
            would_do_again: case_study.would_do_again.as_ref().map(|again| desk.state("again", again.value.word())),
            willing_to_talk: case_study.willing_to_talk,
        }
    }

    fn period(&self, case_study: &CaseStudy) -> Option<String> {
        let period = case_study.period.as_ref()?;
        self.desk.t.span(period.from.as_ref().map(|from| from.value), period.to.as_ref().map(|to| to.value))
    }

    pub fn case_study_view(&self, id: EntryId, case_study: &CaseStudy) -> CaseStudyView {
        let (k, desk) = (self.k(), &self.desk);
        let results = case_study.results.iter().map(|result| {
            let sourced = self.evidence(&result.source);
            ResultLine {
                measure: text(&result.measure).unwrap_or_default(),
                baseline: text(&result.baseline),
                result: text(&result.result),
                unit: text(&result.unit),
                audience: result.audience.as_ref().and_then(|audience| desk.named(id, audience)),
                direction: result.direction.as_ref().map(|direction| desk.state("direction", direction.value.word())),
                source: sourced.text,
                source_url: sourced.url,
            }
        });
        CaseStudyView {
            setting: text(&case_study.setting),
            period: self.period(case_study),
            practices: desk.links_to(k.targets(id, &case_study.practices)),
            results: results.collect(),
            barriers: texts(&case_study.barriers),
            enablers: texts(&case_study.enablers),
            cost: text(&case_study.cost),
            lessons: texts(&case_study.lessons),
            contact: text(&case_study.contact),
            contact_url: case_study.contact.as_ref().and_then(|contact| contact_url(contact)),
            willing_to_talk: case_study.willing_to_talk,
            would_do_again: case_study.would_do_again.as_ref().map(|again| desk.state("again", again.value.word())),
        }
    }

    pub fn question_view(&self, id: EntryId, question: &Question) -> QuestionView {
        let (k, desk) = (self.k(), &self.desk);
        let status = k.question_status(id).expect("questions have a status");
        let asked = k.asked_on(id);
        let open = matches!(status, QuestionStatus::Open | QuestionStatus::Partly);
        let age = asked.filter(|_| open).map(|asked| desk.t.say("say.open_since", &[("date", &desk.t.date(asked))]));
        QuestionView {
            state: desk.state("question", status.word()),
            ask: question.ask.as_ref().map(|ask| desk.state("ask", ask.value.word())),
            asked_on: asked.map(|on| desk.date(on)),
            asked_in: question.asked_in.as_ref().and_then(|session| desk.linked(id, session)),
            asked_by: question.asked_by.as_ref().and_then(|voice| desk.linked(id, voice)),
            times: question.asks.as_ref().map_or(1, |asks| asks.value),
            needed_by: question.needed_by.as_ref().map(|by| desk.date(by.value)),
            age,
            answered_after: k.days_to_answer(id).map(|days| desk.t.count("say.answered_after", days as usize)),
            answer: text(&question.answer),
            answers: desk.cards(&k.answers(id)),
            checked: question
                .checked
                .iter()
                .map(|look| Checked {
                    on: look.on.as_ref().map(|on| desk.date(on.value)),
                    by: look.by.as_ref().and_then(|by| desk.named(id, by)),
                    place: text(&look.place),
                    found: text(&look.found),
                })
                .collect(),
            owner: question.owner.as_ref().and_then(|owner| desk.named(id, owner)),
            missing_answer: (open && question.answer.is_none() && k.answers(id).is_empty()).then(|| self.missing("no-answer")),
        }
    }

    pub fn resource_view(&self, id: EntryId, resource: &Resource) -> ResourceView {
        let entry = self.k().entry(id);
        let published = resource
            .published
            .as_ref()
            .map(|published| crate::time::read_date(published).map_or_else(|| published.value.clone(), |date| self.desk.t.date(date)));
        ResourceView {
            what: text(&resource.what),
            url: text(&resource.url),
            path: resource.file.as_ref().and_then(|file| self.site.file_path(&entry.at.file, file)),
            publisher: text(&resource.publisher),
            published,
            languages: texts(&resource.languages),
            access: text(&resource.access),
            why: text(&resource.why),
        }
    }
}
