//! What keys take and what they mean: the words that describe a field.

/// A field that takes one word of a fixed list.
pub trait Word: Sized + Copy + 'static {
    const ALL: &'static [(&'static str, Self)];

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
    }
}

/// Declares an enum whose values are words in front matter.
#[macro_export]
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// The word as it is typed; also the class and key by which a theme tells them apart.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl $crate::fields::Word for $name {
            const ALL: &'static [(&'static str, Self)] = &[$(($word, $name::$variant)),+];
        }
    };
}

/// What a key takes.
#[derive(Debug, Clone)]
pub enum Shape {
    Text,
    Texts,
    Integer {
        least: i64,
        most: i64,
    },
    Number,
    Flag,
    Day,
    Days,
    DayOrTime,
    Clock,
    Interval,
    Zone,
    Zones,
    Word(Vec<&'static str>),
    Reference(&'static str),
    References(&'static str),
    Link,
    /// Days or yes: `done = 2026-03-04` or `done = true`.
    DayOrFlag,
    Counts,
    Table(Vec<Described>),
    Tables(Vec<Described>),
    /// Any keys, each of one shape.
    Map(Box<Shape>),
}

/// A key, what it takes and what it means.
#[derive(Debug, Clone)]
pub struct Described {
    pub key: &'static str,
    pub shape: Shape,
    pub about: &'static str,
    pub required: bool,
}
