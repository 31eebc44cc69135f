//! The address that opens a file in an editor, at its line.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::path::Path;

/// What may stand unescaped in a path of an address (RFC 3986, unreserved characters, the slash, and the colon of a drive).
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

/// Editors by the names people know them by, and the addresses they answer to, as each of them documents it.
const KNOWN: [(&str, &str); 8] = [
    ("vscode", "vscode://file{root}/{file}:{line}:{column}"),
    ("vscodium", "vscodium://file{root}/{file}:{line}:{column}"),
    ("cursor", "cursor://file{root}/{file}:{line}:{column}"),
    ("zed", "zed://file{root}/{file}:{line}:{column}"),
    ("idea", "idea://open?file={root}/{file}&line={line}&column={column}"),
    ("sublime", "subl://open?url=file://{root}/{file}&line={line}&column={column}"),
    ("textmate", "txmt://open?url=file://{root}/{file}&line={line}&column={column}"),
    ("macvim", "mvim://open?url=file://{root}/{file}&line={line}&column={column}"),
];

/// Where links to files lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    /// With `{file}`, `{line}` and `{column}` still open.
    pub link: String,
}

impl Editor {
    /// By a name, or by an address with `{root}`, `{file}` and, as far as the editor knows them, `{line}` and `{column}`.
    ///
    /// # Errors
    /// What to write instead.
    pub fn parse(said: &str) -> Result<Editor, String> {
        let link = match KNOWN.iter().find(|(name, _)| *name == said) {
            Some((_, link)) => (*link).to_owned(),
            None if said.contains("://") && said.contains("{file}") && !is_dangerous(said) => said.to_owned(),
            None => {
                let names: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
                return Err(format!(
                    "write one of {}, or an address such as `my-editor://open{{root}}/{{file}}:{{line}}`",
                    names.join(", ")
                ));
            }
        };
        Ok(Editor { link })
    }

    /// With the folder of the knowledge base put in.
    pub fn at(&self, root: &Path) -> Editor {
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let mut path = root.to_string_lossy().replace('\\', "/");
        // A drive has no slash before it, and addresses want one.
        if !path.starts_with('/') {
            path.insert(0, '/');
        }
        let path = utf8_percent_encode(path.trim_end_matches('/'), PATH).to_string();
        Editor { link: self.link.replace("{root}", &path) }
    }
}

/// Schemes that do something to the page itself.
fn is_dangerous(link: &str) -> bool {
    let scheme = link.split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
    let plain =
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    !plain || ["javascript", "data", "vbscript", "http", "https", "blob", "about"].contains(&scheme.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_editors_and_addresses_are_taken_and_nothing_else() {
        assert!(Editor::parse("vscode").is_ok_and(|editor| editor.link.starts_with("vscode://file{root}/{file}")));
        assert!(Editor::parse("my-editor://open{root}/{file}").is_ok());
        for said in ["notepad", "javascript://{file}", "JavaScript://{file}", " data://{file}", "https://example.org/{file}", "x://y"] {
            assert!(Editor::parse(said).is_err(), "{said}");
        }
    }

    #[test]
    fn the_folder_is_escaped() {
        let editor = Editor::parse("vscode").map(|editor| editor.at(Path::new("/srv/our library/ü")));
        assert_eq!(editor.map(|editor| editor.link), Ok("vscode://file/srv/our%20library/%C3%BC/{file}:{line}:{column}".to_owned()));
    }
}
