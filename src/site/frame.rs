//! The frame of every page: the site's name, navigation, assets and colours, made once.

use super::calendars;
use super::desk::{Desk, Links};
use super::direction;
use super::feeds::{self, Format, Scope};
use super::registers::{Register, What};
use super::views::{Link, NavItem, SiteView};
use crate::findings::{Finding, Place, catalogue};
use crate::kinds::Kind;
use crate::knowledge::Knowledge;
use crate::knowledge::lookup::Lead;
use crate::knowledge::references::Wants;
use crate::sources::{STATIC, Sources};
use crate::theme::{Theme, ThemeAsset, Value, asset};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The kinds of the usual navigation, in its order (a brief for the default theme).
const NAVIGATION: [Kind; 7] = [Kind::Session, Kind::Series, Kind::Topic, Kind::Practice, Kind::CaseStudy, Kind::Question, Kind::Resource];

/// The theme's assets, and the community's own colours and fonts.
pub fn assets(k: &Knowledge, theme: &Theme) -> Vec<ThemeAsset> {
    let mut assets = theme.assets.clone();
    let own = &k.config.theme;
    let mut css = String::new();
    for (name, value) in [
        ("--accent-light", &own.accent),
        ("--accent-dark", &own.accent_dark),
        ("--font-text", &own.font_text),
        ("--font-interface", &own.font_interface),
    ] {
        if let Some(value) = value {
            css.push_str(&format!("{name}: {value};\n"));
        }
    }
    if !css.is_empty() {
        let text = format!(":root {{\n{css}}}\n");
        assets.push(asset("custom.css", Arc::from(text.as_bytes())));
    }
    assets
}

/// The part of every page that is the same on all of them.
pub fn frame(k: &Knowledge, theme: &Theme, assets: &[ThemeAsset], links: Links, sources: &Sources, findings: &mut Vec<Finding>) -> Value {
    let no_cards = super::cards::Cards::default();
    let desk = Desk::new(k, &theme.strings, links, &no_cards);
    let config = &k.config;
    // `style.css` is `site.assets.style_css`: a template may load what only its pages need.
    let named: BTreeMap<String, &str> = assets.iter().map(|asset| (asset.name.replace(['.', '-'], "_"), asset.path.as_str())).collect();
    let logo = config.theme.logo.as_ref().and_then(|logo| {
        let name = logo.trim_start_matches('/').trim_start_matches("static/");
        let path = format!("{STATIC}/{name}");
        if sources.statics.iter().any(|asset| *asset.path == path) {
            return Some(crate::knowledge::paths::encoded(name));
        }
        findings.push(catalogue::missing_file(Place::new(&config.file, logo.span), logo, None));
        None
    });
    Value::from_serializable(&SiteView {
        title: config.title.clone(),
        description: config.description.clone(),
        language: config.language.clone(),
        dir: direction(&config.language),
        home: desk.path(""),
        nav: navigation(&desk, findings),
        assets: Value::from_serializable(&named),
        logo,
        feed_atom: feeds::path(k, Scope::Site, Format::Atom),
        feed_json: feeds::path(k, Scope::Site, Format::Json),
        a_z: Link { label: desk.t.get("say.registers.a-z.title").to_owned(), path: desk.path(&Register::first(What::AToZ).page_path(1)) },
        search: config.search.enabled.then(|| super::search::link(&desk)),
        report_url: config.edit.report_url.clone(),
        licence: config.licence.clone(),
        today: desk.date(k.today),
        generator: "Folkmoot",
    })
}

/// The community's own navigation, else what exists of the usual one; then pages that ask to stand in it.
fn navigation(desk: &Desk, findings: &mut Vec<Finding>) -> Vec<NavItem> {
    let k = desk.k;
    if !k.config.nav.is_empty() {
        return k.config.nav.iter().filter_map(|item| own_item(desk, item, findings)).collect();
    }
    let kinds = NAVIGATION.into_iter().filter(|kind| k.has(*kind));
    let mut items: Vec<NavItem> = calendar_item(desk).into_iter().collect();
    // The calendar leads to every series.
    let kinds = kinds.filter(|kind| *kind != Kind::Series || items.is_empty());
    let kinds: Vec<NavItem> = kinds.map(|kind| kind_item(desk, kind, desk.kind_plural(kind))).collect();
    items.extend(kinds);
    items.extend(gaps_item(desk));
    let pages = k.listed(Kind::Page).filter(|id| matches!(&k.entry(*id).own, crate::entries::front_matter::Own::Page(page) if page.nav));
    items.extend(pages.map(|id| NavItem { label: k.entry(id).title.clone(), path: desk.entry_path(id), key: k.entry(id).id.clone() }));
    items
}

/// The way to the calendar, where there is one.
pub fn calendar_item(desk: &Desk) -> Option<NavItem> {
    let path = desk.path(&format!("{}/", calendars::FOLDER));
    let label = desk.t.get("say.calendar.title").to_owned();
    (!desk.k.calendar.is_empty()).then(|| NavItem { label, path, key: calendars::FOLDER.to_owned() })
}

/// The way to what is not known, where there is a map of it.
fn gaps_item(desk: &Desk) -> Option<NavItem> {
    let link = super::gaps::link(desk)?;
    Some(NavItem { label: link.label, path: link.path, key: super::gaps::FOLDER.to_owned() })
}

fn kind_item(desk: &Desk, kind: Kind, label: String) -> NavItem {
    NavItem { label, path: desk.path(&format!("{}/", kind.folder())), key: kind.folder().to_owned() }
}

fn own_item(desk: &Desk, item: &crate::config::NavItem, findings: &mut Vec<Finding>) -> Option<NavItem> {
    let k = desk.k;
    let to = item.to.trim_matches('/');
    if to == calendars::FOLDER {
        return calendar_item(desk).map(|calendar| NavItem { label: item.title.clone(), ..calendar });
    }
    if to == super::gaps::FOLDER {
        return gaps_item(desk).map(|gaps| NavItem { label: item.title.clone(), ..gaps });
    }
    if let Some(kind) = Kind::from_folder(to).filter(|kind| k.has(*kind)) {
        return Some(kind_item(desk, kind, item.title.clone()));
    }
    match k.lookup().follow(to, Wants::Any(Some(Kind::Page))) {
        Lead::One(id) if k.has_page(id) => {
            Some(NavItem { label: item.title.clone(), path: desk.entry_path(id), key: k.entry(id).id.clone() })
        }
        Lead::Nothing(Some(kind), name) if to.contains('/') && !to.contains("://") => {
            let near = crate::findings::nearest::nearest(&name, k.of_kind(kind).map(|id| k.entry(id).id.as_str()));
            findings.push(catalogue::unknown_reference(Place::new(&k.config.file, item.to.span), kind, &name, near));
            None
        }
        _ => {
            let at = Place::new(&k.config.file, item.to.span);
            let folders: Vec<&str> = Kind::ALL.iter().map(|kind| kind.folder()).collect();
            let near = crate::findings::nearest::nearest(to, folders);
            findings.push(catalogue::unknown_folder(at, &item.to, near));
            None
        }
    }
}
