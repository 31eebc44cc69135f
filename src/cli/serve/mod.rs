//! `folkmoot serve`: shows the site in a browser while it is being written.

mod editor;
mod preview;
mod screen;
mod workshop;

use super::choices::{Day, Shown};
use super::place::Site;
use super::{Outcome, drafts, interrupt, tell};
use crate::knowledge::{Audience, Drafts, Internal};
use crate::serve::{self, DEFAULT_PORT, Snapshot, Watching};
use clap::Args;
use editor::Editor;
use screen::Screen;
use std::net::{IpAddr, Ipv4Addr};
use std::process::{Command, Stdio};
use workshop::Workshop;

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
    /// The editor that findings open files in: vscode, vscodium, cursor, zed, idea, sublime, textmate, macvim, or an
    /// address with {root}, {file}, {line} and {column} [default: what the variable FOLKMOOT_EDITOR says, else vscode]
    #[arg(long, value_name = "EDITOR", value_parser = Editor::parse)]
    editor: Option<Editor>,
    #[command(flatten)]
    day: Day,
    #[command(flatten)]
    shown: Shown,
}

/// Says which editor somebody works with, so that they need not say it each time.
const EDITOR: &str = "FOLKMOOT_EDITOR";

impl Serve {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let root = self.site.find()?;
        let audience = self.audience();
        // To others on the network, links to files of this machine would be of no use, and tell them where it keeps things.
        let editor = if self.address.is_loopback() { Some(self.editor()?) } else { None };
        let mut workshop = Workshop::begin(root, self.day, audience, editor)?;
        let title = drafts::one_line(&workshop.title());
        let first = workshop.preview(Vec::new())?;
        let screen = Screen::new(title, first.report());
        if !self.address.is_loopback() {
            tell::aside("Others on the network can read along, drafts and staff notes included.")?;
        }
        let options = serve::Options {
            address: self.address,
            port: self.port,
            poll: if self.poll { Watching::Poll } else { Watching::Notify },
            on_event: Box::new(move |event| screen.show(event)),
        };
        let server = serve::start(first, Box::new(workshop), options)?;
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

    fn editor(&self) -> anyhow::Result<Editor> {
        if let Some(editor) = &self.editor {
            return Ok(editor.clone());
        }
        let said = std::env::var(EDITOR).ok().filter(|said| !said.is_empty());
        let said = said.as_deref().unwrap_or("vscode");
        Editor::parse(said).map_err(|help| anyhow::anyhow!("{EDITOR} is `{said}`, which names no editor: {help}."))
    }

    /// A preview shows what is being written, unless the public view was asked for.
    fn audience(&self) -> Audience {
        if self.public { self.shown.audience() } else { Audience { drafts: Drafts::Shown, internal: Internal::Shown } }
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
