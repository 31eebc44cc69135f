//! Front matter as JSON: what its author wrote, without the keys that are nobody else's business.

use toml::de::{DeTable, DeValue};

/// A table as JSON. Keys in `private`, dotted from the top (`reach.contact`), are left out.
pub fn of(from: &DeTable, private: &[&str]) -> String {
    let mut out = Vec::new();
    table(&mut out, from, private);
    String::from_utf8(out).expect("JSON is text")
}

/// `private` is dotted from this table.
fn table(out: &mut Vec<u8>, from: &DeTable, private: &[&str]) {
    out.push(b'{');
    let mut first = true;
    for (key, item) in from {
        let key: &str = key.get_ref();
        if private.contains(&key) {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        text(out, key);
        out.push(b':');
        let inside: Vec<&str> = private.iter().filter_map(|name| name.strip_prefix(key)?.strip_prefix('.')).collect();
        value(out, item.get_ref(), &inside);
    }
    out.push(b'}');
}

fn value(out: &mut Vec<u8>, from: &DeValue, private: &[&str]) {
    match from {
        DeValue::String(written) => text(out, written.trim()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Err(_) => text(out, number.as_str()),
        },
        // TOML's numbers may have underscores and `inf`, which JSON has not.
        DeValue::Float(number) => match number.as_str().replace('_', "").parse::<f64>() {
            Ok(number) if number.is_finite() => out.extend_from_slice(number.to_string().as_bytes()),
            _ => text(out, number.as_str()),
        },
        DeValue::Boolean(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        DeValue::Datetime(written) => text(out, &written.to_string()),
        DeValue::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                value(out, item.get_ref(), private);
            }
            out.push(b']');
        }
        DeValue::Table(inner) => table(out, inner, private),
    }
}

fn text(out: &mut Vec<u8>, written: &str) {
    serde_json::to_writer(out, &*super::plain_lines(written)).expect("text is always JSON");
}
