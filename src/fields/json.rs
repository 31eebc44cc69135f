//! Front matter as JSON: what its author wrote, without the keys that are nobody else's business.

use toml::de::{DeTable, DeValue};

/// Writes a table as JSON. Keys in `private`, dotted from the top (`reach.contact`), are left out.
pub fn table(out: &mut String, from: &DeTable, path: &str, private: &[&str]) {
    out.push('{');
    let mut first = true;
    for (key, item) in from {
        let own = if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
        if private.contains(&own.as_str()) {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        text(out, key.get_ref());
        out.push(':');
        value(out, item.get_ref(), &own, private);
    }
    out.push('}');
}

fn value(out: &mut String, from: &DeValue, path: &str, private: &[&str]) {
    match from {
        DeValue::String(written) => text(out, written.trim()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => out.push_str(&number.to_string()),
            Err(_) => text(out, number.as_str()),
        },
        // TOML's numbers may have underscores and `inf`, which JSON has not.
        DeValue::Float(number) => match number.as_str().replace('_', "").parse::<f64>() {
            Ok(number) if number.is_finite() => out.push_str(&number.to_string()),
            _ => text(out, number.as_str()),
        },
        DeValue::Boolean(flag) => out.push_str(if *flag { "true" } else { "false" }),
        DeValue::Datetime(written) => text(out, &written.to_string()),
        DeValue::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                value(out, item.get_ref(), path, private);
            }
            out.push(']');
        }
        DeValue::Table(inner) => table(out, inner, path, private),
    }
}

fn text(out: &mut String, written: &str) {
    out.push_str(&serde_json::to_string(&written.replace("\r\n", "\n")).expect("text is always JSON"));
}
