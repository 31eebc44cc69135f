//! The command line: what was typed, and one file for each command.

mod build;
mod calendar;
mod check;
mod choices;
mod columns;
mod completions;
mod drafts;
mod gaps;
mod handoff;
mod import;
mod init;
mod interrupt;
mod new;
mod place;
mod progress;
mod proposal;
mod schema;
mod search;
mod serve;
mod tell;
mod theme;
mod topics;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// What a command came to, where nothing kept it from doing its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    /// A finding of severity error: exit code 1.
    Errors,
}

/// The exit code for what was typed wrong and for what the machine would not do.
const TROUBLE: u8 = 2;

/// Compiles session notes, case studies and practices into a searchable static site.
#[derive(Parser)]
#[command(name = "folkmoot", version, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "To begin:\n  folkmoot init my-community --title \"My community\"\n  folkmoot serve my-community --open")]
struct Typed {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Init),
    New(new::New),
    Build(build::Build),
    Serve(serve::Serve),
    Check(check::Check),
    Calendar(calendar::Calendar),
    Gaps(gaps::Gaps),
    Topics(topics::Topics),
    Search(search::Search),
    Handoff(handoff::Handoff),
    Import(import::Import),
    Schema(schema::Schema),
    Theme(theme::Theme),
    Completions(completions::Completions),
}

/// Does what was typed. The exit code is 0 when it is done, 1 when a finding is an error, 2 when the command could not
/// be understood or the machine would not do it.
pub fn run() -> ExitCode {
    let outcome = match Typed::parse().command {
        Command::Init(command) => command.run(),
        Command::New(command) => command.run(),
        Command::Build(command) => command.run(),
        Command::Serve(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Calendar(command) => command.run(),
        Command::Gaps(command) => command.run(),
        Command::Topics(command) => command.run(),
        Command::Search(command) => command.run(),
        Command::Handoff(command) => command.run(),
        Command::Import(command) => command.run(),
        Command::Schema(command) => command.run(),
        Command::Theme(command) => command.run(),
        Command::Completions(command) => command.run(),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Errors) => ExitCode::FAILURE,
        Err(trouble) => {
            tell::trouble(&trouble);
            ExitCode::from(TROUBLE)
        }
    }
}
