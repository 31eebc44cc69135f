//! Saving in every way people and programs save: it is shown, by one rebuild where it is one save, and so is the next.

use crate::preview::{Preview, program, wait_for, without_surroundings};
use folkmoot::sources::{self, Earlier};
use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// How often something is done anew whose rebuilds were not as many as they should be. A busy machine can put a save
/// off halfway, and the preview is right to show what there is then; what is wrong comes every time.
const ATTEMPTS: usize = 6;

/// How long an editor pauses between emptying a file and filling it.
const PAUSE: Duration = Duration::from_millis(5);

/// Between two pieces of a slow save: less than what ends one.
const BETWEEN_PIECES: Duration = Duration::from_millis(15);

/// Longer than it takes to notice a change, also for a preview that looks for changes by itself.
const SILENCE: Duration = Duration::from_millis(800);

/// A knowledge base that is being shown.
struct Desk {
    preview: Preview,
    folder: TempDir,
}

impl Desk {
    fn new(arguments: &[&str]) -> Desk {
        Desk::with(&[], |root| Preview::of(root, arguments))
    }

    /// With more pages than the one that marks.
    fn with(pages: &[&str], show: impl FnOnce(&Path) -> Preview) -> Desk {
        let folder = TempDir::new().unwrap();
        write(&folder.path().join("folkmoot.toml"), &config("Harbor network", ""));
        for name in ["mark"].iter().chain(pages) {
            write(&folder.path().join(format!("content/pages/{name}.md")), &page(name, "First words."));
        }
        Desk { preview: show(folder.path()), folder }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        write(&self.path(path), text);
    }

    /// A plain save, after which everything before it has been seen too.
    fn mark(&self, words: &str) {
        self.write("content/pages/mark.md", &page("mark", words));
        self.preview.shows("/mark/", words);
    }

    /// Does something with words of its own, which must end in this many rebuilds, and then marks. What comes late is
    /// counted as well: it comes before the mark shows, or at the next attempt.
    #[track_caller]
    fn rebuilds(&self, what: &str, times: u64, mut act: impl FnMut(&str)) {
        let mut counted = Vec::new();
        for attempt in 0..ATTEMPTS {
            let before = self.preview.state().build;
            let words = format!("Words {attempt} of {what}");
            act(&words);
            if times == 0 {
                // What is not to come must have had the time to come by itself, and not with the mark.
                std::thread::sleep(SILENCE);
            }
            self.mark(&format!("{words}, marked"));
            let of_the_mark = 1;
            counted.push(self.preview.state().build - before - of_the_mark);
            if counted[attempt] == times {
                return;
            }
        }
        panic!("{what} ends in {counted:?} rebuilds, not in {times}");
    }

    /// Three saves of one page in one way: each shows, by one rebuild.
    #[track_caller]
    fn saves(&self, way: &str, save: Save) {
        let file = self.path(&format!("content/pages/{}.md", slug(way)));
        let address = format!("/{}/", slug(way));
        self.rebuilds(way, 3, |words| {
            for round in 1..=3 {
                let words = format!("{words}, round {round}");
                save(&file, page(way, &words).as_bytes());
                self.preview.shows(&address, &words);
            }
        });
    }
}

fn config(title: &str, more: &str) -> String {
    format!("title = \"{title}\"\nbase_url = \"https://harbor.example.org/\"\n{more}")
}

fn page(title: &str, words: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2026-11-01\n+++\n\n{words}\n")
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn slug(name: &str) -> String {
    name.to_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

// --- The ways of editors ---

/// Puts these bytes into this file.
type Save = fn(&Path, &[u8]);

/// A name beside a file, made of its own.
fn beside(file: &Path, before: &str, after: &str) -> PathBuf {
    file.with_file_name(format!("{before}{}{after}", file.file_name().unwrap().to_str().unwrap()))
}

fn replace(file: &Path, by: &Path, bytes: &[u8]) {
    fs::write(by, bytes).unwrap();
    fs::rename(by, file).unwrap();
}

/// How each of them saves, as a trace of its system calls shows it; without waiting for the disk, which can take any time.
const WAYS: [(&str, Save); 14] = [
    ("in place", |file, bytes| fs::write(file, bytes).unwrap()),
    ("sed -i", |file, bytes| {
        let new = file.with_file_name("sedQx7aZ1");
        fs::write(&new, bytes).unwrap();
        fs::set_permissions(&new, Permissions::from_mode(0o644)).unwrap();
        fs::rename(&new, file).unwrap();
    }),
    ("Vim, backupcopy no", |file, bytes| {
        let swap = beside(file, ".", ".swp");
        fs::write(&swap, b"b0VIM 9.0").unwrap();
        // Vim asks first whether it may make files here, by making one with a name that nobody uses.
        let probe = file.with_file_name("4913");
        File::create_new(&probe).unwrap();
        fs::set_permissions(&probe, Permissions::from_mode(0o100644)).unwrap();
        fs::remove_file(&probe).unwrap();
        let backup = beside(file, "", "~");
        fs::rename(file, &backup).unwrap();
        fs::write(file, bytes).unwrap();
        fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
        fs::remove_file(&backup).unwrap();
        fs::remove_file(&swap).unwrap();
    }),
    ("Vim, backupcopy yes", |file, bytes| {
        let swap = beside(file, ".", ".swp");
        fs::write(&swap, b"b0VIM 9.0").unwrap();
        let backup = beside(file, "", "~");
        fs::write(&backup, fs::read(file).unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
        fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
        fs::remove_file(&backup).unwrap();
        fs::remove_file(&swap).unwrap();
    }),
    ("Emacs, backup by renaming", |file, bytes| {
        let (lock, auto) = (beside(file, ".#", ""), beside(file, "#", "#"));
        symlink("somebody@desk.4711:1795348800", &lock).unwrap();
        fs::write(&auto, bytes).unwrap();
        fs::rename(file, beside(file, "", "~")).unwrap();
        fs::write(file, bytes).unwrap();
        fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
        fs::remove_file(&lock).unwrap();
        fs::remove_file(&auto).unwrap();
    }),
    ("Emacs, backup by copying", |file, bytes| {
        let lock = beside(file, ".#", "");
        symlink("somebody@desk.4711:1795348800", &lock).unwrap();
        fs::copy(file, beside(file, "", "~")).unwrap();
        fs::write(file, bytes).unwrap();
        fs::remove_file(&lock).unwrap();
    }),
    ("VS Code", |file, bytes| {
        let mut open = File::options().write(true).truncate(true).open(file).unwrap();
        std::thread::sleep(PAUSE);
        open.write_all(bytes).unwrap();
    }),
    ("VS Code, atomic", |file, bytes| replace(file, &beside(file, "", ".vsctmp"), bytes)),
    ("JetBrains", |file, bytes| {
        let (new, old) = (beside(file, "", "___jb_tmp___"), beside(file, "", "___jb_old___"));
        fs::write(&new, bytes).unwrap();
        fs::rename(file, &old).unwrap();
        fs::rename(&new, file).unwrap();
        fs::remove_file(&old).unwrap();
    }),
    ("gedit", |file, bytes| replace(file, &file.with_file_name(".goutputstream-4KZ1X1"), bytes)),
    ("gedit with a backup", |file, bytes| {
        let backup = beside(file, "", "~");
        let _ = fs::remove_file(&backup);
        fs::hard_link(file, &backup).unwrap();
        replace(file, &file.with_file_name(".goutputstream-9QH2Y2"), bytes);
    }),
    ("Kate", |file, bytes| replace(file, &beside(file, "", ".JbTqLx"), bytes)),
    ("LibreOffice", |file, bytes| {
        let lock = beside(file, ".~lock.", "#");
        fs::write(&lock, b",somebody,desk,22.11.2026 12:00,file:///home/somebody;").unwrap();
        let new = file.with_file_name("lu4711abc.tmp");
        fs::write(&new, bytes).unwrap();
        fs::write(file, fs::read(&new).unwrap()).unwrap();
        fs::remove_file(&new).unwrap();
        fs::remove_file(&lock).unwrap();
    }),
    ("nano", |file, bytes| {
        let lock = beside(file, ".", ".swp");
        fs::write(&lock, b"b0nano 8.0").unwrap();
        fs::write(beside(file, "", "~"), fs::read(file).unwrap()).unwrap();
        let mut open = File::options().write(true).truncate(true).open(file).unwrap();
        bytes.chunks(16).for_each(|piece| open.write_all(piece).unwrap());
        drop(open);
        fs::remove_file(&lock).unwrap();
    }),
];

fn show_with_a_page_for_each(ways: &[(&str, Save)], arguments: &[&str]) -> Desk {
    let pages: Vec<String> = ways.iter().map(|(way, _)| slug(way)).collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    Desk::with(&pages, |root| Preview::of(root, arguments))
}

#[test]
fn every_editors_way_of_saving_is_one_rebuild() {
    let desk = show_with_a_page_for_each(&WAYS, &[]);
    for (way, save) in WAYS {
        desk.saves(way, save);
    }
    assert_eq!(desk.preview.warned(), "");
}

#[test]
fn where_changes_are_looked_for_saving_is_one_rebuild_as_well() {
    let ways = &WAYS[..5];
    let desk = show_with_a_page_for_each(ways, &["--poll"]);
    for (way, save) in ways {
        desk.saves(way, *save);
    }
    desk.write("content/pages/new/deep/new-page.md", &page("New page", "In a new folder."));
    desk.preview.shows("/new-page/", "In a new folder.");
    fs::remove_dir_all(desk.path("content/pages/new")).unwrap();
    desk.preview.shows_nothing("/new-page/");
    desk.rebuilds("a touch", 0, |_| touch(&desk.path("content/pages/in-place.md")));
    assert_eq!(desk.preview.warned(), "");
}

#[test]
fn a_slow_save_is_one_rebuild() {
    let desk = Desk::with(&["slow"], |root| Preview::of(root, &[]));
    desk.rebuilds("a save in pieces", 1, |words| {
        let text = page("Slow", &format!("{words}, to the end"));
        let mut open = File::create(desk.path("content/pages/slow.md")).unwrap();
        for piece in text.as_bytes().chunks(text.len().div_ceil(10)) {
            open.write_all(piece).unwrap();
            std::thread::sleep(BETWEEN_PIECES);
        }
        drop(open);
        desk.preview.shows("/slow/", &format!("{words}, to the end"));
    });
}

fn touch(file: &Path) {
    File::options().append(true).open(file).unwrap().set_modified(SystemTime::now()).unwrap();
}

#[test]
fn a_touch_is_no_rebuild() {
    let desk = Desk::with(&["page"], |root| Preview::of(root, &[]));
    let file = desk.path("content/pages/page.md");
    let same = fs::read(&file).unwrap();
    desk.rebuilds("a touch", 0, |_| touch(&file));
    desk.rebuilds("the same bytes", 0, |_| fs::write(&file, &same).unwrap());
    desk.rebuilds("the same bytes in another file", 0, |_| replace(&file, &beside(&file, "", ".tmp"), &same));
    desk.rebuilds("other permissions", 0, |_| {
        fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    });
    desk.rebuilds("the same file anew", 0, |_| {
        fs::remove_file(&file).unwrap();
        fs::write(&file, &same).unwrap();
    });
    desk.rebuilds("what editors leave", 0, |words| {
        for name in ["page.md~", ".page.md.swp", "#page.md#", "4913", ".git/index", ".DS_Store"] {
            desk.write(&format!("content/pages/{name}"), words);
        }
    });
}

// --- Other programs ---

const MANY: usize = 1000;

fn numbered(number: usize) -> String {
    format!("content/pages/many/page-{number}.md")
}

fn shows_many(desk: &Desk, words: &str) {
    [0, MANY / 2, MANY - 1].iter().for_each(|number| desk.preview.shows(&format!("/page-{number}/"), words));
}

/// What git does when it changes files, with a machine that puts it off again and again.
#[test]
fn what_happens_under_gits_lock_is_one_rebuild() {
    let desk = Desk::with(&[], |root| {
        fs::create_dir(root.join(".git")).unwrap();
        for number in 0..MANY {
            write(&root.join(numbered(number)), &page(&format!("Page {number}"), "First words."));
        }
        Preview::of(root, &[])
    });
    desk.rebuilds("a change of a thousand files", 1, |words| {
        desk.write(".git/index.lock", "DIRC");
        for number in 0..MANY {
            desk.write(&numbered(number), &page(&format!("Page {number}"), words));
            if number % 200 == 199 {
                // Longer than a save may pause, and all together longer than one may take.
                std::thread::sleep(Duration::from_millis(80));
            }
        }
        fs::rename(desk.path(".git/index.lock"), desk.path(".git/index")).unwrap();
        shows_many(&desk, words);
    });
}

/// Git itself, in the folder of a knowledge base.
fn git(root: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "init.defaultBranch=main"]);
    git.args(["-c", "gc.auto=0", "-c", "commit.gpgsign=false"]).args(arguments).current_dir(root);
    // Nothing of what this machine's own git is told.
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", root);
    let output = git.output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn git_changes_many_files_by_one_rebuild() {
    if Command::new("git").arg("--version").output().is_err() {
        return eprintln!("There is no git here; its system calls are made by another test.");
    }
    let desk = Desk::with(&[], |root| {
        for (branch, words) in [("main", "Words of main."), ("other", "Words of other.")] {
            if branch == "main" {
                git(root, &["init", "-q"]);
            } else {
                git(root, &["checkout", "-q", "-b", branch]);
            }
            for number in 0..MANY {
                write(&root.join(numbered(number)), &page(&format!("Page {number}"), words));
            }
            git(root, &["add", "-A"]);
            git(root, &["commit", "-q", "-m", branch]);
        }
        git(root, &["checkout", "-q", "main"]);
        Preview::of(root, &[])
    });
    let root = desk.folder.path();
    // The page that marks is changed all the time, and no business of git's.
    git(root, &["update-index", "--skip-worktree", "content/pages/mark.md"]);
    let mut branches = ["other", "main"].iter().cycle();
    desk.rebuilds("a switch to another branch", 1, |_| {
        let branch = branches.next().unwrap();
        git(root, &["checkout", "-q", branch]);
        shows_many(&desk, &format!("Words of {branch}."));
    });
    git(root, &["checkout", "-q", "main"]);
    shows_many(&desk, "Words of main.");

    desk.rebuilds("a stash and its return", 4, |words| {
        desk.write(&numbered(7), &page("Page 7", words));
        desk.preview.shows("/page-7/", words);
        git(root, &["stash", "-q"]);
        desk.preview.shows("/page-7/", "Words of main.");
        git(root, &["stash", "pop", "-q"]);
        desk.preview.shows("/page-7/", words);
        // For another attempt.
        git(root, &["checkout", "-q", "--", &numbered(7)]);
        desk.preview.shows("/page-7/", "Words of main.");
    });

    desk.rebuilds("what a pull does", 1, |_| {
        git(root, &["reset", "-q", "--hard", "main"]);
        git(root, &["checkout", "-q", "main"]);
        shows_many(&desk, "Words of main.");
        git(root, &["checkout", "-q", "-B", "pulled"]);
        git(root, &["merge", "-q", "--ff-only", "other"]);
        shows_many(&desk, "Words of other.");
    });
}

#[test]
fn the_last_of_many_saves_always_wins() {
    let desk = Desk::with(&["one", "two"], |root| Preview::of(root, &[]));
    for round in 0..10 {
        for save in 0..20 {
            desk.write("content/pages/one.md", &page("One", &format!("Save {save} in place, of round {round}.")));
            let file = desk.path("content/pages/two.md");
            let text = page("Two", &format!("Save {save} by another file, of round {round}."));
            replace(&file, &beside(&file, "", ".tmp"), text.as_bytes());
            // From as fast as one can to slower than a rebuild.
            std::thread::sleep(Duration::from_millis(round));
        }
        desk.preview.shows("/one/", &format!("Save 19 in place, of round {round}."));
        desk.preview.shows("/two/", &format!("Save 19 by another file, of round {round}."));
    }
    assert_eq!(desk.preview.warned(), "");
}

#[test]
fn the_second_of_two_saves_of_one_length_is_shown() {
    let desk = Desk::with(&["page"], |root| Preview::of(root, &[]));
    let file = desk.path("content/pages/page.md");
    for round in 10..20 {
        let time = SystemTime::now();
        for words in ["Early", "Later"] {
            fs::write(&file, page("Page", &format!("{words} words of round {round}."))).unwrap();
            // As on a disk whose clock stands still between them.
            File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
            std::thread::sleep(Duration::from_millis(3 * (round - 10)));
        }
        desk.preview.shows("/page/", &format!("Later words of round {round}."));
    }
}

/// Programs that leave a folder full of files that come and go are no reason to stop.
#[test]
fn files_that_come_and_go_stop_nothing() {
    let desk = Desk::new(&[]);
    for round in 0..40 {
        for number in 0..50 {
            let (text, asset) = (format!("content/pages/passing-{number}.md"), format!("static/passing-{number}.txt"));
            desk.write(&text, &page(&format!("Passing {number}"), "Gone in a moment."));
            desk.write(&asset, "Gone in a moment.");
            fs::remove_file(desk.path(&text)).unwrap();
            fs::remove_file(desk.path(&asset)).unwrap();
        }
        if round % 10 == 0 {
            desk.mark(&format!("Round {round}."));
        }
    }
    desk.mark("The end.");
    desk.preview.shows_nothing("/passing-1/");
    assert_eq!(desk.preview.warned(), "");
}

/// Whatever is being written, moved or unpacked meanwhile.
#[test]
fn a_reading_is_not_stopped_by_files_that_come_and_go() {
    let folder = TempDir::new().unwrap();
    let path = |path: &str| folder.path().join(path);
    for number in 0..50 {
        write(&path(&format!("content/pages/page-{number}.md")), &page("Page", "Words."));
        write(&path(&format!("static/file-{number}.txt")), "Words.");
    }
    let come_and_go = || {
        for number in 0..10 {
            let here = [format!("content/pages/new-{number}/page.md"), format!("static/new-{number}.txt"), format!("gaps-{number}.json")];
            here.iter().for_each(|file| write(&path(file), "Words."));
            here.iter().for_each(|file| fs::remove_file(path(file)).unwrap());
            fs::remove_dir(path(&format!("content/pages/new-{number}"))).unwrap();
        }
    };
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                come_and_go()
            }
        });
        let mut seen = sources::read(folder.path(), Earlier::None);
        for _ in 0..300 {
            seen = seen.and_then(|seen| sources::read(folder.path(), Earlier::Trusted(&seen)));
        }
        done.store(true, Ordering::Relaxed);
        let seen = seen.unwrap();
        assert!(seen.value.content.len() >= 50 && seen.value.statics.len() >= 50);
    });
}

// --- Folders ---

#[test]
fn a_new_folder_and_its_file_are_one_rebuild() {
    let desk = Desk::new(&[]);
    desk.rebuilds("a file in a new folder", 1, |words| {
        let name = slug(words);
        desk.write(&format!("content/pages/{name}/b/c/{name}.md"), &page(&name, words));
        desk.preview.shows(&format!("/{name}/"), words);
    });
    desk.write("content/practices/new/practice.md", "+++\ntitle = \"Practice\"\ndate = 2026-11-01\n+++\n\nOf another kind.\n");
    desk.preview.shows("/practices/practice/", "Of another kind.");
    desk.write("content/practices/new/practice.md", "+++\ntitle = \"Practice\"\ndate = 2026-11-01\n+++\n\nAnd saved again.\n");
    desk.preview.shows("/practices/practice/", "And saved again.");
}

#[test]
fn folders_that_were_not_there_at_first_are_followed() {
    let desk = Desk::with(&["page"], |root| Preview::of(root, &[]));
    for round in ["first", "second"] {
        let template = |words: &str| format!("{{% extends \"base.html\" %}}{{% block content %}}<h1>{words}</h1>{{% endblock %}}");
        desk.write("theme/templates/page.html", &template(&format!("A {round} template")));
        desk.preview.shows("/page/", &format!("<h1>A {round} template</h1>"));
        desk.write("theme/templates/page.html", &template(&format!("A {round} template, saved again")));
        desk.preview.shows("/page/", "saved again");
        desk.write("static/files/new.txt", &format!("A {round} file"));
        desk.preview.shows("/files/new.txt", round);
        desk.write("static/files/new.txt", "Saved again");
        desk.preview.shows("/files/new.txt", "Saved again");
        fs::remove_dir_all(desk.path("theme")).unwrap();
        fs::remove_dir_all(desk.path("static")).unwrap();
        desk.preview.shows("/page/", "First words.");
        desk.preview.shows_nothing("/files/new.txt");
    }
    assert_eq!(desk.preview.warned(), "");
}

#[test]
fn what_is_moved_is_followed() {
    let desk = Desk::with(&["a/page", "Large"], |root| Preview::of(root, &[]));
    let file = |folder: &str| format!("content/pages/{folder}/page.md");
    desk.rebuilds("a folder's other name", 3, |words| {
        fs::rename(desk.path("content/pages/a"), desk.path("content/pages/b")).unwrap();
        wait_for("the other name", || desk.preview.said().ends_with("`content/pages/b/page.md (new)`.\n").then_some(()));
        desk.write(&file("b"), &page("Page", words));
        desk.preview.shows("/page/", words);
        fs::rename(desk.path("content/pages/b"), desk.path("content/pages/a")).unwrap();
        wait_for("the first name", || desk.preview.said().ends_with("`content/pages/b/page.md (gone)`.\n").then_some(()));
    });
    desk.rebuilds("a folder out and in again", 3, |words| {
        fs::rename(desk.path("content/pages/a"), desk.path("aside")).unwrap();
        desk.preview.shows_nothing("/page/");
        fs::rename(desk.path("aside"), desk.path("content/pages/a")).unwrap();
        desk.preview.shows("/page/", "Page");
        desk.write(&file("a"), &page("Page", words));
        desk.preview.shows("/page/", words);
    });
    desk.rebuilds("a file out and in again", 3, |words| {
        fs::rename(desk.path(&file("a")), desk.path("aside.md")).unwrap();
        desk.preview.shows_nothing("/page/");
        fs::rename(desk.path("aside.md"), desk.path(&file("a"))).unwrap();
        desk.preview.shows("/page/", "Page");
        desk.write(&file("a"), &page("Page", words));
        desk.preview.shows("/page/", words);
    });
    desk.rebuilds("a file gone and anew", 2, |words| {
        fs::remove_file(desk.path(&file("a"))).unwrap();
        desk.preview.shows_nothing("/page/");
        desk.write(&file("a"), &page("Page", words));
        desk.preview.shows("/page/", words);
    });
    desk.rebuilds("all of it away and back", 3, |words| {
        fs::rename(desk.path("content"), desk.path("elsewhere")).unwrap();
        desk.preview.shows_nothing("/page/");
        fs::rename(desk.path("elsewhere"), desk.path("content")).unwrap();
        desk.preview.shows("/page/", "Page");
        desk.write(&file("a"), &page("Page", words));
        desk.preview.shows("/page/", words);
    });

    // A name that differs in its case alone is another name, or the same file: both must be followed.
    fs::rename(desk.path("content/pages/Large.md"), desk.path("content/pages/large.md")).unwrap();
    desk.write("content/pages/large.md", &page("Large", "Under a small name."));
    desk.preview.shows("/large/", "Under a small name.");
    assert_eq!(desk.preview.warned(), "");
}

#[test]
fn a_link_is_followed_inside_and_nowhere_else() {
    let outside = TempDir::new().unwrap();
    write(&outside.path().join("secret.md"), &page("Secret", "Nobody else's business."));
    let desk = Desk::with(&["real"], |root| {
        write(&root.join("shared/text.md"), &page("Shared", "Words in a folder beside."));
        fs::create_dir(root.join("static")).unwrap();
        symlink("../../shared/text.md", root.join("content/pages/linked.md")).unwrap();
        symlink("real.md", root.join("content/pages/other-name.md")).unwrap();
        Preview::of(root, &[])
    });
    desk.preview.shows("/linked/", "Words in a folder beside.");
    for words in ["Other words.", "Third words."] {
        desk.write("shared/text.md", &page("Shared", words));
        desk.preview.shows("/linked/", words);
        desk.write("content/pages/real.md", &page("Real", words));
        desk.preview.shows("/real/", words);
        desk.preview.shows("/other-name/", words);
    }
    let shared = desk.path("shared/text.md");
    replace(&shared, &beside(&shared, "", ".tmp"), page("Shared", "By another file.").as_bytes());
    desk.preview.shows("/linked/", "By another file.");

    for link in ["content/pages/leading-out.md", "static/leading-out.md", "content/pages/folder"] {
        let target = if link.ends_with(".md") { outside.path().join("secret.md") } else { outside.path().to_owned() };
        symlink(target, desk.path(link)).unwrap();
        desk.preview.tells_errors(1);
        assert!(desk.preview.about("/mark/").contains("leaves-the-site"), "{link}");
        for address in ["/leading-out/", "/leading-out.md", "/secret/", "/folder/secret/", "/folder/secret.md", "/"] {
            assert!(!desk.preview.get(address).text().contains("business"), "{address} by {link}");
        }
        fs::remove_file(desk.path(link)).unwrap();
        desk.preview.tells_errors(0);
    }
    desk.mark("And on it goes.");
}

// --- Moments in which something cannot be read ---

#[test]
fn what_cannot_be_read_for_a_moment_is_told_and_forgotten() {
    let desk = Desk::with(&["page"], |root| Preview::of(root, &[]));
    let file = desk.path("content/pages/page.md");
    // Half of a letter.
    fs::write(&file, [page("Page", "Caf").as_bytes(), b"\xc3"].concat()).unwrap();
    desk.preview.tells_errors(1);
    desk.preview.shows("/page/", "First words.");
    fs::write(&file, page("Page", "Café, whole.")).unwrap();
    desk.preview.shows("/page/", "Café, whole.");
    desk.preview.tells_errors(0);

    // A folder where a file should be cannot be read by anybody.
    let config = desk.path("folkmoot.toml");
    fs::rename(&config, desk.path("aside.toml")).unwrap();
    fs::create_dir(&config).unwrap();
    desk.preview.tells_errors(1);
    desk.preview.shows("/page/", "Café, whole.");
    fs::remove_dir(&config).unwrap();
    fs::rename(desk.path("aside.toml"), &config).unwrap();
    desk.preview.tells_errors(0);
    assert_eq!(desk.preview.warned().matches("Nothing new could be made").count(), 1, "{}", desk.preview.warned());

    fs::set_permissions(&file, Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        eprintln!("Whoever runs this may read everything.");
    } else {
        touch_anew(&desk);
        desk.preview.tells_errors(1);
        desk.preview.shows("/page/", "Café, whole.");
    }
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    desk.preview.tells_errors(0);
    fs::write(&file, page("Page", "To be read again.")).unwrap();
    desk.preview.shows("/page/", "To be read again.");
}

/// A file beside the others, which has them all looked at.
fn touch_anew(desk: &Desk) {
    desk.write("content/pages/another.md", &page("Another", "Words."));
}

// --- The configuration, and what it names ---

#[test]
fn a_broken_configuration_is_told_and_its_mending_followed() {
    let desk = Desk::with(&["page"], |root| Preview::of(root, &[]));
    desk.write("folkmoot.toml", "title = \"Left open\nbase_url = 3");
    wait_for("the mistake", || (desk.preview.state().errors > 0).then_some(()));
    desk.preview.shows("/page/", "Harbor network");
    assert!(desk.preview.about("/page/").contains("toml-syntax"));
    desk.write("content/pages/page.md", &page("Page", "Written meanwhile."));
    let file = desk.path("folkmoot.toml");
    replace(&file, &beside(&file, "", ".tmp"), config("Harbor and hills", "").as_bytes());
    desk.preview.shows("/page/", "Harbor and hills");
    desk.preview.shows("/page/", "Written meanwhile.");
    desk.preview.tells_errors(0);
    desk.write("folkmoot.toml", &config("Hills alone", ""));
    desk.preview.shows("/page/", "Hills alone");
    fs::remove_file(&file).unwrap();
    wait_for("its absence", || {
        (!desk.preview.get("/page/").text().contains("Hills alone") || desk.preview.state().errors > 0).then_some(())
    });
    desk.write("folkmoot.toml", &config("Hills again", ""));
    desk.preview.shows("/page/", "Hills again");
    desk.preview.tells_errors(0);
}

#[test]
fn a_build_beside_the_preview_is_no_rebuild() {
    let desk = Desk::with(&["page"], |root| Preview::of(root, &[]));
    let build = |out: &str| {
        // A build that has nothing to do would write nothing.
        let _ = fs::remove_dir_all(desk.path(out));
        let output = program().arg("build").arg(desk.folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(desk.path(out).join("page/index.html").is_file());
    };
    desk.rebuilds("a build", 0, |_| build("public"));
    desk.write("folkmoot.toml", &config("Harbor network", "[build]\nout = \"made\"\n"));
    wait_for("the other folder to be known", || desk.preview.said().ends_with("`folkmoot.toml`.\n").then_some(()));
    desk.rebuilds("a build into another folder", 0, |_| build("made"));
    desk.write("folkmoot.toml", &config("Harbor network", "[build]\nout = \"made/for/all\"\n"));
    wait_for("the deeper folder to be known", || desk.preview.said().ends_with("`folkmoot.toml`.\n").then_some(()));
    desk.rebuilds("a build into a deeper folder", 0, |_| build("made/for/all"));
}

#[test]
fn a_snapshot_of_gaps_is_followed() {
    let map = "[[maps]]\nid = \"main\"\ntitle = \"Gaps\"\nrows = { topics = \"topic\" }\ncolumns = { from = \"kinds\" }\n";
    let topic = |name: &str| format!("+++\ntitle = \"{name}\"\ndate = 2026-11-01\n+++\n\nWords.\n");
    let desk = Desk::with(&[], |root| {
        write(&root.join("content/topics/fees.md"), &topic("Fees"));
        write(&root.join("content/topics/stores.md"), &topic("Stores"));
        write(&root.join("folkmoot.toml"), &config("Harbor network", map));
        Preview::of(root, &[])
    });
    let snapshot = || {
        let output = program().args(["gaps", "--snapshot", "gaps-first.json"]).current_dir(desk.folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    desk.write("folkmoot.toml", &config("Harbor network", &format!("{map}[gaps]\nsince = \"gaps-first.json\"\n")));
    desk.preview.tells_errors(1);
    snapshot();
    desk.preview.tells_errors(0);
    for _ in 0..2 {
        let good = fs::read(desk.path("gaps-first.json")).unwrap();
        desk.write("gaps-first.json", "no snapshot");
        desk.preview.tells_errors(1);
        fs::write(desk.path("gaps-first.json"), good).unwrap();
        desk.preview.tells_errors(0);
    }
    fs::remove_file(desk.path("gaps-first.json")).unwrap();
    desk.preview.tells_errors(1);
    snapshot();
    desk.preview.tells_errors(0);
}

// --- Where the system does not tell ---

/// A preview in a user namespace of its own, where a limit of the system's watches is ours to set (namespaces(7)).
#[cfg(target_os = "linux")]
fn limited(limit: &str, to: usize) -> Option<Desk> {
    let set = format!("echo {to} > /proc/sys/user/{limit}");
    let allowed = Command::new("unshare").args(["--user", "--map-root-user", "sh", "-c", &set]).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        eprintln!("No limits can be set here, so this is not tested: {limit}");
        return None;
    }
    Some(Desk::with(&["page"], |root| {
        let mut command = Command::new("unshare");
        without_surroundings(&mut command);
        command.args(["--user", "--map-root-user", "sh", "-c", &format!("{set} && exec \"$0\" serve \"$1\" --port 0")]);
        command.arg(env!("CARGO_BIN_EXE_folkmoot")).arg(root);
        Preview::by(command)
    }))
}

#[cfg(target_os = "linux")]
#[test]
fn where_watches_run_out_changes_are_looked_for() {
    let fell_back = |desk: &Desk| desk.preview.warned().matches("The system does not tell of changes").count();
    let saves_show = |desk: &Desk| {
        for words in ["Second words.", "Third words."] {
            desk.write("content/pages/page.md", &page("Page", words));
            desk.preview.shows("/page/", words);
            desk.write(&format!("content/pages/{}/new.md", slug(words)), &page("New", words));
            desk.preview.shows("/new/", words);
            fs::remove_dir_all(desk.path(&format!("content/pages/{}", slug(words)))).unwrap();
            desk.preview.shows_nothing("/new/");
        }
    };
    // None from the beginning, and too few for the folders that come.
    for (limit, to) in [("max_inotify_instances", 0), ("max_inotify_watches", 1), ("max_inotify_watches", 6)] {
        let Some(desk) = limited(limit, to) else { return };
        if to == 6 {
            desk.mark("All is told yet.");
            assert_eq!(fell_back(&desk), 0, "{}", desk.preview.warned());
            (0..6)
                .for_each(|number| desk.write(&format!("content/pages/{number}/page-{number}.md"), &page(&format!("{number}"), "Words.")));
            desk.preview.shows("/page-5/", "Words.");
        }
        saves_show(&desk);
        assert_eq!(fell_back(&desk), 1, "{limit} {to}: {}", desk.preview.warned());
    }
}
