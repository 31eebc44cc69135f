//! Live reload: the few addresses an open page asks, and the script that asks them, put into every page.
//!
//! A page asks for a tiny state again and again instead of holding a stream open: a browser allows six connections to
//! one host, and ten open tabs with a stream each would leave none to load a page with.

use std::hash::{BuildHasher, Hasher, RandomState};

use super::{Answer, Shown};

/// What no page of a site can begin with: the server's own addresses.
pub const PREFIX: &str = "/_folkmoot/";

const SCRIPT: &str = include_str!("reload.js");
const STYLE: &str = include_str!("overlay.css");

/// Before this the script is put, so that it is there before the page is drawn.
const END_OF_HEAD: &[u8] = b"</head>";

/// A name for one run of the server. It only needs to differ from the run before, so no clock is asked.
pub fn new_run() -> String {
    // Each `RandomState` has keys of its own, which makes the hash of nothing a random number.
    format!("{:016x}", RandomState::new().build_hasher().finish())
}

/// What stands at one of the server's own addresses.
pub fn answer(path: &str, shown: &Shown, run: &str) -> Answer {
    let (content_type, text) = match path.strip_prefix(PREFIX) {
        Some("state") => ("application/json", state(shown, run)),
        Some("findings") => ("text/plain", shown.report.text.clone()),
        Some("reload.js") => ("text/javascript", SCRIPT.to_owned()),
        Some("overlay.css") => ("text/css", STYLE.to_owned()),
        _ => return Answer::text(404, "The server has no such address of its own."),
    };
    Answer { status: 200, content_type: content_type.into(), bytes: text.into_bytes(), location: None }
}

/// Makes a page follow the site: puts the script into it, with the state it was made from.
pub fn follow(mut answer: Answer, shown: &Shown, run: &str) -> Answer {
    let media = answer.content_type.split(';').next().unwrap_or_default();
    if !media.trim().eq_ignore_ascii_case("text/html") {
        return answer;
    }
    let build = shown.build;
    let tag = format!("<script src=\"{PREFIX}reload.js\" defer data-run=\"{run}\" data-build=\"{build}\"></script>");
    let page = &mut answer.bytes;
    let place = page.windows(END_OF_HEAD.len()).position(|bytes| bytes == END_OF_HEAD).unwrap_or(page.len());
    page.splice(place..place, tag.into_bytes());
    answer
}

/// What a page asks for: enough to know whether it is still the right one, and no more, because it is asked often.
fn state(shown: &Shown, run: &str) -> String {
    let (build, errors, warnings) = (shown.build, shown.report.errors, shown.report.warnings);
    format!("{{\"run\":\"{run}\",\"build\":{build},\"errors\":{errors},\"warnings\":{warnings}}}\n")
}
