//! Shares out the file descriptors that the system lets this program have open.

/// As many connections as ten browser windows make. Who comes on top of them finds that somebody has to go.
const GUESTS_AT_MOST: usize = 64;

/// How many pages are made at a time: two browsers' six connections each, and a few more.
const TURNS_AT_MOST: usize = 16;

/// What the rest of the program may have open: the terminal, watches, listeners, and files that a rebuild reads.
const OTHERS: u64 = 32;

/// A request on its way inward is a connection, which the library at its other end holds twice.
const EACH_TURN: usize = 3;

/// Fewer are of no use to a browser, so these are tried whatever the system says.
const GUESTS_AT_LEAST: usize = 4;

/// How much may go on at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Connections of browsers.
    pub guests: usize,
    /// Requests that are being answered.
    pub turns: usize,
}

impl Budget {
    pub fn of_this_program() -> Self {
        Budget::of(descriptors())
    }

    fn of(limit: u64) -> Self {
        let spare = usize::try_from(limit.saturating_sub(OTHERS)).unwrap_or(usize::MAX);
        let turns = (spare / 8).clamp(1, TURNS_AT_MOST);
        let guests = spare.saturating_sub(turns * EACH_TURN).clamp(GUESTS_AT_LEAST, GUESTS_AT_MOST);
        Budget { guests, turns }
    }
}

/// How many descriptors this program may have open (`ulimit -n`).
#[cfg(unix)]
fn descriptors() -> u64 {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[cfg(not(unix))]
fn descriptors() -> u64 {
    u64::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_stays_within_what_there_is() {
        assert_eq!(Budget::of(u64::MAX), Budget { guests: 64, turns: 16 });
        assert_eq!(Budget::of(1024), Budget { guests: 64, turns: 16 });
        for limit in 48..1024 {
            let Budget { guests, turns } = Budget::of(limit);
            assert!((guests + turns * EACH_TURN) as u64 + OTHERS <= limit, "{limit}: {guests} and {turns}");
        }
        assert_eq!(Budget::of(64), Budget { guests: 20, turns: 4 });
        assert_eq!(Budget::of(10), Budget { guests: 4, turns: 1 });
    }
}
