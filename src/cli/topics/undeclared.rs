//! Names that are written as topics and have no file: a list of them, and drafts of their files.

use super::{Asked, Form};
use crate::cli::columns::{self, Side};
use crate::cli::drafts::{self, Draft};
use crate::cli::{new, place, tell};
use crate::entries::{Entry, Origin, names};
use crate::findings::nearest::nearest;
use crate::findings::show::tame;
use crate::kinds::Kind;
use crate::knowledge::mentions::{self, Mentioned};
use crate::knowledge::{Knowledge, doubles, similar};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// One name, as it is told.
#[derive(Serialize)]
struct Undeclared {
    name: String,
    /// How many references name it.
    times: usize,
    /// In how many files.
    files: usize,
    first: First,
    /// The declared id or synonym it is probably a slip for.
    nearest: Option<String>,
    /// The file that was written for it, from the project's folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<String>,
}

#[derive(Serialize)]
struct First {
    file: String,
    line: usize,
}

/// What becomes of a name for which a file is wanted.
enum Fate {
    /// Its file, from the project's folder, and what is written there.
    Drafted(String, String),
    /// The declared name that was probably meant.
    Slip(String),
    /// Where it would stand, and something stands already.
    Taken(String),
    /// No letter of it could stand in a file's name.
    Nameless,
}

pub fn tell(asked: &Asked, draft: bool) -> anyhow::Result<()> {
    let mut names = names(asked);
    let fates = if draft { fates(asked, &names) } else { Vec::new() };
    write(asked, &mut names, &fates)?;
    match asked.format {
        Form::Text if draft => tell::out(&drafted_in_words(asked, &names, &fates))?,
        Form::Text => tell::out(&in_words(&names))?,
        Form::Json => tell::document(&serde_json::to_string_pretty(&names)?)?,
    }
    tell_beside(asked.site.knowledge(), &names)
}

/// What the list does not show by itself.
fn tell_beside(k: &Knowledge, names: &[Undeclared]) -> anyhow::Result<()> {
    let listed = |side: &doubles::Side| names.iter().any(|name| name.nearest.is_none() && name.name == side.name);
    if doubles::of_kind(k, Kind::Topic).iter().any(|double| double.same.iter().any(|(side, _)| listed(side))) {
        tell::aside("Some of these names look like another. `folkmoot topics --similar` shows which.")?;
    }
    match mentions::undeclared_by_hidden(k, Kind::Topic) {
        0 => Ok(()),
        1 => tell::aside("1 more is named only by drafts or internal entries; `--drafts` and `--internal` include it."),
        more => {
            tell::aside(&format!("{more} more are named only by drafts or internal entries; `--drafts` and `--internal` include them."))
        }
    }
}

/// The names, those written most often first.
fn names(asked: &Asked) -> Vec<Undeclared> {
    let k = asked.site.knowledge();
    let declared: Vec<Declared> = declared(k).flat_map(|entry| Declared::of(&entry)).collect();
    let mut found: Vec<Mentioned> = mentions::undeclared(k, Kind::Topic);
    found.sort_by_key(|mentioned| Reverse(mentioned.times));
    let told = |mentioned: Mentioned| Undeclared {
        nearest: nearest_declared(&mentioned.name, &declared),
        times: mentioned.times,
        files: mentioned.files,
        first: First { file: mentioned.first.file.to_string(), line: tell::line(&asked.sources, &mentioned.first) },
        name: mentioned.name,
        written: None,
    };
    found.into_iter().map(told).collect()
}

fn declared(k: &Knowledge) -> impl Iterator<Item = Arc<Entry>> + use<'_> {
    k.of_kind(Kind::Topic).map(|id| k.entry(id).clone()).filter(|entry| entry.origin == Origin::File)
}

/// One name of a declared topic, and what to write for it: titles are not looked up, so the id stands for them.
struct Declared {
    key: String,
    write: String,
}

impl Declared {
    fn of(entry: &Entry) -> Vec<Declared> {
        let by = |key: String, write: &str| Declared { key, write: write.to_owned() };
        let synonyms = entry.synonyms().iter().map(|synonym| by(names::key(synonym), synonym));
        [by(entry.key.clone(), &entry.id)].into_iter().chain(synonyms).chain([by(entry.title_key.clone(), &entry.id)]).collect()
    }
}

fn nearest_declared(name: &str, declared: &[Declared]) -> Option<String> {
    let key = names::key(name);
    // `phase-2` is no slip for `phase-1`.
    let near = nearest(&key, declared.iter().map(|known| known.key.as_str()).filter(|known| similar::same_numbers(&key, known)))?;
    declared.iter().find(|known| known.key == near).map(|known| known.write.clone())
}

/// One name to a line, in columns.
fn in_words(names: &[Undeclared]) -> String {
    if names.is_empty() {
        return "Every topic that is named has a file.".to_owned();
    }
    let some_near = names.iter().any(|name| name.nearest.is_some());
    let mut rows = vec![["Name", "Written", "Files", "First in", if some_near { "Did you mean" } else { "" }].map(str::to_owned).to_vec()];
    rows.extend(names.iter().map(|name| {
        let first = format!("{}:{}", tame(&name.first.file), name.first.line);
        vec![tame(&name.name), name.times.to_string(), name.files.to_string(), first, tame(name.nearest.as_deref().unwrap_or_default())]
    }));
    columns::lines(&[Side::Left, Side::Right, Side::Right, Side::Left, Side::Left], &rows)
}

// Drafts.

fn fates(asked: &Asked, names: &[Undeclared]) -> Vec<Fate> {
    let mut taken: HashSet<PathBuf> = HashSet::new();
    names.iter().map(|name| fate(asked, name, &mut taken)).collect()
}

fn fate(asked: &Asked, name: &Undeclared, taken: &mut HashSet<PathBuf>) -> Fate {
    if let Some(near) = &name.nearest {
        return Fate::Slip(near.clone());
    }
    let title = drafts::one_line(&names::readable(&name.name));
    let Ok(stem) = new::file_stem(Kind::Topic, &title) else { return Fate::Nameless };
    // The file's name says less than the name that is written, where that has other signs or many words.
    let synonyms = if names::key(&stem) == names::key(&name.name) { Vec::new() } else { vec![name.name.clone()] };
    let k = asked.site.knowledge();
    let draft = Draft {
        kind: Kind::Topic,
        title: &title,
        date: k.today,
        synonyms: &synonyms,
        site_id: &k.config.site_id,
        series: None,
        number: None,
        start: None,
        uid: None,
        occurrence: None,
    };
    let path = draft.path(&stem);
    let file = asked.root.join(&path);
    // `R & D` and `rd` would have one address.
    if let Some(known) = k.lookup().of_kind(Kind::Topic, &stem).map(|id| k.entry(id)).filter(|known| known.origin == Origin::File) {
        return Fate::Slip(known.id.clone());
    }
    if file.exists() || !taken.insert(file) {
        return Fate::Taken(path);
    }
    let text = draft.text(&stem);
    Fate::Drafted(path, text)
}

fn write(asked: &Asked, names: &mut [Undeclared], fates: &[Fate]) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for (name, fate) in names.iter_mut().zip(fates) {
        if let Fate::Drafted(path, text) = fate {
            files.push((asked.root.join(path), text.clone()));
            name.written = Some(path.clone());
        }
    }
    drafts::write_all_new(&files)
}

fn drafted_in_words(asked: &Asked, names: &[Undeclared], fates: &[Fate]) -> String {
    let k = asked.site.knowledge();
    let mut text = String::new();
    let mut slip = None;
    for (name, fate) in names.iter().zip(fates) {
        let word = tame(&name.name);
        text.push_str(&match fate {
            Fate::Drafted(path, _) => format!("Wrote `{}`.\n", place::shown(&asked.root.join(path)).display()),
            Fate::Slip(near) => {
                slip.get_or_insert(word.clone());
                format!("`{word}` is probably `{}`: {}:{}.\n", tame(near), tame(&name.first.file), name.first.line)
            }
            Fate::Taken(path) => {
                format!("`{word}` would stand in `{path}`, which is there already. Call it something else, or write its file by hand.\n")
            }
            Fate::Nameless => format!("Nothing is left of `{word}` in an address. Use a name with letters or numbers.\n"),
        });
    }
    if names.is_empty() {
        return "Every topic that is named has a file, so there is none to draft.".to_owned();
    }
    if let Some(slip) = slip {
        let command = format!("folkmoot new topic {}", drafts::shell_word(&names::readable(&slip)));
        text.push_str(&format!("What is no slip, but a topic of its own, gets its file like this: `{command}`.\n"));
    }
    if fates.iter().any(|fate| matches!(fate, Fate::Drafted(..))) {
        text.push_str(drafts::to_fill_in(Kind::Topic));
        text.push_str(&new::closing(Kind::Topic, &k.config, &declared(k).collect::<Vec<_>>()));
    }
    text
}
