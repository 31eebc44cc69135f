//! One state of the site, as browsers are shown it.

use super::editor::Editor;
use crate::cli::tell;
use crate::findings::show::{self, Counts};
use crate::findings::{Checked, Finding, Severity, any_error};
use crate::later::Later;
use crate::pipeline::SoFar;
use crate::serve::{Answer, Report, Snapshot};
use crate::site::{About, Site, SiteFile};
use crate::sources::Sources;
use serde::Serialize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many findings about other pages are told over a page. Whoever has more reads them in a terminal.
const FINDINGS: usize = 100;

pub struct Preview {
    pub site: Arc<Site>,
    /// The last site with another theme whose pages could all be made: a page that this one cannot make is shown from it.
    pub before: Option<Arc<Site>>,
    /// What there is to tell about the state, also where its pages are those of an earlier one.
    pub telling: Arc<Telling>,
    /// A digest of what pages load by names that say nothing about content.
    pub assets: String,
    pub editor: Option<Arc<Editor>>,
    pub today: Today,
    /// Whether a page was made, and whether one could not be.
    pub made: AtomicBool,
    pub flawed: AtomicBool,
}

/// What there is to tell about one state of the site. It is found out when somebody wants to know, at the latest soon after
/// the state is shown: the plan of the whole site belongs to it.
pub struct Telling {
    pub sources: Arc<Checked<Sources>>,
    /// The files that made it another than what somebody was told of last.
    pub changed: Vec<String>,
    /// The site it is about and what is known of it, until all is found out: a site that is not shown need not be kept.
    untold: Mutex<Option<(Arc<Site>, SoFar)>>,
    told: Later<Told>,
}

struct Told {
    /// Sorted.
    findings: Vec<Finding>,
    /// Whether there is an error that nobody could know of before the plan.
    in_plan: bool,
    report: Report,
}

impl Telling {
    pub fn new(sources: Arc<Checked<Sources>>, site: Arc<Site>, changed: Vec<String>, so_far: SoFar) -> Telling {
        Telling { sources, changed, untold: Mutex::new(Some((site, so_far))), told: Later::default() }
    }

    pub fn is_whole(&self) -> bool {
        self.told.is_made()
    }

    /// All of it, sorted.
    pub fn findings(&self) -> &[Finding] {
        &self.told().findings
    }

    /// Whether there is an error that nobody could know of before the site was planned.
    pub fn any_error_in_plan(&self) -> bool {
        self.told().in_plan
    }

    pub fn report(&self) -> &Report {
        &self.told().report
    }

    fn told(&self) -> &Told {
        // Made before, since all of it is made of that.
        let site = self.untold().as_ref().map(|(site, _)| site.clone());
        if let Some(site) = site {
            site.findings_of_plan();
        }
        self.told.get_or_make(|| {
            let mut untold = self.untold();
            let (site, so_far) = untold.as_ref().expect("it is kept until it is told");
            let findings = so_far.with_plan_of(site);
            let in_plan = any_error(site.findings_of_plan());
            let Counts { errors, warnings, .. } = Counts::of(&findings);
            let text = tell::for_preview(&findings, &self.sources.value);
            let report = Report { errors, warnings, changed: self.changed.clone(), text, stopped: None };
            // Not before: if anything above cannot be done, by a fault of ours, there is still as much to tell.
            *untold = None;
            Told { findings, in_plan, report }
        })
    }

    fn untold(&self) -> MutexGuard<'_, Option<(Arc<Site>, SoFar)>> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The day the site is shown as on.
#[derive(Debug, Clone, Serialize)]
pub struct Today {
    /// ISO 8601.
    pub day: String,
    /// Whether somebody asked for it, and it is not simply today.
    pub chosen: bool,
}

impl Snapshot for Preview {
    fn answer(&self, path: &str) -> Option<Answer> {
        let now = self.site.find(path).map(|file| self.page(&self.site, 200, file));
        match now {
            Some(Err(finding)) => Some(self.as_before(path).unwrap_or_else(|| stopped(&finding))),
            Some(Ok(answer)) => Some(answer),
            None => None,
        }
    }

    fn not_found(&self) -> Answer {
        let page = self.site.not_found().and_then(|file| self.page(&self.site, 404, file).ok());
        page.unwrap_or_else(|| Answer::text(404, "There is no page at this address."))
    }

    fn report(&self) -> Report {
        self.telling.report().clone()
    }

    fn errors(&self) -> usize {
        // With an error among what was known at once, nothing would have been shown before all was known.
        if self.telling.is_whole() { self.telling.report().errors } else { 0 }
    }

    fn is_whole(&self) -> bool {
        self.telling.is_whole()
    }

    fn assets(&self) -> &str {
        &self.assets
    }

    fn about(&self, path: &str) -> String {
        let file = self.site.find(path);
        let own = file.and_then(|file| self.site.about(file));
        // A page that cannot be made says so here, whoever asked for it before.
        let trouble = file.and_then(|file| self.page(&self.site, 200, file).err());
        let (here, others) = self.findings_for(own.as_ref().and_then(|about| about.file.as_deref()));
        let more = others.len().saturating_sub(FINDINGS);
        let texts = |path: &str| tell::readable(&self.telling.sources.value, path);
        let told = AboutPage {
            here: show::in_preview(trouble.iter().chain(here), &texts),
            elsewhere: show::in_preview(others.into_iter().take(FINDINGS), &texts),
            more,
            page: own,
            today: &self.today,
            editor: self.editor.as_ref().map(|editor| editor.link.as_str()),
        };
        serde_json::to_string(&told).expect("plain structs of texts and numbers can be written as JSON")
    }
}

/// What `about` says.
#[derive(Serialize)]
struct AboutPage<'a> {
    /// Findings about this page, errors first.
    here: Vec<show::InPreview>,
    elsewhere: Vec<show::InPreview>,
    /// How many more there are elsewhere.
    more: usize,
    page: Option<About>,
    today: &'a Today,
    /// An address that opens a file, with `{file}`, `{line}` and `{column}` in it.
    editor: Option<&'a str>,
}

impl Preview {
    fn page(&self, site: &Site, status: u16, file: SiteFile) -> Result<Answer, Finding> {
        let made = site.render(file).and_then(|bytes| match site.shared_trouble() {
            Some(finding) if site.media_type(file).starts_with("text/html") => Err(finding.clone()),
            _ => Ok(bytes),
        });
        let of_page = if made.is_ok() { &self.made } else { &self.flawed };
        of_page.store(true, Ordering::Relaxed);
        let bytes = made?;
        Ok(Answer { status, content_type: site.media_type(file).to_owned(), bytes: bytes.into_owned(), location: None })
    }

    /// The page as the last theme without a fault makes it.
    fn as_before(&self, path: &str) -> Option<Answer> {
        let before = self.before.as_ref()?;
        self.page(before, 200, before.find(path)?).ok()
    }

    /// Findings about a file, and all others, each with errors first. Notes about other files are nobody's business here.
    fn findings_for(&self, file: Option<&str>) -> (Vec<&Finding>, Vec<&Finding>) {
        let concerns = |finding: &Finding| {
            let mut places = finding.at.iter().chain(finding.also.iter().map(|(place, _)| place));
            file.is_some_and(|file| places.any(|place| &*place.file == file))
        };
        let (mut here, mut others): (Vec<&Finding>, Vec<&Finding>) = self.telling.findings().iter().partition(|finding| concerns(finding));
        others.retain(|finding| finding.severity != Severity::Note);
        here.sort_by_key(|finding| finding.severity);
        others.sort_by_key(|finding| finding.severity);
        (here, others)
    }
}

/// In place of a page that could not be made, and was never made before: what there is to say about it, as a page, so
/// that it follows the mending.
fn stopped(finding: &Finding) -> Answer {
    let mut said = vec![finding.title.clone()];
    said.extend(finding.at.iter().map(|at| format!("It stands in {}.", at.file)));
    said.extend(finding.help.iter().cloned());
    let paragraphs: String = said.iter().map(|words| format!("<pre>{}</pre>\n", escaped(words))).collect();
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>This page could not be made</title>\n</head>\n\
         <body>\n<h1>This page could not be made</h1>\n{paragraphs}</body>\n</html>\n"
    );
    Answer { status: 500, content_type: "text/html".into(), bytes: page.into_bytes(), location: None }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
