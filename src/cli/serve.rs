//! `folkmoot serve`: shows the site in a browser while it is being written.

use super::choices::{Day, Shown};
use super::place::{self, Site};
use super::{Outcome, drafts, interrupt, tell};
use crate::config;
use crate::findings::show::{Counts, counted};
use crate::findings::{self, Checked, Finding, any_error};
use crate::knowledge::{Audience, Drafts, Internal};
use crate::pipeline::{self, Pipeline};
use crate::serve::{self, Answer, DEFAULT_PORT, Event, Rebuild, Report, Snapshot, Watching};
use crate::site::{self, Links};
use crate::sources::{self, CONFIG, Earlier, Sources};
use clap::Args;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// Preview the site in a browser, with each change as you save it
#[derive(Args)]
#[command(
    after_help = "Examples:\n  folkmoot serve --open\n  folkmoot serve my-community --port 5000\n  folkmoot serve --public --today 2026-12-01"
)]
pub struct Serve {
    #[command(flatten)]
    site: Site,
    /// The port to answer at; the next free one is taken where this is in use
    #[arg(long, default_value_t = DEFAULT_PORT)]
    port: u16,
    /// The address to answer at; any but this machine's own lets others on the network read along
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Open a browser
    #[arg(long)]
    open: bool,
    /// Leave out drafts and what is for staff only, as a public build does
    #[arg(long)]
    public: bool,
    /// Look for changes again and again, where the system does not tell of them
    #[arg(long)]
    poll: bool,
    #[command(flatten)]
    day: Day,
    #[command(flatten)]
    shown: Shown,
}

impl Serve {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let root = self.site.find()?;
        let audience = self.audience();
        let mut workshop = Workshop::begin(root, self.day, audience)?;
        let first = workshop.preview()?;
        if !first.report.text.is_empty() {
            tell::out(&first.report.text)?;
        }
        if !self.address.is_loopback() {
            tell::aside("Others on the network can read along, drafts and staff notes included.")?;
        }
        let title = drafts::one_line(&first.title);
        let options = serve::Options {
            address: self.address,
            port: self.port,
            poll: if self.poll { Watching::Poll } else { Watching::Notify },
            on_event: Box::new(move |event| say(event, &title)),
        };
        let server = serve::start(Arc::new(first), Box::new(workshop), options)?;
        interrupt::on_interrupt(server.stopper())?;
        if self.open {
            open(server.url())?;
        }
        server.wait();
        server.stop();
        // A terminal that was closed reads no more.
        drop(tell::out("Stopped."));
        Ok(Outcome::Done)
    }

    /// A preview shows what is being written, unless the public view was asked for.
    fn audience(&self) -> Audience {
        if self.public { self.shown.audience() } else { Audience { drafts: Drafts::Shown, internal: Internal::Shown } }
    }
}

/// One state of the site, as browsers are shown it.
struct Preview {
    site: Arc<site::Site>,
    title: String,
    report: Report,
}

impl Snapshot for Preview {
    fn answer(&self, path: &str) -> Option<Answer> {
        self.site.find(path).map(|file| self.page(200, file))
    }

    fn not_found(&self) -> Answer {
        match self.site.not_found() {
            Some(file) => self.page(404, file),
            None => Answer::text(404, "There is no page at this address."),
        }
    }

    fn report(&self) -> Report {
        self.report.clone()
    }
}

impl Preview {
    fn page(&self, status: u16, file: site::SiteFile) -> Answer {
        match self.site.render(file) {
            Ok(bytes) => Answer { status, content_type: self.site.media_type(file).to_owned(), bytes: bytes.into_owned(), location: None },
            Err(finding) => stopped(&finding),
        }
    }
}

/// In place of a page that could not be made: what there is to say about it, as a page, so that it follows the mending.
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

/// Makes one state of the site after another, and keeps what the next one can use again.
struct Workshop {
    root: PathBuf,
    day: Day,
    audience: Audience,
    pipeline: Pipeline,
    sources: Checked<Sources>,
    /// Of what the last state was made from.
    digest: String,
    /// The last site without an error.
    good: Option<Arc<site::Site>>,
}

impl Workshop {
    fn begin(root: PathBuf, day: Day, audience: Audience) -> anyhow::Result<Workshop> {
        let sources = sources::read(&root, Earlier::None)?;
        let mut workshop = Workshop { root, day, audience, pipeline: Pipeline::new(), sources, digest: String::new(), good: None };
        workshop.digest = workshop.digest_of(&workshop.sources.value)?;
        Ok(workshop)
    }

    fn digest_of(&self, sources: &Sources) -> anyhow::Result<String> {
        Ok(pipeline::digest(sources, &self.day.options(self.audience, Links::Folders)?))
    }

    /// The state that the sources give. With an error among its findings, the last good pages stay.
    fn preview(&mut self) -> anyhow::Result<Preview> {
        let options = self.day.options(self.audience, Links::Folders)?;
        let Checked { value: site, mut findings } = self.pipeline.run(&self.sources, &options);
        findings::sort(&mut findings);
        let site = Arc::new(site);
        let shown = if any_error(&findings) { self.good.clone().unwrap_or(site) } else { self.good.insert(site).clone() };
        let Counts { errors, warnings, .. } = Counts::of(&findings);
        let text = tell::without_notes(&findings, &self.sources.value);
        let title = config::read(self.sources.value.config.as_ref()).value.title;
        Ok(Preview { site: shown, title, report: Report { errors, warnings, text } })
    }
}

impl Rebuild for Workshop {
    fn rebuild(&mut self) -> anyhow::Result<Option<Arc<dyn Snapshot>>> {
        let sources = sources::read(&self.root, Earlier::Trusted(&self.sources.value))?;
        let digest = self.digest_of(&sources.value)?;
        let same = digest == self.digest && sources.findings == self.sources.findings;
        // Even where all is the same, the new reading has the files' new times.
        self.sources = sources;
        if same {
            return Ok(None);
        }
        let preview = self.preview()?;
        // Remembered only now: what was cut short is tried again.
        self.digest = digest;
        Ok(Some(Arc::new(preview)))
    }

    fn watched(&self) -> Vec<PathBuf> {
        let mut watched = place::community_folders(&self.root).to_vec();
        watched.push(self.root.join(CONFIG));
        watched
    }

    fn ignored(&self) -> Vec<PathBuf> {
        vec![self.root.join(config::read(self.sources.value.config.as_ref()).value.out)]
    }
}

/// Says on the terminal what happens, one calm line each.
fn say(event: Event, title: &str) {
    let said = match event {
        Event::Listening { url } => tell::out(&format!("Serving “{title}” at {url} — stop with Ctrl-C")),
        Event::Rebuilt { took, report } => tell::out(&rebuilt(took, &report)),
        Event::Silent => Ok(()),
        Event::RebuildStopped { why } => tell::aside(&format!("Nothing new could be made, so the last pages stay: {why}")),
        Event::WatchFellBack { why } => tell::aside(&format!("The system does not tell of changes ({why}), so they are looked for.")),
        Event::PageStopped { path, why } => tell::aside(&format!("The page {path} could not be made, by a fault of the program: {why}")),
        Event::ListenerRenewed { why } => tell::aside(&format!("The server had to begin again ({why}); open pages go on by themselves.")),
    };
    // Serving goes on when nobody reads along.
    drop(said);
}

fn rebuilt(took: Duration, report: &Report) -> String {
    let took = took.as_millis();
    match report.errors {
        0 => format!("Rebuilt in {took} ms.\n{}", report.text),
        errors => format!("Rebuilt in {took} ms; {} to mend before the new pages show.\n{}", counted(errors, "error"), report.text),
    }
}

/// Opens a browser the way this system does.
fn open(url: &str) -> anyhow::Result<()> {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let quiet = || Stdio::null();
    match Command::new(program).args(before).arg(url).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn() {
        Ok(_) => Ok(()),
        Err(_) => tell::aside(&format!("No browser could be opened from here. Open {url} yourself.")),
    }
}
