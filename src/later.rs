//! What is made when somebody first wants it, since perhaps nobody does.

use std::cell::Cell;
use std::sync::OnceLock;

/// Something that is made once, by whoever is the first to want it; all others wait for that one.
///
/// Making takes all cores. A thread that waits for its helpers takes up other work meanwhile; if that first wanted something
/// like this, threads could come to wait for each other or for themselves. So whatever making one wants of others is made
/// before, and never on the way.
#[derive(Debug)]
pub struct Later<T>(OnceLock<T>);

impl<T> Later<T> {
    pub fn get_or_make(&self, make: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(|| {
            let _making = Making::begin();
            make()
        })
    }

    pub fn is_made(&self) -> bool {
        self.0.get().is_some()
    }

    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.0.get_mut()
    }
}

impl<T> Default for Later<T> {
    fn default() -> Self {
        Later(OnceLock::new())
    }
}

thread_local! {
    /// Whether this thread is making something: on one core it does all the work of its helpers too.
    static MAKES: Cell<bool> = const { Cell::new(false) };
}

struct Making;

impl Making {
    fn begin() -> Making {
        debug_assert!(!MAKES.get(), "first wanted while something else is made");
        MAKES.set(true);
        Making
    }
}

// Also where making ends by a panic.
impl Drop for Making {
    fn drop(&mut self) {
        MAKES.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_and_not_before_it_is_wanted() {
        let later = Later::default();
        assert!(!later.is_made());
        assert_eq!(later.get_or_make(|| 3), &3);
        assert_eq!(later.get_or_make(|| 4), &3);
    }

    #[test]
    fn what_making_wants_is_made_before() {
        let (one, other) = (Later::<u8>::default(), Later::<u8>::default());
        let nested = std::panic::catch_unwind(|| *one.get_or_make(|| *other.get_or_make(|| 1)));
        assert_eq!(nested.is_err(), cfg!(debug_assertions));
        other.get_or_make(|| 1);
        assert_eq!(one.get_or_make(|| *other.get_or_make(|| 2)), &1);
    }
}
