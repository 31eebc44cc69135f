//! What the terminal shows while the site is served: one calm screen per rebuild, and plain lines where this is none.

use crate::cli::tell;
use crate::findings::show::counted;
use crate::serve::{Event, Report};
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many changed files are named; a switch to another branch changes thousands.
const NAMED: usize = 3;

/// Clears the screen and goes to its beginning, and leaves alone what was scrolled away (ECMA-48: ED, CUP).
const CLEAR: &str = "\u{1b}[2J\u{1b}[H";

pub struct Screen {
    title: String,
    /// Whether each rebuild has the whole screen for itself.
    whole: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    url: String,
    first: Option<Report>,
}

impl Screen {
    /// `first` is told once the address is known.
    pub fn new(title: String, first: Report) -> Screen {
        let state = State { url: String::new(), first: Some(first) };
        Screen { title, whole: std::io::stdout().is_terminal(), state: Mutex::new(state) }
    }

    /// Says what happened.
    pub fn show(&self, event: Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let said = match event {
            Event::Listening { url } => {
                let first = state.first.take().unwrap_or_default();
                state.url = url;
                let header = self.header(&state.url);
                if self.whole {
                    tell::out(&format!("{CLEAR}{header}\n\n{}", first.text))
                } else {
                    tell::out(&format!("{}{header}", first.text))
                }
            }
            Event::Rebuilt { took, report } => {
                let rebuilt = rebuilt(took, &report);
                if self.whole { tell::out(&format!("{CLEAR}{}\n\n{rebuilt}", self.header(&state.url))) } else { tell::out(&rebuilt) }
            }
            Event::Silent => Ok(()),
            Event::RebuildStopped { why } => tell::aside(&format!("Nothing new could be made, so the last pages stay: {why}")),
            Event::WatchFellBack { why } => {
                tell::aside(&format!("The system does not tell of changes ({why}), so they are looked for twice a second."))
            }
            Event::PageStopped { path, why } => {
                tell::aside(&format!("The page {path} could not be made, by a fault of the program: {why}"))
            }
            Event::ListenerRenewed { why } => {
                tell::aside(&format!("The server had to begin again ({why}); open pages go on by themselves."))
            }
        };
        // Serving goes on when nobody reads along.
        drop(said);
    }

    fn header(&self, url: &str) -> String {
        format!("Serving “{}” at {url} — stop with Ctrl-C", self.title)
    }
}

fn rebuilt(took: Duration, report: &Report) -> String {
    let took = took.as_millis();
    let what = changes(&report.changed);
    let state = match (report.errors, report.warnings) {
        (0, 0) => String::new(),
        (0, _) => format!("\n{}", report.text),
        (errors, _) => format!(" {} to mend before the new pages show.\n{}", counted(errors, "error"), report.text),
    };
    format!("Rebuilt in {took} ms{what}.{state}")
}

/// ": `content/a.md`, `content/b.md` and 12 more files".
fn changes(changed: &[String]) -> String {
    let named: Vec<String> = changed.iter().take(NAMED).map(|path| format!("`{path}`")).collect();
    match (named.as_slice(), changed.len() - named.len()) {
        ([], _) => String::new(),
        (named, 0) => format!(": {}", named.join(", ")),
        (named, more) => format!(": {} and {}", named.join(", "), counted(more, "more file")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rebuild_says_what_changed_how_long_it_took_and_what_is_to_mend() {
        let changed: Vec<String> = ["a.md", "b.md", "c.md", "d.md", "e.md"].map(str::to_owned).to_vec();
        let report = Report { changed, ..Report::default() };
        assert_eq!(rebuilt(Duration::from_millis(84), &report), "Rebuilt in 84 ms: `a.md`, `b.md`, `c.md` and 2 more files.");
        let report = Report { errors: 1, text: "error: x\n".into(), changed: vec!["a.md".into()], ..Report::default() };
        let said = rebuilt(Duration::from_millis(3), &report);
        assert_eq!(said, "Rebuilt in 3 ms: `a.md`. 1 error to mend before the new pages show.\nerror: x\n");
    }
}
