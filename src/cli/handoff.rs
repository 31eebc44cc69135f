//! `folkmoot handoff`: what waits for whoever takes the place of somebody who leaves.

use super::choices::Day;
use super::place::{self, Site};
use super::{Outcome, drafts, tell};
use crate::findings::nearest::nearest;
use crate::findings::show::counted;
use crate::findings::{Checked, Place, any_error};
use crate::kinds::Kind;
use crate::knowledge::{Audience, Drafts, EntryId, Internal};
use crate::output;
use crate::pipeline::Pipeline;
use crate::site::{self, Links};
use crate::sources::{self, Earlier};
use anyhow::{anyhow, bail};
use clap::Args;
use std::path::{Path, PathBuf};

/// Write down what somebody hands over who leaves
#[derive(Args)]
#[command(
    after_help = "Examples:\n  folkmoot handoff --from ana-lind\n  folkmoot handoff my-community --from ana-lind --to ben-okoro --out notes\n\nDrafts and internal entries are in it: it is for staff, and no part of the site."
)]
pub struct Handoff {
    #[command(flatten)]
    site: Site,
    /// The person who leaves: an id, or another name of theirs
    #[arg(long, value_name = "PERSON")]
    from: String,
    /// The person who takes over [default: the successor named in their file]
    #[arg(long, value_name = "PERSON")]
    to: Option<String>,
    /// The folder for `handoff-PERSON.md` and `handoff-PERSON.html` [default: here]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    day: Day,
}

impl Handoff {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let root = self.site.find()?;
        let sources = sources::read(&root, Earlier::None)?;
        // Whoever takes over has to know of everything.
        let audience = Audience { drafts: Drafts::Shown, internal: Internal::Shown };
        let options = self.day.options(audience, Links::Folders)?;
        let Checked { value: site, findings } = Pipeline::new().run(&sources, &options);
        let from = person(&site, &self.from)?;
        let to = self.to.as_ref().map(|to| person(&site, to)).transpose()?;
        if to == Some(from) {
            bail!("`{}` cannot take over from themselves. Name somebody else after `--to`.", self.from);
        }
        let line_of = |at: &Place| {
            let before = sources.value.text(&at.file)?.get(..at.span.start as usize)?;
            Some(before.matches('\n').count() + 1)
        };
        let handoff = site.handoff(from, to, &line_of).map_err(|finding| anyhow!("{}", finding.title))?;
        let folder = match &self.out {
            Some(out) => place::absolute(out)?,
            None => place::absolute(Path::new("."))?,
        };
        refuse_published(&folder, &root)?;
        let name = format!("handoff-{}", site.knowledge().entry(from).slug);
        let files = [(folder.join(format!("{name}.md")), handoff.markdown), (folder.join(format!("{name}.html")), handoff.page)];
        // Neither is written where one could not be.
        if let Some((taken, _)) = files.iter().find(|(file, _)| file.exists()) {
            bail!("There is a file `{}` already. Move it away, or name another folder with `--out`.", place::shown(taken).display());
        }
        for (file, text) in &files {
            drafts::write_new(file, text)?;
        }
        let [markdown, page] = files.map(|(file, _)| place::shown(&file).display().to_string());
        tell::out(&format!("Wrote `{markdown}` and `{page}`: {} to hand over.\n", counted(handoff.things, "thing")))?;
        if any_error(&findings) {
            tell::aside("There are mistakes in the knowledge base, and something may be missing from this. `folkmoot check` shows them.")?;
            return Ok(Outcome::Errors);
        }
        Ok(Outcome::Done)
    }
}

/// What is for staff must not get into a site: neither into what the community writes, nor into what was published.
fn refuse_published(folder: &Path, root: &Path) -> anyhow::Result<()> {
    let written = place::community_folders(root);
    if written.iter().any(|of| folder.starts_with(of)) || folder.ancestors().any(output::is_published) {
        bail!("`{}` is part of a site, and this is for staff only. Name another folder with `--out`.", place::shown(folder).display());
    }
    Ok(())
}

fn person(site: &site::Site, name: &str) -> anyhow::Result<EntryId> {
    if let Some(person) = site.person(name) {
        return Ok(person);
    }
    let k = site.knowledge();
    let ids: Vec<String> = k.of_kind(Kind::Person).map(|person| k.entry(person).id.clone()).collect();
    match nearest(name, ids.iter().map(String::as_str)) {
        Some(near) => bail!("There is no person `{name}`. Did you mean `{near}`?"),
        None => bail!("There is no person `{name}`."),
    }
}
