//! A page: plain text at the root of the site, such as "About".

use crate::fields::Fields;

#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Whether it stands in the navigation.
    pub nav: bool,
}

impl Page {
    pub fn read(f: &mut Fields) -> Page {
        Page { nav: f.flag("nav", "Whether it stands in the navigation.").is_some_and(|flag| flag.value) }
    }
}
