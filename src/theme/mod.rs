//! How the site looks and what its pages say in words: templates, strings and assets. The only folder that knows Tera.

pub mod strings;

pub use strings::Strings;
/// Markup that is already safe to print.
pub use tera::Value as Html;
pub use tera::{Context, Value};

use crate::findings::nearest::nearest;
use crate::findings::{Checked, Finding, Place, Span, catalogue};
use crate::sources::{Source, THEME};
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::sync::Arc;
use tera::{Kwargs, State, Tera, TeraResult};

/// The default theme, compiled in: whatever the host has or lacks, these files are there.
static BUILTIN: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

const TEMPLATES: &str = "templates/";
const ASSETS: &str = "assets/";

/// Templates that render pages; the others are parts of them.
const OWN_PREFIX: &str = "theme/";
const BUILTIN_PREFIX: &str = "builtin/";

/// A file of the theme that pages load.
#[derive(Debug, Clone)]
pub struct ThemeAsset {
    /// Its plain name: `style.css`.
    pub name: String,
    pub bytes: Arc<[u8]>,
    /// Where it is published, with a digest in its name so that browsers may keep it for ever.
    pub path: String,
}

/// A theme ready to render views.
pub struct Theme {
    tera: Tera,
    pub strings: Strings,
    pub assets: Vec<ThemeAsset>,
    /// Text of the templates by the names they have in Tera, for excerpts in findings.
    own: BTreeMap<String, Arc<str>>,
}

impl std::fmt::Debug for Theme {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_struct("Theme").field("assets", &self.assets.len()).finish_non_exhaustive()
    }
}

/// All files of the default theme by their names, for listing and copying.
pub fn builtin_files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    fn all(dir: &'static Dir<'static>, found: &mut Vec<(&'static str, &'static [u8])>) {
        for file in dir.files() {
            found.push((file.path().to_str().unwrap_or_default(), file.contents()));
        }
        for inner in dir.dirs() {
            all(inner, found);
        }
    }
    let mut found = Vec::new();
    all(&BUILTIN, &mut found);
    found.sort_unstable();
    found.into_iter()
}

/// Loads the default theme with the site's own files over it. A template that cannot be read is told, and the theme's
/// own serves in its place.
pub fn load(own: &[Source], language: &str) -> Checked<Theme> {
    let mut findings = Vec::new();
    let builtin: BTreeMap<&str, &[u8]> = builtin_files().collect();
    let own: Vec<(&str, &Source)> =
        own.iter().filter_map(|source| Some((source.path.strip_prefix(THEME)?.strip_prefix('/')?, source))).collect();
    for (name, source) in &own {
        // A new language is welcome, as are assets and parts of the community's own.
        let free = ["strings/", ASSETS, "templates/parts/"].iter().any(|folder| name.starts_with(folder));
        if !free && !builtin.contains_key(name) {
            findings.push(catalogue::unknown_theme_file(Place::top(&source.path), nearest(name, builtin.keys().copied())));
        }
    }
    let strings = strings::load(&builtin, &own, language, &mut findings);
    let (tera, texts) = templates(&builtin, &own, &mut findings);
    let assets = assets(&builtin, &own);
    Checked::new(Theme { tera, strings, assets, own: texts }, findings)
}

fn templates(builtin: &BTreeMap<&str, &[u8]>, own: &[(&str, &Source)], findings: &mut Vec<Finding>) -> (Tera, BTreeMap<String, Arc<str>>) {
    let mut texts: BTreeMap<String, Arc<str>> = BTreeMap::new();
    let mut own_texts: BTreeMap<String, Arc<str>> = BTreeMap::new();
    for (name, bytes) in builtin.iter().filter(|(name, _)| name.starts_with(TEMPLATES)) {
        let text = std::str::from_utf8(bytes).expect("the theme's own templates are text");
        texts.insert(format!("{BUILTIN_PREFIX}{}", &name[TEMPLATES.len()..]), Arc::from(text));
    }
    for (name, source) in own.iter().filter(|(name, _)| name.starts_with(TEMPLATES) && name.ends_with(".html")) {
        match source.text() {
            Some(text) => {
                own_texts.insert(format!("{OWN_PREFIX}{}", &name[TEMPLATES.len()..]), Arc::from(text));
            }
            None => findings.push(catalogue::not_utf8(Place::new(&source.path, Span::default()))),
        }
    }
    let all: Vec<(String, Arc<str>)> = texts.iter().chain(&own_texts).map(|(name, text)| (name.clone(), text.clone())).collect();
    match compile(&all) {
        Ok(tera) => (tera, own_texts),
        Err(error) => {
            findings.push(trouble(&error, &own_texts, None));
            let builtin: Vec<(String, Arc<str>)> = texts.into_iter().collect();
            let tera = compile(&builtin).expect("a test holds that the theme's own templates are sound");
            (tera, BTreeMap::new())
        }
    }
}

fn compile(texts: &[(String, Arc<str>)]) -> TeraResult<Tera> {
    let mut tera = Tera::new();
    tera.register_filter("fill", fill);
    tera.register_filter("plural", plural);
    // Each prefix is tried each time a template is asked for.
    let has_own = texts.iter().any(|(name, _)| name.starts_with(OWN_PREFIX));
    tera.set_fallback_prefixes([OWN_PREFIX, BUILTIN_PREFIX].into_iter().skip(usize::from(!has_own)))?;
    tera.add_raw_templates(texts.iter().map(|(name, text)| (name.clone(), text.to_string())))?;
    Ok(tera)
}

/// `{{ t.session.number_of | fill(n=3, of=8) }}`: puts values where a string has `{n}`.
fn fill(text: &str, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    Ok(filled(text, &kwargs))
}

/// `{{ t.minutes | plural(n=5) }}`: takes the form for the number, and fills it in.
fn plural(forms: Value, kwargs: Kwargs, state: &State) -> TeraResult<String> {
    let _ = state;
    let number: i64 = kwargs.must_get("n")?;
    let key = if number == 1 { "one" } else { "other" };
    let text = forms.get_from_path(key).and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default();
    Ok(filled(&text, &kwargs))
}

fn filled(text: &str, kwargs: &Kwargs) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        out.push_str(&rest[..start]);
        let Some(end) = rest[start..].find('}') else { break };
        let name = &rest[start + 1..start + end];
        match kwargs.get::<Value>(name) {
            Ok(Some(value)) => out.push_str(&value.to_string()),
            _ => out.push_str(&rest[start..=start + end]),
        }
        rest = &rest[start + end + 1..];
    }
    out.push_str(rest);
    out
}

/// What Tera says, at the place in the community's own template if that is where it is.
fn trouble(error: &tera::Error, own: &BTreeMap<String, Arc<str>>, page: Option<&str>) -> Finding {
    let page = page.map(|page| format!(" (while making `{page}`)")).unwrap_or_default();
    if let tera::ErrorKind::SyntaxError(report) | tera::ErrorKind::RenderingError(report) = error.kind() {
        let name = report.filename();
        let file = name.strip_prefix(OWN_PREFIX).map(|name| format!("{THEME}/{TEMPLATES}{name}"));
        let said = format!("{}{page}", sentence(report.message()));
        if let Some(file) = file {
            let length = own.get(name).map_or(0, |text| text.len());
            let range = report.span().range.clone();
            let span = Span::new(range.start.min(length)..range.end.min(length));
            return catalogue::template_trouble(Place::new(&Arc::from(file.as_str()), span), &said);
        }
        return catalogue::page_trouble(Place::top(&Arc::from(name.strip_prefix(BUILTIN_PREFIX).unwrap_or(name))), name, &said);
    }
    let said = format!("{}{page}", sentence(&error.to_string()));
    let file = own.keys().next().map_or_else(|| "templates".to_owned(), |name| format!("{THEME}/{TEMPLATES}{}", &name[OWN_PREFIX.len()..]));
    catalogue::template_trouble(Place::top(&Arc::from(file.as_str())), &said)
}

fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).chain(['.']).collect()).unwrap_or_default()
}

fn assets(builtin: &BTreeMap<&str, &[u8]>, own: &[(&str, &Source)]) -> Vec<ThemeAsset> {
    let mut files: BTreeMap<&str, Arc<[u8]>> = BTreeMap::new();
    for (name, bytes) in builtin.iter().filter(|(name, _)| name.starts_with(ASSETS)) {
        files.insert(&name[ASSETS.len()..], Arc::from(*bytes));
    }
    for (name, source) in own.iter().filter(|(name, _)| name.starts_with(ASSETS)) {
        files.insert(&name[ASSETS.len()..], source.bytes.clone());
    }
    files.into_iter().map(|(name, bytes)| asset(name, bytes)).collect()
}

/// How many hexadecimal digits of a digest stand in an asset's name: enough that two versions never share one.
const DIGEST_DIGITS: usize = 12;

/// An asset under the name its content gives it.
pub fn asset(name: &str, bytes: Arc<[u8]>) -> ThemeAsset {
    let digest = blake3::hash(&bytes).to_hex();
    let digest = &digest[..DIGEST_DIGITS];
    let path = match name.rsplit_once('.') {
        Some((stem, extension)) => format!("assets/{stem}.{digest}.{extension}"),
        None => format!("assets/{name}.{digest}"),
    };
    ThemeAsset { name: name.to_owned(), bytes, path }
}

impl Theme {
    /// Renders a template over a context.
    ///
    /// # Errors
    /// A finding that names the template and the page, when the template asks for what is not there.
    pub fn render(&self, template: &str, context: &Context, page: &str) -> Result<String, Finding> {
        self.tera.render(template, context).map_err(|error| trouble(&error, &self.own, Some(page)))
    }

    /// Renders a template into `out`; its errors are those of [`Theme::render`].
    pub fn render_to(&self, template: &str, context: &Context, page: &str, out: impl std::io::Write) -> Result<(), Finding> {
        self.tera.render_to(template, context, out).map_err(|error| trouble(&error, &self.own, Some(page)))
    }

    /// The path of an asset by its plain name.
    pub fn asset(&self, name: &str) -> Option<&ThemeAsset> {
        self.assets.iter().find(|asset| asset.name == name)
    }
}
