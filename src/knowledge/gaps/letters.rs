//! The kinds of gap, each with a letter (SPEC section 8).

use crate::words;

words! {
    /// What is missing in a cell, or wrong with what is there.
    Gap {
        /// Nothing is known, and it matters.
        Absolute = "A",
        /// Less than half of what is wanted.
        Thin = "T",
        /// Much is known, and nobody has drawn a practice from it.
        Synthesis = "S",
        /// There is a practice, and no evidence better than one organization's experience.
        Evidence = "E",
        /// A practice with good evidence that nobody is known to use.
        Use = "U",
        /// At least half of it is overdue for review.
        Stale = "O",
        /// A question has waited too long.
        Unanswered = "Q",
        /// Somebody whose experience is required does not speak.
        MissingVoice = "V",
        /// It hangs on one organization, or on one person who has left.
        AtRisk = "R",
        /// Two practices advise against each other.
        Conflicting = "C",
        /// A recording that not everybody can follow.
        Access = "X",
        /// It matters much, and is not all there.
        Shortfall = "P",
    }
}

impl Gap {
    /// In the order they are written in.
    pub const ALL: [Gap; 12] = [
        Gap::Absolute,
        Gap::Thin,
        Gap::Synthesis,
        Gap::Evidence,
        Gap::Use,
        Gap::Stale,
        Gap::Unanswered,
        Gap::MissingVoice,
        Gap::AtRisk,
        Gap::Conflicting,
        Gap::Access,
        Gap::Shortfall,
    ];

    /// The order in which something is done about them: the first one present says what comes next.
    pub const FIRST: [Gap; 12] = [
        Gap::Conflicting,
        Gap::Absolute,
        Gap::MissingVoice,
        Gap::Evidence,
        Gap::Synthesis,
        Gap::Use,
        Gap::Stale,
        Gap::Unanswered,
        Gap::Access,
        Gap::AtRisk,
        Gap::Thin,
        Gap::Shortfall,
    ];

    /// Its name in texts that stay English, and the class by which a theme draws it.
    pub const fn name(self) -> &'static str {
        match self {
            Gap::Absolute => "absolute",
            Gap::Thin => "thin",
            Gap::Synthesis => "synthesis",
            Gap::Evidence => "evidence",
            Gap::Use => "use",
            Gap::Stale => "stale",
            Gap::Unanswered => "unanswered",
            Gap::MissingVoice => "missing-voice",
            Gap::AtRisk => "at-risk",
            Gap::Conflicting => "conflicting",
            Gap::Access => "access",
            Gap::Shortfall => "shortfall",
        }
    }

    pub fn of_letter(letter: &str) -> Option<Gap> {
        Gap::ALL.into_iter().find(|gap| gap.word() == letter)
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Some kinds of gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gaps(u16);

impl Gaps {
    pub fn note(&mut self, gap: Gap, there: bool) {
        if there {
            self.0 |= gap.bit();
        }
    }

    pub const fn has(self, gap: Gap) -> bool {
        self.0 & gap.bit() != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// In the order they are written in.
    pub fn iter(self) -> impl Iterator<Item = Gap> {
        Gap::ALL.into_iter().filter(move |gap| self.has(*gap))
    }

    /// The one that something is done about first.
    pub fn first(self) -> Option<Gap> {
        Gap::FIRST.into_iter().find(|gap| self.has(*gap))
    }

    /// Their letters together: `AVP`.
    pub fn letters(self) -> String {
        self.iter().map(Gap::word).collect()
    }
}
