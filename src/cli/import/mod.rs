//! `folkmoot import`: takes in what was gathered elsewhere.

mod entries;
mod eppi;

use super::Outcome;
use clap::{Args, Subcommand};

/// Take in what was gathered elsewhere
#[derive(Args)]
#[command(after_help = "Example:\n  folkmoot import eppi map.json --rows Interventions --columns Outcomes")]
pub struct Import {
    #[command(subcommand)]
    from: From,
}

#[derive(Subcommand)]
enum From {
    Eppi(eppi::Eppi),
}

impl Import {
    pub fn run(self) -> anyhow::Result<Outcome> {
        match self.from {
            From::Eppi(command) => command.run(),
        }
    }
}
