//! Gap maps: the gate's advice passes the gate, snapshots come back as they went, and formulas hold at their edges.

use crate::knowledge_base::{Built, KnowledgeBase, options};
use folkmoot::findings::any_error;
use folkmoot::knowledge::gaps::cells::{coverage, demand, risk, score};
use folkmoot::knowledge::gaps::exact::{rounded, share, thousandths, whole};
use folkmoot::knowledge::gaps::snapshot::{self, Snapshot};
use folkmoot::knowledge::gaps::{GapMap, gate};
use folkmoot::time;

const MAP: &str = "title = \"Harbor\"\n[[maps]]\nid = \"main\"\nrows = { topics = \"area\" }\ncolumns = { topics = \"knowledge\" }\n";

/// A community with a map of two rows and two columns, of which little is known.
fn little_known(limits: &str) -> KnowledgeBase {
    let mut base = KnowledgeBase::new();
    base.write("folkmoot.toml", format!("{MAP}[gate]\n{limits}\n"));
    for (id, dimension, more) in
        [("retail", "area", "priority = 2\n"), ("menthol", "area", ""), ("cost", "knowledge", ""), ("law", "knowledge", "")]
    {
        base.write(
            &format!("content/topics/{id}.md"),
            format!("+++\ntitle = \"{id}\"\ndate = 2026-08-01\ndimension = \"{dimension}\"\n{more}+++\n"),
        );
    }
    base.write(
        "content/case-studies/quill.md",
        "+++\ntitle = \"Quill\"\ndate = 2026-08-01\ntopics = [\"retail\", \"cost\"]\norganizations = [\"quill\"]\n+++\n",
    );
    base.write(
        "content/resources/fees.md",
        "+++\ntitle = \"Fees\"\ndate = 2024-01-01\ntopics = [\"retail\", \"law\"]\norganizations = [\"quill\"]\n+++\n",
    );
    base
}

/// What the gate says of a built knowledge base.
fn broken(built: &Built) -> Vec<String> {
    assert!(!any_error(&built.findings), "{}", built.told());
    let verdict = gate::check(built.site.knowledge(), built.site.knowledge().baseline.as_ref());
    verdict.broken.into_iter().map(|finding| format!("{}\n{}", finding.title, finding.help.join("\n"))).collect()
}

fn map(built: &Built) -> &GapMap {
    &built.site.knowledge().maps()[0]
}

/// A practice as the gate asks for it: about both, from two organizations, with evidence.
fn practice(row: &str, column: &str) -> String {
    format!(
        "+++\ntitle = \"On {row} and {column}\"\ndate = 2026-08-01\ntopics = [\"{row}\", \"{column}\"]\norganizations = [\"quill\", \"thornby\"]\n\
         [[evidence]]\nclaim = \"It works\"\ngrade = 2\n+++\n"
    )
}

#[test]
fn what_the_gate_asks_for_opens_it() {
    // Each limit is broken, and the edit that its help names is enough; what is done is what the words say.
    // Limits, what is asked for, and the cells to write a practice for.
    type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
    let cases: [Case; 4] = [
        ("max = { A = 1 }", "`menthol` × `cost`: Write one practice with `topics = [\"menthol\", \"cost\"]`", &[("menthol", "cost")]),
        (
            "max = { score = 20 }",
            "`retail` × `law`: Write one practice with `topics = [\"retail\", \"law\"]`",
            &[("retail", "law"), ("retail", "cost")],
        ),
        ("min = { coverage = 0.6 }", "Covering 2 cells in full is enough", &[("menthol", "cost"), ("menthol", "law")]),
        ("max = { O = 0 }", "Look at it again, and add `[[review.log]]` with `on = 2026-11-22`", &[]),
    ];
    let day = time::read_date("2026-11-22");
    for (limits, asked, practices) in cases {
        let mut base = little_known(limits);
        let built = base.build(&folkmoot::pipeline::Options { today: day, ..options() });
        let said = broken(&built);
        assert_eq!(said.len(), 1, "{limits}: {said:?}");
        assert!(said[0].contains(asked), "{limits}: {}", said[0]);
        for (row, column) in practices {
            base.write(&format!("content/practices/{row}-{column}.md"), practice(row, column));
        }
        if practices.is_empty() {
            assert!(said[0].contains("`content/resources/fees.md`"), "{}", said[0]);
            base.write(
                "content/resources/fees.md",
                "+++\ntitle = \"Fees\"\ndate = 2024-01-01\ntopics = [\"retail\", \"law\"]\norganizations = [\"quill\"]\n\
                 [[review.log]]\non = 2026-11-22\nchecked = [\"figures\"]\n+++\n",
            );
        }
        let after = broken(&base.build(&folkmoot::pipeline::Options { today: day, ..options() }));
        assert_eq!(after, Vec::<String>::new(), "{limits}");
    }
}

#[test]
fn what_the_gate_asks_for_opens_no_other_gap() {
    let day = time::read_date("2026-11-22");
    let build = |base: &KnowledgeBase| base.build(&folkmoot::pipeline::Options { today: day, ..options() });
    let config = |total: usize| {
        format!(
            "{MAP}required_voices = [\"youth\"]\n[gate]\nmax = {{ total = {total}, A = 1 }}\nno_new = [\"A\", \"V\", \"R\", \"E\"]\nbaseline = \"gaps-baseline.json\"\n"
        )
    };
    let mut base = little_known("max = { A = 9 }");
    base.write("folkmoot.toml", format!("{MAP}required_voices = [\"youth\"]\n"));
    let before = build(&base);
    let snapshot = Snapshot::of(before.site.knowledge(), before.site.knowledge().maps());
    base.write("gaps-baseline.json", snapshot.text());
    base.write("folkmoot.toml", config(map(&before).totals.all_gaps() - 1));
    let said = broken(&build(&base)).join("\n");
    let asked = "Write one practice with `topics = [\"menthol\", \"cost\"]`, its `date`, two `organizations`, `voices = [\"youth\"]` who had a part in it, and `[[evidence]]` of `grade = 2` or better";
    assert!(said.contains(asked), "{said}");
    let told = practice("menthol", "cost").replace("organizations", "voices = [\"youth\"]\norganizations");
    base.write("content/practices/menthol-cost.md", told);
    assert_eq!(broken(&build(&base)), Vec::<String>::new());
}

#[test]
fn a_snapshot_that_cannot_be_one_is_told() {
    let snapshot = |today: &str, coverage: i64, score: i64| {
        format!(
            "{{\"version\":1,\"today\":\"{today}\",\"maps\":[{{\"id\":\"main\",\"coverage\":{coverage},\"cells\":[{{\"row\":\"a\",\"column\":\"b\",\"n\":0,\"coverage\":0,\"score\":{score},\"gaps\":[]}}]}}]}}"
        )
    };
    assert!(Snapshot::read(&snapshot("2026-03-04", 1000, 100)).is_ok());
    for wrong in
        [snapshot("<b>", 0, 0), snapshot("2026-03-04", -500, 0), snapshot("2026-03-04", 1001, 0), snapshot("2026-03-04", 0, i64::MIN)]
    {
        assert!(Snapshot::read(&wrong).is_err(), "{wrong}");
    }
    assert!(Snapshot::read(&snapshot("2026-03-04", 0, 0).replace("\"version\":1", "\"version\":0")).is_err());
}

#[test]
fn a_snapshot_comes_back_as_it_went_and_shows_no_change() {
    let built = little_known("max = { A = 9 }").build(&options());
    let snapshot = Snapshot::of(built.site.knowledge(), built.site.knowledge().maps());
    let text = snapshot.text();
    assert_eq!(Snapshot::read(&text), Ok(snapshot.clone()));
    assert_eq!(text.lines().count(), 1 + 1 + 4 + 2, "a line for each cell: {text}");
    let since = snapshot::since(map(&built), &snapshot);
    assert!(since.opened.is_empty() && since.closed.is_empty() && since.moved.is_empty());
    assert_eq!((since.gaps_then, since.coverage_then), (since.gaps_now, since.coverage_now));
    let mut longer = text.clone();
    longer.truncate(text.len() / 2);
    let cut = Snapshot::read(&longer).unwrap_err();
    assert_eq!(cut.line, longer.lines().count(), "{cut:?}");
}

#[test]
fn formulas_hold_at_their_edges() {
    assert_eq!(coverage(0, 0), whole(1), "nothing is wanted, so all of it is there");
    assert_eq!(coverage(1_000_000, 6), whole(1));
    // A session of weight 1, inferred and overdue: 1 × ½ × ¼ of a target of 2.
    assert_eq!(coverage(1, 2), share(1, 16));
    assert_eq!((demand(0), demand(2), demand(30)), (whole(0), share(2, 3), whole(1)));
    assert_eq!(risk(0, 0, 0, 0, false), whole(0));
    assert_eq!(risk(3, 6, 1, 4, true), (share(1, 2) + share(1, 4) + whole(1)) / whole(3));
    assert_eq!(rounded(score(3, whole(0), whole(1), whole(1))), 100);
    assert_eq!(rounded(score(0, whole(0), whole(0), whole(0))), 0);
    // 100 × 0.5 × 1⁄3 × 1⁄2 = 8.33…
    assert_eq!(thousandths(score(1, share(1, 2), whole(0), whole(0))), 8333);
}

#[test]
fn a_map_of_many_cells_is_the_same_in_any_order_of_files() {
    let build = |reversed: bool| {
        let mut base = little_known("max = { A = 9 }");
        let mut all = vec![("retail", "cost"), ("retail", "law"), ("menthol", "law")];
        if reversed {
            all.reverse();
        }
        for (row, column) in all {
            base.write(&format!("content/practices/{row}-{column}.md"), practice(row, column));
        }
        base.build(&options()).files.remove("data/main/gaps.json").unwrap()
    };
    assert_eq!(build(false), build(true));
}
