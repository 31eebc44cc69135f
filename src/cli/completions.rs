//! `folkmoot completions`: lets a shell complete what is typed.

use super::{Outcome, Typed, tell};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print what a shell needs to complete commands
#[derive(Args)]
#[command(after_help = "Example:\n  folkmoot completions bash > ~/.local/share/bash-completion/completions/folkmoot")]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Typed::command(), "folkmoot", &mut script);
        tell::document(&String::from_utf8(script)?)?;
        Ok(Outcome::Done)
    }
}
