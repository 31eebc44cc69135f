//! Publishing: what is written, what is left alone, what is refused, and what a kill leaves behind.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use folkmoot::output::{Plan, Published, Refusal, Trouble, check_output_folder, publish, publish_stopping_after, up_to_date};
use proptest::prelude::*;
use tempfile::TempDir;

/// A community's folder with something in each place, and an output folder that is not there yet.
struct Community {
    _temp: TempDir,
    project: PathBuf,
    protected: Vec<PathBuf>,
    out: PathBuf,
}

/// Files in this folder are made before all others.
const EARLY: &str = "search/";

/// The files of a site, by address.
type Files = BTreeMap<String, String>;

fn site(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect()
}

impl Community {
    fn new() -> Community {
        let temp = TempDir::new().unwrap();
        let project = temp.path().join("kb");
        let protected = ["content", "static", "theme"].map(|name| project.join(name)).to_vec();
        for folder in &protected {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join("a.md"), "ours").unwrap();
        }
        fs::write(project.join("folkmoot.toml"), "").unwrap();
        Community { out: project.join("public"), project, protected, _temp: temp }
    }

    fn with_plan<T>(&self, out: &Path, files: &Files, run: impl FnOnce(&Plan) -> T) -> T {
        let paths: Vec<String> = files.keys().cloned().collect();
        let digest = digest(files);
        let early: Vec<usize> = (0..paths.len()).filter(|number| paths[*number].starts_with(EARLY)).collect();
        let (project, protected, home) = (&self.project, &self.protected, None);
        run(&Plan { out, project, protected, home, digest: &digest, paths: &paths, early: &early })
    }

    fn publish_to(&self, out: &Path, files: &Files) -> Result<Published, Trouble<Infallible>> {
        let texts: Vec<&String> = files.values().collect();
        self.with_plan(out, files, |plan| publish(plan, &|n| Ok(Cow::Borrowed(texts[n].as_bytes()))))
    }

    fn publish(&self, files: &Files) -> Result<Published, Trouble<Infallible>> {
        self.publish_to(&self.out, files)
    }

    fn stop_after(&self, steps: usize, files: &Files) -> Result<Published, Trouble<Infallible>> {
        let texts: Vec<&String> = files.values().collect();
        self.with_plan(&self.out, files, |plan| publish_stopping_after(steps, plan, &|n| Ok(Cow::Borrowed(texts[n].as_bytes()))))
    }

    /// Publishing must refuse in these words, and leave everything as it is.
    #[track_caller]
    fn refuses(&self, out: &Path, files: &Files, message: &str) {
        let before = listing(self._temp.path());
        let refusal = match self.publish_to(out, files) {
            Err(Trouble::Refused(refusal)) => refusal,
            other => panic!("not refused: {other:?}"),
        };
        let root = format!("{}/", self._temp.path().display());
        assert_eq!(refusal.to_string().replace(&root, ""), message);
        assert_eq!(listing(self._temp.path()), before);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.out.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A word that is another one for another site.
fn digest(files: &Files) -> String {
    blake3::hash(format!("{files:?}").as_bytes()).to_string()
}

/// Everything in a folder with its time, contents or target: equal if nothing was touched.
fn listing(folder: &Path) -> BTreeMap<PathBuf, (SystemTime, String)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let metadata = path.symlink_metadata().unwrap();
        let what = if metadata.is_symlink() {
            format!("link to {}", fs::read_link(&path).unwrap().display())
        } else if metadata.is_dir() {
            found.extend(listing(&path));
            "folder".to_owned()
        } else {
            // A journal that was killed while it was written may end within a letter.
            String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()
        };
        found.insert(path, (metadata.modified().unwrap(), what));
    }
    found
}

/// What readers see: files by address, and folders with a slash behind them.
fn seen(out: &Path) -> Files {
    (listing(out).into_iter())
        .filter(|(path, _)| !path.starts_with(out.join(".folkmoot")))
        .map(|(path, (_, what))| {
            let folder = if path.is_dir() { "/" } else { "" };
            (format!("{}{folder}", path.strip_prefix(out).unwrap().display()), what)
        })
        .collect()
}

/// What readers ought to see of this site.
fn with_folders(files: &Files) -> Files {
    let mut all = files.clone();
    for path in files.keys() {
        for (at, _) in path.match_indices('/') {
            all.insert(path[..=at].to_owned(), "folder".to_owned());
        }
    }
    all
}

fn published(written: usize, unchanged: usize, removed: usize, files: &Files) -> Published {
    let bytes = files.values().map(|text| text.len() as u64).sum();
    Published { written, unchanged, removed, bytes, repaired: false }
}

fn small_site() -> Files {
    site(&[
        ("404.html", "nothing here"),
        ("assets/style.0a1b.css", "main {}"),
        ("files/notes.pdf", "notes"),
        ("index.html", "welcome"),
        ("sessions/first/index.html", "first session"),
        ("sessions/index.html", "sessions"),
        ("sitemap.xml", "<urlset/>"),
    ])
}

#[test]
fn publishing_twice_writes_once() {
    let community = Community::new();
    let files = small_site();
    assert_eq!(community.publish(&files).unwrap(), published(7, 0, 0, &files));
    assert_eq!(seen(&community.out), with_folders(&files));
    let before = listing(&community.out);
    assert_eq!(community.publish(&files).unwrap(), published(0, 7, 0, &files));
    assert_eq!(listing(&community.out), before);
}

#[test]
fn what_is_early_is_made_before_all_else_and_published_like_it() {
    let community = Community::new();
    let mut files = small_site();
    files.extend((0..40).map(|number| (format!("{EARLY}{number}.js"), format!("data {number}"))));
    files.extend((0..40).map(|number| (format!("practices/{number}.html"), format!("page {number}"))));
    let (paths, texts): (Vec<&String>, Vec<&String>) = files.iter().unzip();
    let made = Mutex::new(Vec::new());
    let render = |number: usize| {
        made.lock().unwrap().push(number);
        Ok::<_, Infallible>(Cow::Borrowed(texts[number].as_bytes()))
    };
    community.with_plan(&community.out, &files, |plan| publish(plan, &render)).unwrap();
    let made = made.into_inner().unwrap();
    assert_eq!(made.len(), files.len());
    let is_early: Vec<bool> = made.iter().map(|number| paths[*number].starts_with(EARLY)).collect();
    assert_eq!(is_early.iter().take_while(|early| **early).count(), 40);
    assert_eq!(is_early.iter().filter(|early| **early).count(), 40);
    assert_eq!(seen(&community.out), with_folders(&files));
    assert_eq!(community.publish(&files).unwrap(), published(0, files.len(), 0, &files));
}

#[test]
fn only_what_changed_is_written() {
    let community = Community::new();
    let mut files = small_site();
    community.publish(&files).unwrap();
    let before = listing(&community.out);
    files.insert("index.html".into(), "welcome back".into());
    assert_eq!(community.publish(&files).unwrap(), published(1, 6, 0, &files));
    let after = listing(&community.out);
    let touched: Vec<_> = (after.iter().filter(|(path, now)| before[*path] != **now && path.is_file()))
        .map(|(path, _)| path.strip_prefix(&community.out).unwrap().to_str().unwrap())
        .collect();
    assert_eq!(touched, [".folkmoot/manifest", "index.html"]);
}

#[test]
fn a_site_of_nothing_is_a_site() {
    let community = Community::new();
    let files = Files::new();
    assert_eq!(community.publish(&files).unwrap(), published(0, 0, 0, &files));
    assert_eq!(up_to_date(&community.out, &digest(&files)), Some(published(0, 0, 0, &files)));
}

#[test]
fn up_to_date_notices_every_change() {
    let community = Community::new();
    let files = small_site();
    let digest = digest(&files);
    let up_to_date = || up_to_date(&community.out, &digest);
    assert_eq!(up_to_date(), None);
    community.publish(&files).unwrap();
    assert_eq!(up_to_date(), Some(published(0, 7, 0, &files)));
    assert_eq!(folkmoot::output::up_to_date(&community.out, "another"), None);
    community.write("index.html", "welcomE");
    assert_eq!(up_to_date(), None);
    community.publish(&files).unwrap();
    assert_eq!(seen(&community.out), with_folders(&files));
    assert!(up_to_date().is_some());
    fs::remove_file(community.out.join("files/notes.pdf")).unwrap();
    assert_eq!(up_to_date(), None);
    community.publish(&files).unwrap();
    community.write(".folkmoot/journal", "");
    assert_eq!(up_to_date(), None);
}

#[test]
fn old_files_and_emptied_folders_go_and_other_peoples_files_stay() {
    let community = Community::new();
    let mut files = small_site();
    files.insert("topics/reading/index.html".into(), "reading".into());
    community.publish(&files).unwrap();
    community.write("sessions/theirs.txt", "theirs");
    community.write("CNAME", "example.org");
    fs::create_dir(community.out.join("theirs")).unwrap();

    let smaller = site(&[("index.html", "welcome")]);
    assert_eq!(community.publish(&smaller).unwrap(), published(0, 1, 7, &smaller));
    let mut expected = with_folders(&smaller);
    expected.extend(site(&[("CNAME", "example.org"), ("sessions/", "folder"), ("sessions/theirs.txt", "theirs"), ("theirs/", "folder")]));
    assert_eq!(seen(&community.out), expected);
}

#[test]
fn a_file_of_ours_changed_by_hand_is_still_ours() {
    let community = Community::new();
    let files = small_site();
    community.publish(&files).unwrap();
    community.write("index.html", "scribbled");
    community.write("404.html", "scribbled");
    let mut without = files.clone();
    without.remove("404.html");
    assert_eq!(community.publish(&without).unwrap(), published(1, 5, 1, &without));
    assert_eq!(seen(&community.out), with_folders(&without));
}

#[test]
fn dot_entries_do_not_make_a_folder_somebody_elses() {
    let community = Community::new();
    community.write(".git/HEAD", "main");
    community.write(".nojekyll", "");
    let files = small_site();
    community.publish(&files).unwrap();
    let mut expected = with_folders(&files);
    expected.extend(site(&[(".git/", "folder"), (".git/HEAD", "main"), (".nojekyll", "")]));
    assert_eq!(seen(&community.out), expected);
}

#[test]
fn a_file_becomes_a_folder_and_a_folder_a_file() {
    let community = Community::new();
    let flat = site(&[("about", "flat"), ("index.html", "welcome"), ("topics", "flat")]);
    let deep = site(&[("about/index.html", "deep"), ("index.html", "welcome"), ("topics/a/b.html", "deep")]);
    community.publish(&flat).unwrap();
    assert_eq!(community.publish(&deep).unwrap(), published(2, 1, 2, &deep));
    assert_eq!(seen(&community.out), with_folders(&deep));
    // Somebody removes a file and leaves its folder, which is still ours.
    fs::remove_file(community.out.join("topics/a/b.html")).unwrap();
    assert_eq!(community.publish(&flat).unwrap(), published(2, 1, 2, &flat));
    assert_eq!(seen(&community.out), with_folders(&flat));
}

#[test]
fn a_render_error_leaves_the_old_site_byte_for_byte() {
    let community = Community::new();
    community.publish(&small_site()).unwrap();
    let before = listing(&community.out);

    let mut files = small_site();
    files.values_mut().for_each(|text| text.push_str(", again"));
    let paths: Vec<String> = files.keys().cloned().collect();
    let trouble = community.with_plan(&community.out, &files, |plan| {
        publish(plan, &|n| match paths[n].as_str() {
            "404.html" | "sessions/index.html" => Err(paths[n].clone()),
            path => Ok(Cow::Owned(files[path].clone().into_bytes())),
        })
    });
    let Err(Trouble::Pages(errors)) = trouble else { panic!("{trouble:?}") };
    assert_eq!(errors, ["404.html", "sessions/index.html"]);
    let stage = community.out.join(".folkmoot/stage");
    let without_stage = |mut listing: BTreeMap<_, _>| {
        listing.remove(&stage);
        listing
    };
    assert!(fs::read_dir(&stage).unwrap().next().is_none());
    assert_eq!(without_stage(listing(&community.out)), without_stage(before));
}

#[cfg(unix)]
#[test]
fn a_web_server_can_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt;
    let community = Community::new();
    let files = small_site();
    community.publish(&files).unwrap();
    let mode = |path: &str| community.out.join(path).metadata().unwrap().permissions().mode() & 0o777;
    for path in files.keys() {
        assert_eq!(mode(path), 0o644, "{path}");
    }
    assert_eq!(mode("sessions/first"), 0o755);
}

#[cfg(unix)]
#[test]
fn a_web_server_can_read_what_somebody_with_a_strict_umask_publishes() {
    // A umask belongs to a whole process, so the test above runs once more in one of its own.
    let again = std::process::Command::new("sh")
        .args(["-c", "umask 077 && exec \"$0\" a_web_server_can_read_what_is_written"])
        .arg(std::env::current_exe().unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(said.contains("test result: ok. 1 passed"), "{said}");
}

// Refusals: each with its whole message, and nothing touched.

#[test]
fn refuses_the_communitys_own_folders() {
    let community = Community::new();
    let files = small_site();
    let refuses = |out: &str, message: &str| community.refuses(&community.project.join(out), &files, message);
    for (out, named) in [
        ("content", "kb/content"),
        ("static", "kb/static"),
        ("theme/public", "kb/theme/public"),
        ("Content/New", "kb/Content/New"),
        ("new/../content", "kb/new/../content"),
    ] {
        refuses(
            out,
            &format!(
                "The output folder `{named}` is part of the community's own files. Choose a folder of its own, for \
                 example `--out public`."
            ),
        );
    }
}

#[test]
fn refuses_a_folder_that_holds_the_communitys_own() {
    let mut community = Community::new();
    community.protected.push(community.project.parent().unwrap().join("themes/plain"));
    community.refuses(
        &community.project.parent().unwrap().join("themes"),
        &small_site(),
        "The output folder `themes` holds the community's own files in `themes/plain`. Choose a folder of its own, \
         for example `--out public`.",
    );
}

#[test]
fn refuses_the_project_and_what_holds_it() {
    let community = Community::new();
    community.refuses(
        &community.project.join("content/.."),
        &small_site(),
        "The output folder `kb/content/..` is the folder of the knowledge base itself, the one with `folkmoot.toml`. \
         Choose a folder of its own, for example `--out public`.",
    );
    community.refuses(
        &community.project.join(".."),
        &small_site(),
        "The output folder `kb/..` holds the whole knowledge base. Choose a folder of its own, for example \
         `--out public`.",
    );
}

#[test]
fn refuses_the_root_and_a_home() {
    let community = Community::new();
    let check = |out: &Path, home: Option<&Path>| {
        check_output_folder(out, &community.project, &community.protected, home).map_err(|refusal| refusal.to_string())
    };
    assert_eq!(
        check(Path::new("/"), None).unwrap_err(),
        "The output folder `/` is the root of the whole disk. Choose a folder of its own, for example `--out public`."
    );
    let home = community.out.join("somebody");
    for out in [&home, &community.out] {
        assert_eq!(
            check(out, Some(&home)).unwrap_err(),
            format!(
                "The output folder `{}` is or holds your home folder. Choose a folder of its own, for example \
                 `--out public`.",
                out.display()
            )
        );
    }
    assert_eq!(check(&community.out, Some(&community.project)), Ok(()));
    assert_eq!(check(&community.out, Some(Path::new(""))), Ok(()));
}

#[test]
fn refuses_what_is_not_a_folder() {
    let community = Community::new();
    community.write("file", "theirs");
    community.refuses(
        &community.out.join("file"),
        &small_site(),
        "The output folder `kb/public/file` is not a folder, or lies below a file. Move that file away, or choose \
         another place with `--out`.",
    );
    community.refuses(
        &community.out.join("file/below"),
        &small_site(),
        "The output folder `kb/public/file/below` is not a folder, or lies below a file. Move that file away, or \
         choose another place with `--out`.",
    );
}

#[test]
fn refuses_a_folder_that_is_not_empty_and_not_ours() {
    let community = Community::new();
    community.write("thesis.txt", "years of work");
    community.write("photos/1.jpg", "");
    community.refuses(
        &community.out,
        &small_site(),
        "The output folder `kb/public` is not empty, and Folkmoot has not published to it before: it holds `photos` \
         and `thesis.txt`. Choose an empty or a new folder with `--out`, or empty this one yourself.",
    );
}

#[test]
fn refuses_files_in_the_way() {
    let community = Community::new();
    // At a dotted address, before anything of ours is in the folder.
    let dotted = site(&[(".well-known/a", "ours")]);
    community.write(".well-known/a", "theirs");
    community.refuses(
        &community.out,
        &dotted,
        "In the output folder `kb/public`, `.well-known/a` was not written by Folkmoot, and stands where the site \
         would be. Move it elsewhere, or choose another folder with `--out`.",
    );

    community.publish(&small_site()).unwrap();
    for n in 1..=7 {
        community.write(&format!("theirs/{n}.html"), "theirs");
    }
    let files = (1..=7).map(|n| (format!("theirs/{n}.html"), String::new())).collect();
    community.refuses(
        &community.out,
        &files,
        "In the output folder `kb/public`, `theirs/1.html`, `theirs/2.html`, `theirs/3.html`, `theirs/4.html`, \
         `theirs/5.html` and 2 more were not written by Folkmoot, and stand where the site would be. Move them \
         elsewhere, or choose another folder with `--out`.",
    );
}

#[test]
fn refuses_folders_and_files_in_each_others_way() {
    let community = Community::new();
    community.publish(&small_site()).unwrap();
    community.write("sessions/theirs.txt", "theirs");
    fs::create_dir(community.out.join("sessions/empty")).unwrap();
    community.refuses(
        &community.out,
        &site(&[("sessions", "a file now")]),
        "In the output folder `kb/public`, `sessions/empty/` and `sessions/theirs.txt` were not written by Folkmoot, \
         and stand where the site would be. Move them elsewhere, or choose another folder with `--out`.",
    );
    community.refuses(
        &community.out,
        &site(&[("sessions/theirs.txt/index.html", "in a folder now")]),
        "In the output folder `kb/public`, `sessions/theirs.txt` was not written by Folkmoot, and stands where the \
         site would be. Move it elsewhere, or choose another folder with `--out`.",
    );
}

#[cfg(unix)]
#[test]
fn refuses_links_and_follows_none_when_removing() {
    use std::os::unix::fs::symlink;
    let community = Community::new();
    let files = small_site();
    community.publish(&files).unwrap();
    let elsewhere = community.project.join("elsewhere");
    fs::rename(community.out.join("sessions"), &elsewhere).unwrap();
    symlink(&elsewhere, community.out.join("sessions")).unwrap();
    fs::remove_file(community.out.join("index.html")).unwrap();
    symlink(elsewhere.join("index.html"), community.out.join("index.html")).unwrap();
    community.refuses(
        &community.out,
        &files,
        "In the output folder `kb/public`, a link stands where the site would be written, and Folkmoot does not \
         follow links there: `index.html` and `sessions`. Remove the link, or choose another folder with `--out`.",
    );
    // The next site has neither, so both links stay, and so does all that they lead to.
    let before = listing(&elsewhere);
    let rest = site(&[("404.html", "nothing here")]);
    assert_eq!(community.publish(&rest).unwrap(), published(0, 1, 3, &rest));
    assert_eq!(listing(&elsewhere), before);
    assert!(community.out.join("index.html").is_symlink());
    assert!(community.out.join("sessions").is_symlink());
}

#[cfg(unix)]
#[test]
fn refuses_a_link_in_place_of_its_own_notes() {
    let community = Community::new();
    fs::create_dir(&community.out).unwrap();
    std::os::unix::fs::symlink(&community.project, community.out.join(".folkmoot")).unwrap();
    community.refuses(
        &community.out,
        &small_site(),
        "In the output folder `kb/public`, a link stands where the site would be written, and Folkmoot does not \
         follow links there: `.folkmoot`. Remove the link, or choose another folder with `--out`.",
    );
}

#[cfg(unix)]
#[test]
fn sees_through_links_to_the_communitys_own_folders() {
    let community = Community::new();
    std::os::unix::fs::symlink(&community.protected[0], community.project.join("web")).unwrap();
    community.refuses(
        &community.project.join("web/new"),
        &small_site(),
        "The output folder `kb/web/new` is part of the community's own files. Choose a folder of its own, for example \
         `--out public`.",
    );
}

#[test]
fn refuses_addresses_outside_the_output_folder() {
    let community = Community::new();
    for path in ["../x", "/x", "a/../../x", "a//x", "a/./x", "", "a/", ".folkmoot/manifest", ".FolkMoot/x", "a\\x", "a\nx"] {
        let shown = path.escape_debug();
        community.refuses(
            &community.out,
            &site(&[(path, "")]),
            &format!(
                "The address `{shown}` would lie outside the output folder or among Folkmoot's own notes, or has a \
                 character that no file should have in its name. Give the entry or file another name."
            ),
        );
    }
    community.refuses(
        &community.out,
        &site(&[("a", ""), ("a-b", ""), ("a/b", "")]),
        "The address `a` is planned for a file, and for a folder with other files in it. Give one of them another name.",
    );
}

#[test]
fn refuses_notes_it_cannot_trust() {
    let community = Community::new();
    let files = small_site();
    community.publish(&files).unwrap();
    let manifest = fs::read_to_string(community.out.join(".folkmoot/manifest")).unwrap();
    let outside = manifest.replace("404.html", "../404.html");
    let cut_short = manifest.rsplit_once("\n").unwrap().0.rsplit_once("\n").unwrap().0;
    for text in ["", "folkmoot manifest 2\n", &outside, cut_short] {
        community.write(".folkmoot/manifest", text);
        community.refuses(
            &community.out,
            &files,
            "`kb/public/.folkmoot/manifest` was changed by hand or written by another version of Folkmoot, so it no \
             longer tells which files in the output folder `kb/public` are Folkmoot's. Empty that folder yourself, \
             `.folkmoot` included, or choose another with `--out`.",
        );
    }
}

#[test]
fn a_second_build_is_refused_while_one_publishes() {
    let community = Community::new();
    let files = small_site();
    let inner = community.with_plan(&community.out, &files, |plan| {
        let second = std::sync::Mutex::new(Vec::new());
        let first = publish::<Infallible>(plan, &|n| {
            if n == 0 {
                second.lock().unwrap().push(community.publish(&files));
            }
            Ok(Cow::Borrowed(b"first"))
        });
        assert_eq!(first.unwrap().written, 7);
        second.into_inner().unwrap().pop().unwrap()
    });
    let Err(Trouble::Refused(refusal)) = inner else { panic!("{inner:?}") };
    assert_eq!(refusal, Refusal::Locked(community.out.clone()));
    assert_eq!(
        refusal.to_string(),
        format!(
            "Another build is publishing to the output folder `{}` right now. Wait until it has ended, then build \
             again.",
            community.out.display()
        )
    );
    assert_eq!(community.publish(&files).unwrap().written, 7);
}

// Kills.

/// Publishes `old`, then `new` with a kill after each number of changes in turn, until a publish comes through.
/// Whatever the kill left, every file that readers see is whole, old or new, and the next publish repairs it.
fn survives_every_kill(old: Option<&Files>, new: &Files) {
    let mut repairs = 0;
    for steps in 0.. {
        let community = Community::new();
        if let Some(old) = old {
            community.publish(old).unwrap();
        }
        community.write(".theirs", "theirs");
        let none = Files::new();
        let old = old.unwrap_or(&none);
        let finished = match community.stop_after(steps, new) {
            Ok(_) => true,
            Err(Trouble::Machine(_)) => false,
            Err(other) => panic!("{other:?}"),
        };
        let left = seen(&community.out);
        for (path, text) in left.iter().filter(|(path, _)| !path.ends_with('/') && *path != ".theirs") {
            assert!([old, new].iter().any(|site| site.get(path) == Some(text)), "after {steps} changes `{path}` is `{text}`");
        }
        assert_eq!(left.get(".theirs").map(String::as_str), Some("theirs"));
        let half_done = left.keys().any(|path| !path.ends_with('/') && !old.contains_key(path) && path != ".theirs")
            || old.keys().any(|path| left.get(path) != old.get(path));

        let next = community.publish(new).unwrap();
        assert!(next.repaired || finished || !half_done, "after {steps} changes nothing was repaired");
        repairs += usize::from(next.repaired);
        let mut expected = with_folders(new);
        expected.insert(".theirs".into(), "theirs".into());
        assert_eq!(seen(&community.out), expected, "after {steps} changes");
        let again = community.publish(new).unwrap();
        assert_eq!(again, published(0, new.len(), 0, new));
        assert!(up_to_date(&community.out, &digest(new)).is_some());
        if finished {
            break;
        }
    }
    assert!(old == Some(new) || repairs > 0 || new.is_empty(), "no kill fell behind the journal");
}

#[test]
fn a_kill_in_the_first_publish_is_survived() {
    survives_every_kill(None, &small_site());
}

#[test]
fn a_kill_in_a_later_publish_is_survived() {
    let mut new = small_site();
    new.insert("index.html".into(), "welcome back, everybody".into());
    new.insert("topics/reading/index.html".into(), "reading".into());
    new.remove("assets/style.0a1b.css");
    new.insert("assets/style.2c3d.css".into(), "main { color: black }".into());
    new.remove("sessions/first/index.html");
    // A file for a folder, and a folder for a file.
    new.remove("404.html");
    new.insert("404.html/index.html".into(), "nothing here".into());
    new.remove("files/notes.pdf");
    new.insert("files".into(), "no files".into());
    survives_every_kill(Some(&small_site()), &new);
}

#[test]
fn a_kill_in_the_repair_is_survived() {
    let old = site(&[("a/old.html", "old"), ("b", "old"), ("index.html", "old")]);
    let new = site(&[("a/new.html", "new"), ("b/index.html", "new"), ("index.html", "new")]);
    let journal = |community: &Community| community.out.join(".folkmoot/journal").is_file();
    let mut repaired = false;
    for first in 0.. {
        let mut finished = false;
        for second in 0.. {
            let community = Community::new();
            community.publish(&old).unwrap();
            finished = community.stop_after(first, &new).is_ok();
            if !journal(&community) {
                break;
            }
            let came_through = community.stop_after(second, &new).is_ok();
            repaired |= community.publish(&new).unwrap().repaired;
            assert_eq!(seen(&community.out), with_folders(&new), "after {first} and {second} changes");
            if came_through {
                break;
            }
        }
        if finished {
            break;
        }
    }
    assert!(repaired);
}

#[test]
fn a_file_that_a_loss_of_power_cut_short_is_written_anew() {
    let new = small_site();
    let cut_short = |folder: &Path| {
        for path in listing(folder).into_keys().filter(|path| path.is_file()) {
            fs::write(path, "").unwrap();
        }
    };
    for steps in 0.. {
        let community = Community::new();
        let finished = community.stop_after(steps, &new).is_ok();
        cut_short(&community.out.join(".folkmoot/stage"));
        // The earlier publish is finished even if this one has nothing to publish, and must not show half a file.
        let trouble = community.with_plan(&community.out, &new, |plan| publish(plan, &|n| Err(n)));
        let Err(Trouble::Pages(pages)) = trouble else { panic!("{trouble:?}") };
        assert_eq!(pages, [0, 1, 2, 3, 4, 5, 6]);
        for (path, text) in seen(&community.out).iter().filter(|(path, _)| !path.ends_with('/')) {
            assert_eq!(new.get(path), Some(text), "after {steps} changes");
        }
        // One that had been moved already has lost its end, too.
        cut_short(&community.out.join("sessions"));
        community.publish(&new).unwrap();
        assert_eq!(seen(&community.out), with_folders(&new), "after {steps} changes");
        if finished {
            break;
        }
    }
}

#[test]
fn a_repair_does_not_overwrite_what_somebody_put_there_since() {
    let new = site(&[("a.html", "a"), ("b.html", "b")]);
    let mut refused = false;
    for steps in 0.. {
        let community = Community::new();
        let finished = community.stop_after(steps, &new).is_ok();
        let journal = community.out.join(".folkmoot/journal").is_file();
        if journal && !community.out.join("b.html").exists() {
            community.write("b.html", "theirs");
            refused = true;
            community.refuses(
                &community.out,
                &new,
                "In the output folder `kb/public`, `b.html` was not written by Folkmoot, and stands where the site \
                 would be. Move it elsewhere, or choose another folder with `--out`.",
            );
            fs::remove_file(community.out.join("b.html")).unwrap();
            assert!(community.publish(&new).unwrap().repaired);
        }
        if finished {
            break;
        }
    }
    assert!(refused);
}

/// Small sites whose addresses often stand in each other's place.
fn any_site() -> impl Strategy<Value = Files> {
    let path = prop::sample::select(vec![
        "a",
        "a/b",
        "a/b/c.html",
        "a/d",
        "assets/x.css",
        "assets/y.css",
        "b.html",
        "b.html/index.html",
        "é/index.html",
        "files/x.pdf",
        "index.html",
    ]);
    prop::collection::btree_map(path, "[xy]{0,3}", 0..8).prop_map(|files| {
        let mut site = Files::new();
        for (path, text) in files {
            // The map is in order, so a file comes before what would lie in it as a folder.
            if !path.match_indices('/').any(|(at, _)| site.contains_key(&path[..at])) {
                site.insert(path.to_owned(), text);
            }
        }
        site
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn any_site_follows_any_other(old in any_site(), new in any_site()) {
        survives_every_kill(Some(&old), &new);
    }
}
