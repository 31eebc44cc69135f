//! `folkmoot schema`: what a front matter takes, as JSON Schema (draft 7), for editors that check while one types.

use super::{Outcome, tell};
use crate::config;
use crate::entries::front_matter;
use crate::fields::{Described, Shape};
use crate::findings::nearest::nearest;
use crate::kinds::Kind;
use anyhow::bail;
use clap::Args;
use serde_json::{Map, Value, json};

/// The word for `folkmoot.toml`, beside the words for kinds.
const SITE: &str = "site";

/// The word for `data/MAP/gaps.json`.
const GAPS: &str = "gaps";

/// A length of time, as `Interval::read` takes it.
const INTERVAL: &str = "^\\d+ +(day|week|month|year)s?$";
/// A time of day, by the clock.
const CLOCK: &str = "^\\d{2}:\\d{2}(:\\d{2})?$";
/// A day, or a day and a time without an offset.
const WALL: &str = "^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2})?)?$";

/// Print the JSON Schema of a kind, of `folkmoot.toml`, or of the data of gap maps
#[derive(Args)]
#[command(after_help = "Examples:\n  folkmoot schema session > session.schema.json\n  folkmoot schema site > folkmoot.schema.json")]
pub struct Schema {
    /// A kind, such as session or practice; `site` for folkmoot.toml; `gaps` for data/MAP/gaps.json
    kind: String,
}

impl Schema {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let schema = match (self.kind.as_str(), Kind::from_word(&self.kind)) {
            (_, Some(kind)) => whole(&format!("The front matter of a {}", kind.word()), &front_matter::keys(kind)),
            (GAPS, None) => {
                tell::document(crate::site::GAPS_SCHEMA)?;
                return Ok(Outcome::Done);
            }
            (SITE, None) => whole("folkmoot.toml", &config::keys()),
            (word, None) => return unknown(word),
        };
        tell::document(&format!("{schema:#}"))?;
        Ok(Outcome::Done)
    }
}

fn unknown(word: &str) -> anyhow::Result<Outcome> {
    let words = Kind::ALL.map(Kind::word);
    match nearest(word, words.into_iter().chain([SITE, GAPS])) {
        Some(near) => bail!("There is no schema `{word}`. Did you mean `{near}`?"),
        None => {
            bail!("There is no schema `{word}`. It is one of {}, `{SITE}` and `{GAPS}`.", words.map(|word| format!("`{word}`")).join(", "))
        }
    }
}

fn whole(title: &str, keys: &[Described]) -> Value {
    let mut schema = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "title": title });
    merge(&mut schema, table(keys));
    schema
}

fn table(keys: &[Described]) -> Value {
    let mut properties = Map::new();
    for known in keys {
        let mut property = json!({ "description": known.about });
        merge(&mut property, shape(&known.shape));
        properties.insert(known.key.to_owned(), property);
    }
    let required: Vec<&str> = keys.iter().filter(|known| known.required).map(|known| known.key).collect();
    let mut table = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        merge(&mut table, json!({ "required": required }));
    }
    table
}

fn shape(shape: &Shape) -> Value {
    match shape {
        Shape::Text | Shape::Zone => json!({ "type": "string" }),
        Shape::Texts | Shape::Zones => list(json!({ "type": "string" })),
        Shape::Integer { least, most } => integer(*least, *most),
        Shape::Number => json!({ "type": ["number", "string"] }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Day => day(),
        Shape::Days => list(wall()),
        Shape::DayOrTime => wall(),
        Shape::Clock => json!({ "type": "string", "pattern": CLOCK }),
        Shape::Interval => json!({ "type": "string", "pattern": INTERVAL }),
        Shape::Word(words) => json!({ "type": "string", "enum": words }),
        Shape::Reference(_) => json!({ "type": "string", "minLength": 1 }),
        // Keys that take ids of any kind may take one without a list around it, too.
        Shape::References("") => json!({ "anyOf": [{ "type": "string" }, list(json!({ "type": "string" }))] }),
        Shape::References(_) => list(json!({ "type": "string" })),
        Shape::Link => json!({ "type": "string", "format": "uri-reference" }),
        Shape::DayOrFlag => json!({ "anyOf": [day(), { "type": "boolean" }] }),
        Shape::Counts => json!({ "type": "object", "additionalProperties": { "type": "integer" } }),
        Shape::Table(keys) => table(keys),
        Shape::Tables(keys) => list(table(keys)),
        Shape::Map(inner) => json!({ "type": "object", "additionalProperties": self::shape(inner) }),
    }
}

/// A TOML date; editors show its text to the schema.
fn day() -> Value {
    json!({ "type": "string", "format": "date" })
}

fn wall() -> Value {
    json!({ "type": "string", "pattern": WALL })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// Bounds that only say what fits into a number are left out.
fn integer(least: i64, most: i64) -> Value {
    let mut integer = json!({ "type": "integer" });
    if least > i64::MIN {
        merge(&mut integer, json!({ "minimum": least }));
    }
    if most < i64::MAX {
        merge(&mut integer, json!({ "maximum": most }));
    }
    integer
}

fn merge(to: &mut Value, from: Value) {
    if let (Value::Object(to), Value::Object(from)) = (to, from) {
        to.extend(from);
    }
}
