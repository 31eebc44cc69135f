//! Ctrl-C, and being asked to end: the first time in good order, the second time at once.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// The exit code of a program that Ctrl-C has ended, as shells give it: 128 and the number of the signal.
const INTERRUPTED: i32 = 130;

/// Calls this when somebody asks the program to end. Whoever asks again has waited long enough.
pub fn on_interrupt(stop: impl Fn() + Send + 'static) -> anyhow::Result<()> {
    let asked = AtomicBool::new(false);
    let heard = move || match asked.swap(true, Ordering::Relaxed) {
        false => stop(),
        true => std::process::exit(INTERRUPTED),
    };
    ctrlc::set_handler(heard).context("Ctrl-C cannot be heard")
}
