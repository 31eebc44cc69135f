//! `folkmoot topics`: the words a community sorts by, how much there is about each, and which need looking after.

mod similar;
mod tree;
mod undeclared;

use super::choices::{Day, Shown};
use super::place::Site;
use super::{Outcome, tell};
use crate::findings::{Checked, Finding, Severity, catalogue};
use crate::kinds::Kind;
use crate::knowledge::doubles;
use crate::pipeline::Pipeline;
use crate::site::{self, Links};
use crate::sources::{self, Earlier, Sources};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Show the tree of topics, and find names that need looking after
#[derive(Args)]
#[command(
    after_help = "Examples:\n  folkmoot topics\n  folkmoot topics my-community --undeclared\n  folkmoot topics --undeclared --draft\n  \
                        folkmoot topics --similar --format json > similar.json"
)]
pub struct Topics {
    #[command(flatten)]
    site: Site,
    /// List names that are used as topics and have no file
    #[arg(long, conflicts_with = "similar")]
    undeclared: bool,
    /// With `--undeclared`: write their files, but for names that are probably slips
    #[arg(long, requires = "undeclared")]
    draft: bool,
    /// List names of topics, organizations and people that probably mean the same, with the synonyms to write
    #[arg(long)]
    similar: bool,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    #[command(flatten)]
    day: Day,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For programs
    Json,
}

/// A knowledge base that was asked about its names.
struct Asked {
    root: PathBuf,
    sources: Sources,
    site: site::Site,
    format: Form,
}

impl Topics {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let root = self.site.find()?;
        let sources = sources::read(&root, Earlier::None)?;
        let options = self.day.options(self.shown.audience(), Links::Folders)?;
        let Checked { value: site, findings } = Pipeline::new().run(&sources, &options);
        let asked = Asked { root, sources: sources.value, site, format: self.format };
        // Names that lead nowhere are what the lists are about, so they are no mistakes there.
        let listed: &[Kind] = if self.undeclared {
            undeclared::tell(&asked, self.draft)?;
            &[Kind::Topic]
        } else if self.similar {
            similar::tell(&asked)?;
            &doubles::COMPARED
        } else {
            tree::tell(&asked)?;
            &[]
        };
        if has_other_errors(&findings, listed) {
            tell::aside("There are mistakes in the knowledge base, and they may be missing from this. `folkmoot check` shows them.")?;
            return Ok(Outcome::Errors);
        }
        Ok(Outcome::Done)
    }
}

/// Whether anything is wrong but names of these kinds that lead nowhere.
fn has_other_errors(findings: &[Finding], listed: &[Kind]) -> bool {
    let is_listed = |finding: &Finding| listed.iter().any(|kind| catalogue::unknown_code(*kind) == finding.code);
    findings.iter().any(|finding| finding.severity == Severity::Error && !is_listed(finding))
}
