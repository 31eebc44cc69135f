//! The tree of topics with what there is about each, in columns.

use super::{Asked, Form};
use crate::cli::columns::{self, Side};
use crate::cli::tell;
use crate::entries::names;
use crate::findings::show::tame;
use crate::kinds::Kind;
use crate::knowledge::topics::COUNTED;
use crate::site::TopicCounts;

/// How far a topic stands to the right of the one it is below.
const INDENT: &str = "  ";

/// What stands for no entries: a number would ask to be read.
const NONE: &str = "–";

pub fn tell(asked: &Asked) -> anyhow::Result<()> {
    let topics = asked.site.topic_tree();
    if asked.format == Form::Json {
        return tell::document(&serde_json::to_string_pretty(&topics)?);
    }
    // What the site has none of needs no column.
    let kinds: Vec<Kind> = COUNTED.into_iter().filter(|kind| asked.site.knowledge().has(*kind)).collect();
    tell::out(&in_words(&topics, &kinds))
}

fn in_words(topics: &[TopicCounts], kinds: &[Kind]) -> String {
    if topics.is_empty() {
        return "There are no topics yet.".to_owned();
    }
    let groups: Vec<&[TopicCounts]> = topics.chunk_by(|a, b| a.dimension == b.dimension).collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for group in &groups {
        // An empty row parts two dimensions, so that all share their columns.
        if !rows.is_empty() {
            rows.push(vec![String::new()]);
        }
        let heading = if groups.len() == 1 { String::new() } else { tame(&group[0].heading) };
        let columns = kinds.iter().map(|kind| names::readable(kind.folder()));
        rows.push([heading].into_iter().chain(columns).chain(["Total".to_owned()]).collect());
        rows.extend(group.iter().map(|topic| row(topic, kinds)));
    }
    let sides: Vec<Side> = [Side::Left].into_iter().chain(std::iter::repeat_n(Side::Right, kinds.len() + 1)).collect();
    columns::lines(&sides, &rows)
}

fn row(topic: &TopicCounts, kinds: &[Kind]) -> Vec<String> {
    let number = |count: usize| if count == 0 { NONE.to_owned() } else { count.to_string() };
    let counts = kinds.iter().map(|kind| number(topic.counts.get(kind.word()).copied().unwrap_or(0)));
    let title = format!("{}{}", INDENT.repeat(usize::from(topic.depth)), tame(&topic.title));
    [title].into_iter().chain(counts).chain([number(topic.total)]).collect()
}
