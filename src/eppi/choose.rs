//! Which codes of a report are the rows of a map, which its columns and which its segments, as somebody names them.

use super::{Attribute, Axis, Coded, EvidenceMap, Item, Reference, Report, Standing};
use crate::entries::names;
use crate::findings::nearest::nearest;
use std::collections::{HashMap, HashSet};

/// What somebody chose: codesets, or attributes with others below them, by name or number.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub title: Option<String>,
    pub rows: Option<String>,
    pub columns: Option<String>,
    pub segments: Vec<String>,
}

/// A map, and what of the report it does not hold.
#[derive(Debug, Clone)]
pub struct Chosen {
    pub map: EvidenceMap,
    pub left: Left,
    /// Nobody said which side is which: the one that comes first became the rows.
    pub guessed: bool,
}

/// What of a report a map does not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Codes of references that are neither rows nor columns nor segments, by what they stand in.
    pub codes: Vec<Group>,
    /// Codes of references that the file does not name.
    pub nameless: usize,
    /// References that were deleted in EPPI-Reviewer, or are copies of others.
    pub gone: usize,
    /// Notes beside codes.
    pub notes: usize,
    /// Outcomes recorded with references.
    pub outcomes: usize,
    /// References that stand in no cell.
    pub unplaced: usize,
}

/// A codeset or an attribute at the top of one, and how many times references have one of its codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub name: String,
    pub times: usize,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub name: String,
    /// Its number; empty where it has none.
    pub id: String,
    /// The codeset it stands in; none where it is one.
    pub within: Option<String>,
    /// How many codes are below it.
    pub codes: usize,
}

/// Why it is not clear which codes are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear {
    /// Nobody said, and there are more than two to choose from.
    Which(Vec<Candidate>),
    /// There are not two to choose from.
    TooFew(Vec<Candidate>),
    /// Nothing has this name.
    Unknown { typed: String, near: Option<String>, all: Vec<Candidate> },
    /// Several have this name.
    Several { typed: String, all: Vec<Candidate> },
    /// Two sides would share codes.
    Overlap(String, String),
}

/// A codeset or an attribute with codes below it.
#[derive(Clone, Copy)]
struct Node<'r> {
    name: &'r str,
    id: &'r str,
    within: Option<&'r str>,
    below: &'r [Attribute],
    /// Directly within a codeset, or a codeset.
    high: bool,
}

impl Report {
    /// The map that somebody chose from the report.
    ///
    /// # Errors
    /// When it is not clear which codes are meant.
    pub fn map(&self, choice: &Choice) -> Result<Chosen, Unclear> {
        let (rows, columns, segments, guessed) = self.axes(choice)?;
        let title = choice.title.clone().unwrap_or_else(|| self.title(&rows, &columns));
        let mut left = self.left(&rows, &columns, &segments);
        let mut references = Vec::new();
        for coded in self.references.iter().filter(|coded| coded.standing == Standing::Kept) {
            references.push(placed(coded, &rows, &columns, &segments));
        }
        left.unplaced = references.iter().filter(|reference| reference.rows.is_empty() || reference.columns.is_empty()).count();
        Ok(Chosen { map: EvidenceMap { title, rows, columns, segments, references }, left, guessed })
    }

    /// A report of one codeset is about what that is called; else the sides say what the map is of.
    fn title(&self, rows: &Axis, columns: &Axis) -> String {
        match self.code_sets.as_slice() {
            [set] if !set.name.is_empty() => set.name.clone(),
            _ => format!("{} by {}", rows.title, columns.title),
        }
    }

    fn axes(&self, choice: &Choice) -> Result<(Axis, Axis, Vec<Axis>, bool), Unclear> {
        let nodes = self.nodes();
        let find = |typed: &String| find(&nodes, typed);
        let mut rows = choice.rows.as_ref().map(find).transpose()?.map(|node| node.axis());
        let mut columns = choice.columns.as_ref().map(find).transpose()?.map(|node| node.axis());
        let named = choice.segments.iter().map(find).collect::<Result<Vec<Node>, Unclear>>()?;
        let mut segments: Vec<Axis> = named.into_iter().map(|node| node.axis()).collect();
        let mut guessed = false;
        if let Some(stated) = &self.stated {
            rows = rows.or_else(|| Some(stated.rows.clone()));
            columns = columns.or_else(|| Some(stated.columns.clone()));
            segments.extend(stated.segments.iter().filter(|axis| !shares(axis, &segments)).cloned().collect::<Vec<_>>());
        }
        if rows.is_none() || columns.is_none() {
            let usual = self.usual(&nodes);
            let taken: Vec<Axis> = rows.iter().chain(&columns).chain(&segments).cloned().collect();
            let free: Vec<&Node> = usual.iter().filter(|node| !shares(&node.axis(), &taken)).collect();
            let missing = usize::from(rows.is_none()) + usize::from(columns.is_none());
            if free.len() != missing {
                let all = usual.iter().map(Node::candidate).collect();
                return Err(if free.len() < missing { Unclear::TooFew(all) } else { Unclear::Which(all) });
            }
            guessed = missing == 2;
            let mut free = free.into_iter().map(|node| node.axis());
            rows = rows.or_else(|| free.next());
            columns = columns.or_else(|| free.next());
        }
        let (rows, columns) = (rows.unwrap_or_default(), columns.unwrap_or_default());
        let sides: Vec<&Axis> = [&rows, &columns].into_iter().chain(&segments).collect();
        for (at, side) in sides.iter().enumerate() {
            if let Some(other) = sides[..at].iter().find(|other| shares(side, std::slice::from_ref(**other))) {
                return Err(Unclear::Overlap(other.title.clone(), side.title.clone()));
            }
        }
        Ok((rows, columns, segments, guessed))
    }

    /// Everything with codes below it, from the top down.
    fn nodes(&self) -> Vec<Node<'_>> {
        fn add<'r>(attributes: &'r [Attribute], within: &'r str, high: bool, nodes: &mut Vec<Node<'r>>) {
            for attribute in attributes.iter().filter(|attribute| !attribute.children.is_empty()) {
                let Attribute { id, name, children, .. } = attribute;
                nodes.push(Node { name, id, within: Some(within), below: children, high });
                add(children, within, false, nodes);
            }
        }
        let mut nodes = Vec::new();
        for set in &self.code_sets {
            if !set.attributes.is_empty() {
                nodes.push(Node { name: &set.name, id: &set.id, within: None, below: &set.attributes, high: true });
            }
            add(&set.attributes, &set.name, true, &mut nodes);
        }
        nodes
    }

    /// What people usually make rows and columns of: whole codesets or, where there is only one, what is directly in it.
    fn usual<'r>(&self, nodes: &[Node<'r>]) -> Vec<Node<'r>> {
        let sets = nodes.iter().filter(|node| node.within.is_none());
        let one = sets.clone().count() < 2;
        nodes.iter().filter(|node| node.high && node.within.is_some() == one).copied().collect()
    }

    fn left(&self, rows: &Axis, columns: &Axis, segments: &[Axis]) -> Left {
        let known: HashSet<&str> = [rows, columns].into_iter().chain(segments).flat_map(ids).collect();
        let mut stands_in: HashMap<&str, usize> = HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        let several = self.code_sets.iter().filter(|set| !set.attributes.is_empty()).count() > 1;
        for set in &self.code_sets {
            if several {
                groups.push(Group { name: set.name.clone(), times: 0 });
            }
            for top in &set.attributes {
                if !several {
                    groups.push(Group { name: top.name.clone(), times: 0 });
                }
                let group = groups.len() - 1;
                stands_in.entry(&top.id).or_insert(group);
                every(&top.children, &mut |attribute| {
                    stands_in.entry(&attribute.id).or_insert(group);
                });
            }
        }
        let mut left = Left::default();
        for coded in &self.references {
            if coded.standing == Standing::Gone {
                left.gone += 1;
                continue;
            }
            left.notes += coded.notes;
            left.outcomes += coded.outcomes;
            for code in coded.codes.iter().filter(|code| !known.contains(code.as_str())) {
                match stands_in.get(code.as_str()) {
                    Some(group) => groups[*group].times += 1,
                    None => left.nameless += 1,
                }
            }
        }
        left.codes = groups.into_iter().filter(|group| group.times > 0).collect();
        left
    }
}

impl Node<'_> {
    fn axis(&self) -> Axis {
        Axis { title: self.name.to_owned(), items: items(self.below) }
    }

    fn candidate(&self) -> Candidate {
        let mut codes = 0;
        every(self.below, &mut |_| codes += 1);
        Candidate { name: self.name.to_owned(), id: self.id.to_owned(), within: self.within.map(str::to_owned), codes }
    }
}

/// What is meant by a name or a number. Names count before numbers, since people type names.
fn find<'r>(nodes: &[Node<'r>], typed: &str) -> Result<Node<'r>, Unclear> {
    let key = names::key(typed);
    let by = |fits: &dyn Fn(&Node) -> bool| nodes.iter().filter(|node| fits(node)).copied().collect::<Vec<Node>>();
    let mut found = by(&|node| names::key(node.name) == key);
    if found.is_empty() {
        // A codeset and an attribute may have the same number, and the attribute is the narrower choice.
        found = by(&|node| node.id == typed.trim() && node.within.is_some());
    }
    if found.is_empty() {
        found = by(&|node| node.id == typed.trim());
    }
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let near = nearest(typed, nodes.iter().map(|node| node.name)).map(str::to_owned);
            Err(Unclear::Unknown {
                typed: typed.to_owned(),
                near,
                all: nodes.iter().filter(|node| node.high).map(Node::candidate).collect(),
            })
        }
        // A codeset often holds one attribute of its own name, and that holds everything else.
        [set, inner] if set.below.len() == 1 && std::ptr::eq(set.below[0].children.as_slice(), inner.below) => Ok(*inner),
        several => Err(Unclear::Several { typed: typed.to_owned(), all: several.iter().map(Node::candidate).collect() }),
    }
}

fn items(attributes: &[Attribute]) -> Vec<Item> {
    let item = |attribute: &Attribute| Item {
        id: attribute.id.clone(),
        title: if attribute.name.is_empty() { format!("Code {}", attribute.id).trim().to_owned() } else { attribute.name.clone() },
        definition: attribute.description.clone(),
        children: items(&attribute.children),
    };
    attributes.iter().map(item).collect()
}

fn every<'r>(attributes: &'r [Attribute], see: &mut impl FnMut(&'r Attribute)) {
    for attribute in attributes {
        see(attribute);
        every(&attribute.children, see);
    }
}

/// The ids of an axis in its order; items that no reference can name have none.
fn ids(axis: &Axis) -> Vec<&str> {
    fn add<'a>(items: &'a [Item], ids: &mut Vec<&'a str>) {
        for item in items {
            ids.extend(Some(item.id.as_str()).filter(|id| !id.is_empty()));
            add(&item.children, ids);
        }
    }
    let mut found = Vec::new();
    add(&axis.items, &mut found);
    found
}

fn shares(axis: &Axis, others: &[Axis]) -> bool {
    let own: HashSet<&str> = ids(axis).into_iter().collect();
    others.iter().flat_map(ids).any(|id| own.contains(id))
}

/// A reference with its places, in the order of the axes.
fn placed(coded: &Coded, rows: &Axis, columns: &Axis, segments: &[Axis]) -> Reference {
    let codes: HashSet<&str> = coded.codes.iter().map(String::as_str).collect();
    let on = |axis: &Axis| -> Vec<String> {
        let mut told = HashSet::new();
        ids(axis).into_iter().filter(|id| codes.contains(id) && told.insert(*id)).map(str::to_owned).collect()
    };
    Reference { rows: on(rows), columns: on(columns), segments: segments.iter().flat_map(on).collect(), ..coded.reference.clone() }
}
