//! Names that probably mean the same, each with the name to keep and the line of synonyms to write.

use super::{Asked, Form};
use crate::cli::{drafts, tell};
use crate::entries::names;
use crate::findings::show::tame;
use crate::kinds::Kind;
use crate::knowledge::doubles::{self, Double, Side};
use crate::knowledge::similar::Why;
use crate::sources::CONTENT;
use serde_json::{Value, json};

pub fn tell(asked: &Asked) -> anyhow::Result<()> {
    let doubles = doubles::all(asked.site.knowledge());
    match asked.format {
        Form::Json => {
            let told: Vec<Value> = doubles.iter().map(|double| as_json(asked, double)).collect();
            tell::document(&serde_json::to_string_pretty(&told)?)
        }
        Form::Text if doubles.is_empty() => tell::out("No two names look like one."),
        Form::Text => {
            let told: Vec<String> = doubles.iter().map(|double| in_words(asked, double)).collect();
            tell::out(&told.join("\n"))
        }
    }
}

/// What is alike in two names, for people.
fn reason(why: Why, kind: Kind) -> &'static str {
    match why {
        Why::Spelling => "the same but for capitals, punctuation, accents or spaces",
        Why::Acronym => "the acronym in parentheses",
        Why::Trimmings if kind == Kind::Person => "the same but for a title or degree",
        Why::Trimmings => "the same but for “The”, “Inc.” or the like",
        Why::Abbreviation => "the same, shortened",
        Why::Order => "the same words in another order",
        Why::Initial => "the same but for an initial",
        Why::Plural => "the same in singular and plural",
        Why::Initials => "perhaps its initials",
        Why::Slip => "perhaps a slip of the finger",
    }
}

/// The file of the name that is kept: the one it has, or the one that `folkmoot new` would write.
fn file(double: &Double) -> String {
    let written = || format!("{CONTENT}/{}/{}.md", double.kind.folder(), names::slug(&double.keep.id));
    double.keep.file.as_ref().map_or_else(written, |file| file.to_string())
}

fn in_words(asked: &Asked, double: &Double) -> String {
    let word = double.kind.word();
    let mut text = format!("{}: keep `{}`{}\n", names::readable(word), tame(&double.keep.name), times(&double.keep));
    for (side, why) in &double.same {
        text.push_str(&format!("  `{}`: {}{}{}\n", tame(&side.name), reason(*why, double.kind), times(side), place(asked, side)));
    }
    if double.keep.file.is_none() {
        let name = drafts::shell_word(&names::readable(&double.keep.id));
        text.push_str(&format!("  It has no file yet; `folkmoot new {word} {name}` drafts it.\n"));
    }
    text.push_str(&format!("  In {}: {}\n", tame(&file(double)), tame(&drafts::synonyms(&double.synonyms))));
    for side in double.same.iter().filter_map(|(side, _)| side.file.as_ref()) {
        text.push_str(&format!("  Move over what {} says, and remove it.\n", tame(side)));
    }
    text
}

fn times(side: &Side) -> String {
    match side.times {
        0 => String::new(),
        1 => ", written once".to_owned(),
        times => format!(", written {times} times"),
    }
}

/// Where a name is first written; its own file needs no place, since it is named below.
fn place(asked: &Asked, side: &Side) -> String {
    match &side.first {
        Some(first) if side.file.is_none() => {
            let before = if side.times == 1 { ", in" } else { ", first in" };
            format!("{before} {}:{}", tame(&first.file), tell::line(&asked.sources, first))
        }
        _ => String::new(),
    }
}

fn as_json(asked: &Asked, double: &Double) -> Value {
    let side = |side: &Side| {
        let first = side.first.as_ref().map(|first| json!({ "file": first.file, "line": tell::line(&asked.sources, first) }));
        json!({ "name": side.name, "id": side.id, "file": side.file, "times": side.times, "first": first })
    };
    let same = double.same.iter().map(|(other, why)| {
        let mut told = side(other);
        told["why"] = why.word().into();
        told["confidence"] = why.confidence().word().into();
        told
    });
    json!({
        "kind": double.kind.word(),
        "keep": side(&double.keep),
        "same": same.collect::<Vec<_>>(),
        "write": { "file": file(double), "exists": double.keep.file.is_some(), "key": "synonyms", "value": double.synonyms },
    })
}
