//! The stem of a word, by the rules of the language of its text.

use pagefind_stem::{Algorithm, Stemmer};
use std::borrow::Cow;

/// How words of one language are stemmed; those of languages without rules stay as they are.
pub struct Stems(Option<Stemmer>);

impl Stems {
    /// By a language tag (BCP 47), of which the language itself decides.
    pub fn of(language: &str) -> Stems {
        let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let algorithm = match primary.as_str() {
            "ar" => Algorithm::Arabic,
            "ca" => Algorithm::Catalan,
            "da" => Algorithm::Danish,
            "de" => Algorithm::German,
            "el" => Algorithm::Greek,
            "en" => Algorithm::English,
            "es" => Algorithm::Spanish,
            "et" => Algorithm::Estonian,
            "eu" => Algorithm::Basque,
            "fi" => Algorithm::Finnish,
            "fr" => Algorithm::French,
            "ga" => Algorithm::Irish,
            "hi" => Algorithm::Hindi,
            "hu" => Algorithm::Hungarian,
            "hy" => Algorithm::Armenian,
            "id" => Algorithm::Indonesian,
            "it" => Algorithm::Italian,
            "lt" => Algorithm::Lithuanian,
            "ne" => Algorithm::Nepali,
            "nl" => Algorithm::Dutch,
            "no" | "nb" | "nn" => Algorithm::Norwegian,
            "pl" => Algorithm::Polish,
            "pt" => Algorithm::Portuguese,
            "ro" => Algorithm::Romanian,
            "ru" => Algorithm::Russian,
            "sr" => Algorithm::Serbian,
            "sv" => Algorithm::Swedish,
            "ta" => Algorithm::Tamil,
            "tr" => Algorithm::Turkish,
            "yi" => Algorithm::Yiddish,
            _ => return Stems(None),
        };
        Stems(Some(Stemmer::create(algorithm)))
    }

    /// The stem of a word in lower case.
    pub fn stem<'w>(&self, word: &'w str) -> Cow<'w, str> {
        self.0.as_ref().map_or(Cow::Borrowed(word), |stemmer| stemmer.stem(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_rules() {
        assert_eq!(Stems::of("en-GB").stem("licensing"), "licens");
        assert_eq!(Stems::of("es").stem("licencias"), "licenci");
        assert_eq!(Stems::of("th").stem("licensing"), "licensing");
    }
}
