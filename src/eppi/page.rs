//! Reads a published map: a page whose script holds the references, the rows and columns, and what bubbles are divided by.
//!
//! The values stand in constants: `csvData` with the header cells of the table, `referenceData` with the references as
//! in a report, `segmentAttributes` with the segments, `filters` with trees to filter by, and
//! `externalURLedAttributes` with what attributes mean.

use super::read::{DEEPEST, Json};
use super::{Attribute, Axis, CodeSet, Item, Report, Stated};
use crate::findings::{Place, Span, catalogue};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};

/// What segments are called where the page does not say what they are of.
const SEGMENTS: &str = "Segments";

/// The map on a page; none where it holds no map.
pub fn read(json: &mut Json) -> Option<Report> {
    let (table, references) = (constant(json, "csvData"), constant(json, "referenceData"));
    let (Some(table), Some(references)) = (table, references) else {
        if json.findings.is_empty() {
            json.findings.push(catalogue::not_a_report(Place::new(json.file, Span::new(0..0))));
        }
        return None;
    };
    let meanings = meanings(json);
    let (rows, columns) = axes(json, table, &meanings);
    let segments: Vec<Axis> = segments(json, &meanings).into_iter().collect();
    let filters = filters(json, &meanings);
    let references = json.references(references, "referenceData");
    let named = [&rows, &columns].into_iter().chain(&segments).chain(&filters);
    let attributes = named.map(|axis| Attribute { name: axis.title.clone(), children: attributes(&axis.items), ..Attribute::default() });
    let code_sets = vec![CodeSet { attributes: attributes.collect(), ..CodeSet::default() }];
    Some(Report { code_sets, references, stated: Some(Stated { rows, columns, segments }) })
}

/// The value of a constant of the page's script.
fn constant<'t>(json: &mut Json<'t>, name: &str) -> Option<&'t RawValue> {
    let declared = format!("{name} = ");
    let ways = |at: &usize| ["const ", "let ", "var "].iter().any(|way| json.text[..*at].ends_with(way));
    let at = json.text.match_indices(&declared).map(|(at, _)| at).find(ways)?;
    json.parse_first(at + declared.len())
}

/// What the page says of its attributes, by id.
type Meanings = HashMap<String, Meaning>;

#[derive(Default)]
struct Meaning {
    /// Its name behind those of all that it stands below: `Quality - Low quality`.
    path: String,
    definition: String,
}

fn meanings(json: &mut Json) -> Meanings {
    let Some(raw) = constant(json, "externalURLedAttributes") else { return HashMap::new() };
    let mut meanings = HashMap::new();
    for raw in json.list(raw, "externalURLedAttributes") {
        let Some(fields) = json.fields(raw) else { continue };
        let meaning = Meaning { path: json.text(&fields, "AttributeName"), definition: json.text(&fields, "AttributeDescription") };
        meanings.insert(json.id(&fields, "AttributeId"), meaning);
    }
    meanings
}

fn definition(meanings: &Meanings, id: &str) -> String {
    meanings.get(id).map(|meaning| meaning.definition.clone()).unwrap_or_default()
}

/// A header cell of the table.
struct Cell {
    item: Item,
    parent: String,
    /// How many of the narrowest columns it stands over.
    span: usize,
}

/// Rows and columns, from the header cells: first a line of cells for each level of columns, then one for each of the
/// narrowest rows, with the wider ones that begin there before it.
fn axes<'t>(json: &mut Json<'t>, table: &'t RawValue, meanings: &Meanings) -> (Axis, Axis) {
    let Some(fields) = json.object(table, "csvData") else { return Default::default() };
    let lines = fields.get("rows").map(|raw| json.list(raw, "rows")).unwrap_or_default();
    let (mut heads, mut sides) = (Vec::new(), Vec::new());
    for line in lines {
        let (mut over, mut beside) = (Vec::new(), Vec::new());
        for raw in json.list(line, "rows") {
            let Some(fields) = json.object(raw, "rows") else { continue };
            let id = json.id(&fields, "id");
            let definition = definition(meanings, &id);
            let item = Item { title: json.text(&fields, "title"), id, definition, children: Vec::new() };
            let cell = Cell { item, parent: json.id(&fields, "parentId"), span: json.text(&fields, "span").parse().unwrap_or(1) };
            if json.text(&fields, "isColumn") == "true" { over.push(cell) } else { beside.push(cell) }
        }
        heads.extend(Some(over).filter(|cells| !cells.is_empty()));
        sides.extend(Some(beside).filter(|cells| !cells.is_empty()));
    }
    (axis(linked(&sides).unwrap_or_else(|| by_place(&sides)), "Rows"), axis(linked(&heads).unwrap_or_else(|| by_span(&heads)), "Columns"))
}

/// A tree by what each cell says is above it; none where no cell does.
fn linked(lines: &[Vec<Cell>]) -> Option<Vec<Item>> {
    let cells: Vec<&Cell> = lines.iter().flatten().collect();
    let ids: HashMap<&str, usize> = cells.iter().enumerate().map(|(at, cell)| (cell.item.id.as_str(), at)).collect();
    let above = |cell: &Cell| ids.get(cell.parent.as_str()).copied().filter(|_| !cell.parent.is_empty());
    if !cells.iter().any(|cell| above(cell).is_some()) {
        return None;
    }
    Some(grow(&cells, &cells.iter().map(|cell| above(cell)).collect::<Vec<_>>()))
}

/// A tree of columns: a cell stands below the one of the line above that reaches over it.
fn by_span(lines: &[Vec<Cell>]) -> Vec<Item> {
    let mut cells: Vec<&Cell> = Vec::new();
    let mut parents = Vec::new();
    // Where each cell of the line above begins, and which it is.
    let mut above: BTreeMap<usize, usize> = BTreeMap::new();
    for line in lines {
        let (mut start, mut starts) = (0, BTreeMap::new());
        for cell in line {
            parents.push(above.range(..=start).next_back().map(|(_, at)| *at));
            starts.insert(start, cells.len());
            cells.push(cell);
            start = start.saturating_add(cell.span.max(1));
        }
        above = starts;
    }
    grow(&cells, &parents)
}

/// A tree of rows: the first line begins all levels, and each further one the last so many.
fn by_place(lines: &[Vec<Cell>]) -> Vec<Item> {
    let levels = lines.iter().map(Vec::len).max().unwrap_or(0);
    let mut cells: Vec<&Cell> = Vec::new();
    let mut parents = Vec::new();
    let mut path: Vec<usize> = Vec::new();
    for line in lines {
        path.truncate(levels - line.len());
        for cell in line {
            parents.push(path.last().copied());
            path.push(cells.len());
            cells.push(cell);
        }
    }
    grow(&cells, &parents)
}

/// Items by which stands above which; what would stand above itself, or above an earlier one, is on top.
fn grow(cells: &[&Cell], parents: &[Option<usize>]) -> Vec<Item> {
    let mut items: Vec<Item> = cells.iter().map(|cell| cell.item.clone()).collect();
    // From the last to the first, so that an item is whole when it goes below its own.
    for at in (0..items.len()).rev() {
        if let Some(parent) = parents[at].filter(|parent| *parent < at) {
            let item = std::mem::take(&mut items[at]);
            items[parent].children.insert(0, item);
        }
    }
    let is_top = |at: usize| parents[at].is_none_or(|parent| parent >= at);
    (0..items.len()).filter(|at| is_top(*at)).map(|at| std::mem::take(&mut items[at])).collect()
}

/// The attribute that was chosen stands over its rows or columns, and is none itself.
fn axis(mut items: Vec<Item>, otherwise: &str) -> Axis {
    match items.as_mut_slice() {
        [top] if !top.children.is_empty() => Axis { title: std::mem::take(&mut top.title), items: std::mem::take(&mut top.children) },
        _ => Axis { title: otherwise.to_owned(), items },
    }
}

/// What bubbles are divided by.
fn segments(json: &mut Json, meanings: &Meanings) -> Option<Axis> {
    let raw = constant(json, "segmentAttributes")?;
    let mut items = Vec::new();
    for raw in json.list(raw, "segmentAttributes") {
        let Some(fields) = json.object(raw, "segmentAttributes") else { continue };
        let inner = fields.get("attribute").copied().and_then(|raw| json.fields(raw)).unwrap_or(fields);
        items.push(Item {
            id: json.id(&inner, "AttributeId"),
            title: json.text(&inner, "AttributeName"),
            definition: json.text(&inner, "AttributeDescription"),
            children: Vec::new(),
        });
    }
    let first = items.first()?;
    // The attribute that was chosen is named only in the way to those below it.
    let above = meanings.get(&first.id).and_then(|meaning| meaning.path.strip_suffix(&first.title)?.trim_end().strip_suffix('-'));
    let title = above.map(str::trim).filter(|above| !above.is_empty()).unwrap_or(SEGMENTS).to_owned();
    Some(Axis { title, items })
}

/// The trees that readers of the page can filter by.
fn filters(json: &mut Json, meanings: &Meanings) -> Vec<Axis> {
    let Some(raw) = constant(json, "filters") else { return Vec::new() };
    let trees = tree(json, raw, meanings, 0);
    trees.into_iter().map(|tree| Axis { title: tree.title, items: tree.children }).filter(|axis| !axis.items.is_empty()).collect()
}

fn tree<'t>(json: &mut Json<'t>, raw: &'t RawValue, meanings: &Meanings, depth: usize) -> Vec<Item> {
    let mut items = Vec::new();
    if depth > DEEPEST {
        return items;
    }
    for raw in json.list(raw, "filters") {
        let Some(fields) = json.object(raw, "filters") else { continue };
        let id = json.id(&fields, "id");
        let children = fields.get("children").copied().map(|raw| tree(json, raw, meanings, depth + 1)).unwrap_or_default();
        items.push(Item { title: json.text(&fields, "label"), definition: definition(meanings, &id), id, children });
    }
    items
}

fn attributes(items: &[Item]) -> Vec<Attribute> {
    let attribute = |item: &Item| Attribute {
        id: item.id.clone(),
        name: item.title.clone(),
        description: item.definition.clone(),
        children: attributes(&item.children),
        span: Span::default(),
    };
    items.iter().map(attribute).collect()
}
