//! `folkmoot init`: begins a knowledge base.

use super::drafts::{self, quoted};
use super::{Outcome, choices, place, tell};
use crate::config;
use crate::entries::names;
use crate::findings::{Place, catalogue};
use crate::kinds::Kind;
use crate::sources::{CONFIG, CONTENT};
use crate::time::{self, Date, Zone};
use anyhow::bail;
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The first session is planned at least this many days ahead: soon enough to be real, late enough to be prepared.
const FIRST_SESSION_IN: i64 = 7;

/// Saturday, counted from Monday as 0.
const SATURDAY: usize = 5;

/// What calendar programs know a site by whose title leaves nothing for an address.
const SITE_ID: &str = "knowledge-base";

/// Begin a knowledge base
#[derive(Args)]
#[command(after_help = "Examples:\n  folkmoot init\n  folkmoot init my-community --title \"My community\" --time-zone America/Chicago")]
pub struct Init {
    /// The folder to begin it in, which need not exist yet [default: here]
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    folder: PathBuf,
    /// What the knowledge base is called [default: the folder's name]
    #[arg(long)]
    title: Option<String>,
    /// The zone of its times
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
}

impl Init {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let folder = place::absolute(&self.folder)?;
        let title = self.title(&folder);
        let zone = zone(&self.time_zone)?;
        let today = time::day_of(choices::now()?, &zone);
        let site_id = Some(names::slug(&title)).filter(|id| !id.is_empty()).unwrap_or_else(|| SITE_ID.into());

        let files = [
            (CONFIG.to_owned(), configuration(&title, &site_id, &zone)),
            first_session(&site_id, first_session_day(today)),
            (format!("{CONTENT}/{}/about.md", Kind::Page.folder()), about(&title)),
        ];
        if let Some((path, _)) = files.iter().find(|(path, _)| folder.join(path).symlink_metadata().is_ok()) {
            let shown = place::shown(&folder.join(path));
            bail!("`{}` is there already, and nothing has been written. Choose another folder, or move the file away.", shown.display());
        }
        let mut told = format!("“{title}” has begun:\n");
        for (path, text) in &files {
            let file = folder.join(path);
            drafts::write_new(&file, text)?;
            told.push_str(&format!("  {}\n", place::shown(&file).display()));
        }
        told.push_str(&next_steps(&place::shown(&folder)));
        tell::out(&told)?;
        Ok(Outcome::Done)
    }

    fn title(&self, folder: &Path) -> String {
        let name = || folder.file_name().map(|name| names::readable(&name.to_string_lossy()));
        let said = self.title.as_deref().map(drafts::one_line).filter(|title| !title.is_empty());
        said.or_else(name).unwrap_or_else(|| "Our knowledge base".into())
    }
}

fn zone(name: &str) -> anyhow::Result<Zone> {
    let Some(zone) = Zone::named(name) else {
        let finding = catalogue::unknown_zone(Place::top(&Arc::from("")), name);
        bail!("{} {}", finding.title, finding.help.join(" "));
    };
    Ok(zone)
}

fn configuration(title: &str, site_id: &str, zone: &Zone) -> String {
    let about = |key: &str| config::keys().into_iter().find(|known| known.key == key).map_or("", |known| known.about);
    let zone_hint = if zone.name() == "UTC" { " Write yours before the first session is announced." } else { "" };
    format!(
        "# {}\ntitle = {}\n\n# {}\n# description = \"\"\n\n# {}\n# base_url = \"https://library.example.org/\"\n\n# {}\nlanguage = \"en\"\n\n\
         # {}{zone_hint}\ntime_zone = {}\n\n# {}\nsite_id = {}\n\n# {}\n# licence = \"\"\n\n\
         # Every key there is: `folkmoot schema site`. Tables such as [theme] or [review] stand below all of the above.\n",
        about("title"),
        quoted(title),
        about("description"),
        about("base_url"),
        about("language"),
        about("time_zone"),
        quoted(zone.name()),
        about("site_id"),
        quoted(site_id),
        about("licence"),
    )
}

fn first_session_day(today: Date) -> Date {
    let ahead = time::plus_days(today, FIRST_SESSION_IN);
    // Few communities meet at a weekend, so the Monday after it serves.
    match time::weekday(ahead) {
        day if day >= SATURDAY => time::plus_days(ahead, (7 - day) as i64),
        _ => ahead,
    }
}

fn first_session(site_id: &str, on: Date) -> (String, String) {
    let session = drafts::Draft {
        kind: Kind::Session,
        title: "Opening call",
        date: on,
        synonyms: &[],
        site_id,
        series: None,
        number: None,
        start: None,
        uid: None,
        occurrence: None,
    };
    (session.path("opening-call"), session.text("opening-call"))
}

fn about(title: &str) -> String {
    format!(
        "+++\ntitle = \"About\"\nnav = true\n+++\n\nThis is the knowledge base of {}. Say here who meets, what for, and how to join.\n",
        title.replace(['[', ']', '<', '>', '*', '_', '`', '\\', '&'], " ")
    )
}

fn next_steps(folder: &Path) -> String {
    if folder == Path::new(".") {
        return "Next, look at it, and write a second entry:\n  folkmoot serve --open\n  folkmoot new session \"Second call\"\n".into();
    }
    let folder = drafts::shell_word(&folder.display().to_string());
    format!(
        "Next, look at it, and write a second entry:\n  folkmoot serve {folder} --open\n  folkmoot new session \"Second call\" --site {folder}\n"
    )
}
