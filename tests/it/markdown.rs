//! The text of one entry: what Markdown becomes, what its author is told, and that nothing hostile gets through.

use folkmoot::entries::body::{Body, Link, LinkKind, Piece, Problem, RawHtml, Target, Word};
use folkmoot::entries::markdown::read;
use proptest::prelude::*;

const MODES: [RawHtml; 3] = [RawHtml::Sanitize, RawHtml::Escape, RawHtml::Allow];

// What Markdown becomes.

#[test]
fn paragraphs_and_emphasis() {
    becomes("One *two* **three** ~~four~~ `five`.", "<p>One <em>two</em> <strong>three</strong> <del>four</del> <code>five</code>.</p>\n");
    becomes("hard  \nbreak\nsoft\n\n***\n", "<p>hard<br>\nbreak\nsoft</p>\n<hr>\n");
    becomes("a < b & \"c\" &copy; \\*", "<p>a &lt; b &amp; \"c\" © *</p>\n");
    becomes("\"quotes\" -- stay...", "<p>\"quotes\" -- stay...</p>\n");
}

#[test]
fn lists() {
    becomes("- a\n- b\n  1. c\n", "<ul>\n<li>a</li>\n<li>b\n<ol>\n<li>c</li>\n</ol>\n</li>\n</ul>\n");
    becomes("3. a\n\n4. b\n", "<ol start=\"3\">\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ol>\n");
    becomes("Term\n: One\n: Two\n", "<dl>\n<dt>Term</dt>\n<dd>One</dd>\n<dd>Two</dd>\n</dl>\n");
}

#[test]
fn tasks_have_a_name_in_the_readers_language() {
    becomes(
        "- [ ] call\n- [x] write\n",
        "<ul>\n<li class=\"task\"><input type=\"checkbox\" disabled=\"\" aria-label=\"Not done\"> call</li>\n\
         <li class=\"task\"><input type=\"checkbox\" disabled=\"\" checked=\"\" aria-label=\"Done\"> write</li>\n</ul>\n",
    );
    let spanish = |word: Word| {
        if word == Word::Done { "Hecho \"ya\"" } else { "?" }
    };
    let html = read("- [x] llamar", 0).fill(RawHtml::Sanitize, &spanish, &mut anywhere);
    assert!(html.contains("aria-label=\"Hecho &quot;ya&quot;\""), "{html}");
}

#[test]
fn alerts_say_what_they_are() {
    becomes(
        "> [!WARNING]\n> Careful.\n",
        "<div class=\"alert alert-warning\" role=\"note\">\n<p class=\"alert-title\">Warning</p>\n<p>Careful.</p>\n</div>\n",
    );
    becomes("> Quoted.\n", "<blockquote>\n<p>Quoted.</p>\n</blockquote>\n");
}

#[test]
fn code_keeps_its_language_and_plain_line_ends() {
    becomes("```rust,ignore\na < b\n```\n", "<pre tabindex=\"0\"><code class=\"language-rust\">a &lt; b\n</code></pre>\n");
    becomes("```\"><b>\nx\n```\n", "<pre tabindex=\"0\"><code>x\n</code></pre>\n");
    becomes(
        "```\r\na\r\n\r\nb\r\n```\r\n\r\n    c\r\n",
        "<pre tabindex=\"0\"><code>a\n\nb\n</code></pre>\n<pre tabindex=\"0\"><code>c\n</code></pre>\n",
    );
}

#[test]
fn tables_have_headers_and_classes_and_scroll_when_wide() {
    becomes(
        "| a | b |\n|:-:|--:|\n| 1 | 2 |\n",
        "<table><thead><tr><th scope=\"col\" class=\"align-center\">a</th><th scope=\"col\" class=\"align-right\">b</th></tr></thead>\n\
         <tbody>\n<tr><td class=\"align-center\">1</td><td class=\"align-right\">2</td></tr>\n</tbody></table>\n",
    );
    becomes(
        "| | b | c | d |\n|-|-|-|-|\n",
        "<div class=\"table-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Table\">\n\
         <table><thead><tr><td></td><th scope=\"col\">b</th><th scope=\"col\">c</th><th scope=\"col\">d</th></tr></thead>\n</table></div>\n",
    );
    becomes("| [x](a.md) |\n|-|\n", "<table><thead><tr><th scope=\"col\"><a href=\"a.md\">x</a></th></tr></thead>\n</table>\n");
}

#[test]
fn footnotes_stand_at_the_end_in_the_order_of_their_references() {
    becomes(
        "B[^b], a[^A], b again[^b].\n\n[^a]: See also[^c].\n[^b]: Bee.\n[^c]: - list\n",
        "<p>B<sup class=\"note-ref\"><a href=\"#fn-b\" id=\"fnref-b\" role=\"doc-noteref\">1</a></sup>, \
         a<sup class=\"note-ref\"><a href=\"#fn-a\" id=\"fnref-a\" role=\"doc-noteref\">2</a></sup>, \
         b again<sup class=\"note-ref\"><a href=\"#fn-b\" id=\"fnref-b-2\" role=\"doc-noteref\">1</a></sup>.</p>\n\
         <section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n\
         <li id=\"fn-b\"><p>Bee. <a href=\"#fnref-b\" class=\"note-back\" role=\"doc-backlink\" aria-label=\"Back to the text\">↩</a> \
         <a href=\"#fnref-b-2\" class=\"note-back\" role=\"doc-backlink\" aria-label=\"Back to the text 2\">↩<sup>2</sup></a></p>\n</li>\n\
         <li id=\"fn-a\"><p>See also<sup class=\"note-ref\"><a href=\"#fn-c\" id=\"fnref-c\" role=\"doc-noteref\">3</a></sup>. \
         <a href=\"#fnref-a\" class=\"note-back\" role=\"doc-backlink\" aria-label=\"Back to the text\">↩</a></p>\n</li>\n\
         <li id=\"fn-c\"><ul>\n<li>list</li>\n</ul>\n <a href=\"#fnref-c\" class=\"note-back\" role=\"doc-backlink\" aria-label=\"Back to the text\">↩</a></li>\n\
         </ol>\n</section>\n",
    );
}

#[test]
fn a_footnote_in_a_link_comes_after_the_link() {
    becomes_with("[[a|x[^n] y]]\n\n[^n]: N\n", |html| html.starts_with("<p><a href=\"a\">x y</a><sup class=\"note-ref\">"));
}

#[test]
fn footnotes_that_do_not_fit_together_are_told() {
    told("A[^x].\n\n[^y]: Why.\n[^y]: Twice.\n", &["UndefinedFootnote [^x]", "UnusedFootnote y", "DuplicateFootnote y"]);
    told("\\[^x] and `[^x]` and [^two words]", &[]);
}

#[test]
fn unprintable_characters_are_replaced() {
    becomes("a\0b\u{7}c\u{85}d\u{a0}e", "<p>a\u{FFFD}b\u{FFFD}c\u{FFFD}d&nbsp;e</p>\n");
    becomes("\u{FEFF}## A\n", "<h2 id=\"a\">A</h2>\n");
}

// Headings.

#[test]
fn headings_get_the_anchors_github_gives_them() {
    for (text, id) in [
        ("What we learned", "what-we-learned"),
        ("Cost & benefit: a *first* look (2026)", "cost--benefit-a-first-look-2026"),
        ("`snake_case` and kebab-case", "snake_case-and-kebab-case"),
        ("Überblick für Ärztinnen", "überblick-für-ärztinnen"),
        ("Was ist u\u{308}blich", "was-ist-\u{fc}blich"),
        ("会議の記録", "会議の記録"),
        ("क्या सीखा", "क्या-सीखा"),
        ("???", "section"),
        ("FM radio", "section-fm-radio"),
    ] {
        assert_eq!(headings(&format!("## {text}\n")), [(2, id.to_owned())], "{text}");
    }
}

#[test]
fn every_anchor_is_given_once() {
    assert_eq!(ids("## A\n## A\n## A-1\n## A\n"), ["a", "a-1", "a-1-1", "a-2"]);
    // What an author chose wins over a slug, wherever it stands.
    assert_eq!(ids("## Steps\n## Other {#steps}\n"), ["steps-1", "steps"]);
    told("## A {#x}\n## B {#x}\n", &["DuplicateAnchor x"]);
    told("## A {#fm-menu}\n", &["ReservedAnchor fm-menu"]);
    assert_eq!(ids("## A {#fm-menu}\n"), ["a"]);
}

#[test]
fn attributes_of_headings_are_ids_and_simple_classes() {
    becomes("## A {#b .wide .x\"y onclick=alert(1)}\n", "<h2 id=\"b\" class=\"wide\">A</h2>\n");
    told("## A {.wide onclick=alert(1)}\n", &["HeadingAttribute onclick"]);
}

#[test]
fn levels_go_down_by_one_where_the_text_uses_the_first() {
    assert_eq!(headings("x\n\n# A\n## B\n###### C\n"), [(2, "a".into()), (3, "b".into()), (6, "c".into())]);
    assert_eq!(headings("## A\n#### B\n"), [(2, "a".into()), (4, "b".into())]);
}

#[test]
fn a_title_that_is_repeated_is_left_out_but_can_be_linked_to() {
    let body = read("# The *title* {#start}\n\nText.\n\n## The title\n", 10);
    let title = body.leading_title.clone().expect("the text begins with a title");
    assert_eq!((title.value.as_str(), title.span.range()), ("The title", 10..32));
    assert_eq!(html(&body), "<span id=\"start\"></span>\n<p>Text.</p>\n<h2 id=\"the-title\">The title</h2>\n");
    assert_eq!(body.headings.len(), 1);
    assert_eq!(body.opening, "Text.");
    assert!(read("Text.\n\n# Later\n", 0).leading_title.is_none());
    assert!(read("<div>\n\n# Later\n", 0).leading_title.is_none());
    assert!(read("#\n\nText.\n", 0).leading_title.is_none());
    assert_eq!(read("![](a.png)\n\nText.\n", 0).opening, "Text.");
}

#[test]
fn openings_and_words() {
    let text = "First *par*agraph\nof `two` lines.\n\n## One\n\n- a\n- b\n\n```\ncode\n```\n\n## Two\n";
    let body = read(text, 0);
    assert_eq!(body.opening, "First paragraph of two lines.");
    assert_eq!(body.words, 10);
    let text = format!("## A\n\n{}", "words and ".repeat(100));
    let long = read(&text, 0);
    assert!(long.opening.ends_with("and…") && long.opening.chars().count() <= 300, "{}", long.opening);
    assert_eq!(read("今日は。", 0).words, 3);
}

// Links.

#[test]
fn links_say_where_they_lead() {
    for (markdown, kind, target, fragment) in [
        ("[a](../practices/retail%20licensing.md#steps)", LinkKind::Relative, "../practices/retail licensing.md", Some("steps")),
        ("[a](<b c.md>)", LinkKind::Relative, "b c.md", None),
        ("[a](%ff.md)", LinkKind::Relative, "%ff.md", None),
        ("[a](b.md?raw#x)", LinkKind::Relative, "b.md", Some("x")),
        ("[a](12%3A30.md)", LinkKind::Relative, "12:30.md", None),
        ("[a][r]\n\n[r]: c.md#d\n", LinkKind::Relative, "c.md", Some("d")),
        ("[a](/files/x.pdf)", LinkKind::Absolute, "/files/x.pdf", None),
        ("[a](#%C3%BCber)", LinkKind::Fragment, "", Some("über")),
        ("[[Retail licensing]]", LinkKind::Wiki, "Retail licensing", None),
        ("[[retail\nlicensing|as *text*]]", LinkKind::Wiki, "retail licensing", None),
        ("[[retail#Next steps]]", LinkKind::Wiki, "retail", Some("next-steps")),
        ("[[#Next steps]]", LinkKind::Fragment, "", Some("next-steps")),
        ("| [[a\\|b]] |\n|-|\n", LinkKind::Wiki, "a", None),
        ("![[Some entry]]", LinkKind::Wiki, "Some entry", None),
        ("![[photo.JPG]]", LinkKind::Image, "photo.JPG", None),
        ("![a](b.png)", LinkKind::Image, "b.png", None),
        ("![a](/b.png)", LinkKind::Image, "/b.png", None),
        ("<https://example.org/a?b=c&d>", LinkKind::External, "https://example.org/a?b=c&d", None),
        ("[a](https://example.org/x y)", LinkKind::External, "", None),
        ("[a](<HTTPS://example.org/x y%>)", LinkKind::External, "HTTPS://example.org/x%20y%25", None),
        ("[a](//example.org/x)", LinkKind::External, "https://example.org/x", None),
        ("<staff@example.org>", LinkKind::External, "mailto:staff@example.org", None),
        ("[a](tel:+1-555-0100)", LinkKind::External, "tel:+1-555-0100", None),
    ] {
        let body = read(markdown, 0);
        let Some(link) = body.links.first() else {
            assert_eq!(target, "", "{markdown} is no link");
            continue;
        };
        let found = (link.kind, link.target.as_str(), link.fragment.as_deref());
        assert_eq!(found, (kind, target, fragment), "{markdown}");
    }
}

#[test]
fn links_know_where_they_were_written() {
    for (markdown, whole, address) in [
        ("é [a](b.md#c \"t\")", "[a](b.md#c \"t\")", "b.md#c"),
        ("x [a\nb][r] y\n\n[r]: <c.md>\n", "[a\nb][r]", "c.md"),
        ("[[Name|text]]", "[[Name|text]]", "Name"),
        ("> see <https://example.org>", "<https://example.org>", "https://example.org"),
        ("a ![b](c.png)", "![b](c.png)", "c.png"),
        ("[a](b&amp;c.md)", "[a](b&amp;c.md)", "[a](b&amp;c.md)"),
        ("a <a href='x.md'>b</a>", "<a href='x.md'>", "<a href='x.md'>"),
        ("> <div>\n> <a href=\"x.md\">b</a>\n", "<a href=\"x.md\">", "<a href=\"x.md\">"),
    ] {
        let file = format!("+++\n+++\n{markdown}");
        let body = read(markdown, 8);
        let link = &body.links[0];
        assert_eq!((&file[link.span.range()], &file[link.target_span.range()]), (whole, address));
    }
}

#[test]
fn links_are_filled_in() {
    becomes("[a *b*](c.md \"T & t\")", "<p><a href=\"c.md\" title=\"T &amp; t\">a <em>b</em></a></p>\n");
    becomes("[[c]] [[c|d]] [](c.md)", "<p><a href=\"c\">c</a> <a href=\"c\">d</a> <a href=\"c.md\">c.md</a></p>\n");
    becomes(
        "[x](https://example.org) [![a](b.png)](c.md)",
        "<p><a href=\"https://example.org\" class=\"external\" rel=\"noopener\">x</a> \
         <a href=\"c.md\"><img src=\"b.png\" alt=\"a\" loading=\"lazy\" decoding=\"async\"></a></p>\n",
    );
    becomes(
        "![*a* \"b\"](c.png 'd')",
        "<p><img src=\"c.png\" alt=\"a &quot;b&quot;\" title=\"d\" loading=\"lazy\" decoding=\"async\"></p>\n",
    );
    let body = read("[a *b*](c.md) [[c]] [[c|d]] ![e](f.png)", 0);
    let fill = |target: Target| body.fill(RawHtml::Sanitize, &Word::english, &mut |_, _| target.clone());
    assert_eq!(fill(Target::Plain { text: Some("C".into()) }), "<p>a <em>b</em> C d e</p>\n");
    assert_eq!(
        fill(Target::Wanted { text: None }),
        "<p><span class=\"wanted\">a <em>b</em></span> <span class=\"wanted\">c</span> <span class=\"wanted\">d</span> e</p>\n"
    );
    let address = Target::Address { href: "../\"x\"/".into(), text: Some("<C>".into()), class: "" };
    assert!(fill(address).contains("<a href=\"../&quot;x&quot;/\">&lt;C&gt;</a>"));
}

#[test]
fn links_do_not_stand_in_links() {
    becomes("[a <https://example.org> b](c.md)", "<p><a href=\"c.md\">a https://example.org b</a></p>\n");
    becomes("[a ![b](https://example.org/x.png) c](d.md)", "<p><a href=\"d.md\">a b c</a></p>\n");
}

#[test]
fn images_from_elsewhere_become_links() {
    let markdown = "![a](https://example.org/x.png) ![](//example.org/y.png)";
    becomes(
        markdown,
        "<p><a href=\"https://example.org/x.png\" class=\"external\" rel=\"noopener\">a</a> \
         <a href=\"https://example.org/y.png\" class=\"external\" rel=\"noopener\">https://example.org/y.png</a></p>\n",
    );
    told(markdown, &["ExternalImage https://example.org/x.png", "ExternalImage https://example.org/y.png"]);
}

#[test]
fn authors_are_told_about_links() {
    told("[a]() [](b.md) ![](c.png) [d][e] [f]", &["EmptyLink", "LinkWithoutText", "ImageWithoutText", "UndefinedReference e"]);
    told("[[ ]] [[b|]]", &["EmptyLink"]);
    becomes("[a]() [d][e]", "<p>a [d][e]</p>\n");
}

// Raw HTML.

#[test]
fn raw_html_in_three_ways() {
    let markdown = "A <kbd onclick=\"x()\">Tab</kbd>.\n\n<div class=\"card\">\n*a*\n</div>\n";
    let body = read(markdown, 0);
    let fill = |raw| body.fill(raw, &Word::english, &mut anywhere);
    assert_eq!(fill(RawHtml::Allow), "<p>A <kbd onclick=\"x()\">Tab</kbd>.</p>\n<div class=\"card\">\n*a*\n</div>\n");
    assert_eq!(fill(RawHtml::Sanitize), "<p>A <kbd>Tab</kbd>.</p>\n<div>\n*a*\n</div>\n");
    assert_eq!(
        fill(RawHtml::Escape),
        "<p>A &lt;kbd onclick=\"x()\"&gt;Tab&lt;/kbd&gt;.</p>\n&lt;div class=\"card\"&gt;\n*a*\n&lt;/div&gt;\n"
    );
}

#[test]
fn comments_are_left_out_and_need_no_sanitising() {
    let markdown = "A <!-- secret --> b.\n\n<!-- more\n-->\n\n- c\n";
    for mode in MODES {
        assert_eq!(read(markdown, 0).fill(mode, &Word::english, &mut anywhere), "<p>A  b.</p>\n<ul>\n<li>c</li>\n</ul>\n");
    }
    assert!(!html(&read("<!-- a --!><script>x</script><!-- -->\n", 0)).contains("script"));
}

#[test]
fn a_line_break_is_still_raw_html() {
    let body = read("| a<br/>b |\n|-|\n\n<hr />\n", 0);
    let fill = |raw| body.fill(raw, &Word::english, &mut anywhere);
    assert_eq!(fill(RawHtml::Sanitize), "<table><thead><tr><th scope=\"col\">a<br>b</th></tr></thead>\n</table>\n<hr>");
    assert!(fill(RawHtml::Escape).contains("a&lt;br&gt;b"));
}

#[test]
fn ids_in_raw_html_are_anchors() {
    let body = read("<a id=\"x\"></a>\n\n<h3 class=y ID='z&amp;'>\nB\n</h3>\n\n<script id=no>var a = '<p id=no>'</script>\n\n## X\n", 0);
    let raw: Vec<&str> = body.raw_anchors.iter().map(|anchor| anchor.value.as_str()).collect();
    assert_eq!(raw, ["x", "z&"]);
    assert_eq!(body.headings[0].id, "x-1");
    assert!(body.has_anchor("x", RawHtml::Sanitize) && !body.has_anchor("x", RawHtml::Escape));
    told("## A {#x}\n\n<p id=\"x\">b</p>\n", &["DuplicateAnchor x"]);
    told("<p id=\"fm-search\">b</p>\n", &["ReservedAnchor fm-search"]);
}

#[test]
fn addresses_in_raw_html_are_links_too() {
    let body = read("<p><a class=external href=\"../b.md#c\">x</a> <img src=d.png alt=e> <a href='https://example.org'>f</a></p>\n", 0);
    let found: Vec<_> = body.links.iter().map(|link| (link.kind, link.target.as_str())).collect();
    assert_eq!(found, [(LinkKind::Relative, "../b.md"), (LinkKind::Image, "d.png"), (LinkKind::External, "https://example.org")]);
    let mut moved = |_: u32, link: &Link| Target::Address { href: format!("../new/{}", link.target.len()), text: None, class: "" };
    assert_eq!(
        body.fill(RawHtml::Sanitize, &Word::english, &mut moved),
        "<p><a class=\"external\" href=\"../new/7\">x</a> <img src=\"../new/5\" alt=\"e\"> <a href=\"https://example.org\">f</a></p>\n"
    );
    assert!(body.fill(RawHtml::Escape, &Word::english, &mut moved).contains("&lt;a class=external href=\"../b.md#c\"&gt;"));
    let plain = body.fill(RawHtml::Allow, &Word::english, &mut |_, _| Target::Plain { text: None });
    assert!(plain.starts_with("<p><a class=external >x</a> <img  alt=e>"), "{plain}");
}

#[test]
fn a_raw_image_from_elsewhere_becomes_its_text() {
    let body = read("<a href=\"b.md\"><img src=\"https://example.org/x.png\" alt=\"A & b\"></a>\n", 0);
    let fill = |raw| body.fill(raw, &Word::english, &mut anywhere);
    assert_eq!(fill(RawHtml::Sanitize), "<p><a href=\"b.md\">A &amp; b</a></p>\n");
    assert!(fill(RawHtml::Allow).contains("<img src=\"https://example.org/x.png\" alt=\"A & b\">"));
    assert!(fill(RawHtml::Escape).contains("&lt;img src=\"https://example.org/x.png\" alt=\"A &amp; b\"&gt;&lt;/a&gt;"));
}

#[test]
fn authors_are_told_what_sanitising_leaves_out() {
    told(
        "<iframe src=\"https://example.org\"></iframe>\n\n<font>a</font> <font>b</font>\n",
        &["RemovedElement iframe", "RemovedElement font"],
    );
    told("<img src=\"https://example.org/x.png\" alt=x>\n", &["ExternalImage https://example.org/x.png"]);
    told("<a href=\"JavaScript&colon;x\">y</a>\n", &["RefusedScheme javascript"]);
}

#[test]
fn what_markdown_makes_is_the_same_when_sanitised() {
    let markdown = "# T\n\nA [b](c.md \"d\") <https://example.org/é?a&b=\"> [[e]] ![f](g.png \"h\") \u{a0}\u{7} \" ' < > &amp;\n\n\
        ## I {#j .k .ü}\n\n> [!TIP]\n> l\n\n- [x] m\n\n1. n\n\n   o\n\n| p | q | r | |\n|:-|-:|:-:|-|\n| s | t | u | v |\n\n\
        ```c++\nw\n```\n\n    x\n\ny[^z]\n\n[^z]: a\n\nb\n: c\n\n---\n\nd\\\ne ~~f~~\n";
    let plain = html(&read(markdown, 0));
    assert_eq!(html(&read(&format!("{markdown}\n<div></div>\n"), 0)).replace("<div></div>\n", ""), plain);
}

// What is hostile.

/// Attacks that need no raw HTML: nothing of them works, whatever becomes of raw HTML.
const HOSTILE_MARKDOWN: [&str; 26] = [
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](&#x6A;avascript&colon;alert(1))",
    "[a](java&#9;script:alert(1))",
    "[a](java&#10;script:alert(1))",
    "[a](&#1;javascript:alert(1))",
    "[a](< javascript:alert(1)>)",
    "[a](<java script:alert(1)>)",
    "[a](javascript\\:alert\\(1\\))",
    "[a](vbscript:msgbox)",
    "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[a](file:///etc/passwd)",
    "[a](blob:https://example.org/1)",
    "[a][r]\n\n[r]: javascript:alert(1) \"t\"",
    "<javascript:alert(1)>",
    "![a](javascript:alert(1))",
    "![a](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![\" onerror=\"alert(1)](x.png)",
    "![a](x.png \"\\\" onerror=\\\"alert(1)\")",
    "[a](x.md '\" onmouseover=\"alert(1)')",
    "[a](<x.md\" onmouseover=\"alert(1)>)",
    "[[\" onmouseover=\"alert(1)|a]]",
    "## A {#x\"onclick=\"alert(1) .y\"onclick=\"z onclick=alert(1) style=a}",
    "```\"><script>alert(1)</script>\nx\n```",
    "[^\"><script>]\n\n[^\"><script>]: `<script>alert(1)</script>`",
];

/// Attacks by raw HTML.
const HOSTILE_HTML: [&str; 34] = [
    "<script>alert(1)</script>",
    "a <script src=\"https://example.org/x.js\"></script> b",
    "<ScRiPt/x>alert(1)</sCrIpT>",
    "<script>alert(1)//",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<img src=\"https://example.org/pixel.gif\"> <img src=//example.org/p> <img src=\"\\\\example.org/p\"> <img srcset=\"//example.org 2x\">",
    "<a href=\"javascript:alert(1)\">a</a>",
    "<a href=\" &#14; java\tscript:alert(1)\">a</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">a</a>",
    "<a onmouseover=alert(1) href=\"x.md\">a</a>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>a</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style>",
    "<iframe src=\"javascript:alert(1)\"></iframe> <iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=\"x.swf\"><embed src=\"x.swf\"></object>",
    "<form action=\"https://example.org\"><input type=password name=p onfocus=alert(1) autofocus><button>Go</button></form>",
    "<input type=image src=x formaction=\"javascript:alert(1)\">",
    "<style>body { display: none }</style>",
    "<p style=\"position:fixed;inset:0\">a</p>",
    "<link rel=stylesheet href=\"https://example.org/x.css\"><base href=\"https://example.org/\"><meta http-equiv=refresh content=\"0;url=https://example.org\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<template><script>alert(1)</script></template>",
    "<div title=\"\n\n[a](https://example.org/\"onmouseover=alert(1))\n",
    "<a href=\"\n\n[b](https://example.org/x'onmouseover=alert(1))\n\n\">c</a>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script>\n-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml ?><script>alert(1)</script>",
    "</div></main></body><main id=\"fm-main\" class=\"fm-search\" role=\"search\" aria-live=assertive>",
    "<nav aria-label=\"Main\"><a class=\"button primary\" href=\"https://example.org/login\" target=_blank>Sign in</a></nav>",
    "<details ontoggle=alert(1) open><summary>a</summary></details><video src=x onerror=alert(1)><audio src=x onerror=alert(1)>",
    "<textarea><script>alert(1)</script></textarea><title><img src=x onerror=alert(1)></title><select><style><img src=x onerror=alert(1)>",
];

#[test]
fn hostile_markdown_is_harmless_in_every_mode() {
    for markdown in HOSTILE_MARKDOWN {
        for mode in MODES {
            harmless(&read(markdown, 0).fill(mode, &Word::english, &mut anywhere), markdown);
        }
    }
}

#[test]
fn hostile_html_is_harmless_unless_it_is_allowed() {
    for hostile in HOSTILE_HTML {
        for markdown in [hostile.to_owned(), format!("a *b* {hostile} [c](d.md)\n\n> - [ ] {hostile}\n\n| e |\n|---|\n| {hostile} |\n")] {
            let body = read(&markdown, 0);
            for mode in [RawHtml::Sanitize, RawHtml::Escape] {
                harmless(&body.fill(mode, &Word::english, &mut anywhere), &markdown);
            }
            // Allowed, it passes, and the holes are filled all the same.
            body.fill(RawHtml::Allow, &Word::english, &mut anywhere);
        }
    }
}

#[test]
fn raw_html_cannot_pass_for_the_page() {
    let html = html(&read(
        "<div class=\"alert fm-search\" id=\"fm-main\" role=\"dialog\" tabindex=\"5\" style=\"x\">a</div>\n\n<header>b</header>\n\n<input type=password value=x name=y>\n",
        0,
    ));
    assert_eq!(html, "<div class=\"alert\">a</div>\nb\n<input type=\"checkbox\" disabled=\"\">\n");
}

// What holds for every text.

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_text_is_read(text in "\\PC{0,60}|[\\x00-\\x7F]{0,60}|(.|\\r|\\n){0,60}") {
        promises(&text);
    }

    #[test]
    fn any_mixture_of_markup_is_read(parts in proptest::collection::vec(part(), 0..40)) {
        promises(&parts.concat());
    }
}

/// Bits that mean something to Markdown, to HTML or to this program, and hostile ones.
fn part() -> impl Strategy<Value = String> {
    const PARTS: [&str; 86] = [
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\t",
        "    ",
        " ",
        " ",
        "a",
        "b",
        "é",
        "語",
        "\u{a0}",
        "\0",
        "\u{FEFF}",
        "# ",
        "## ",
        "=\n",
        "---\n",
        "- ",
        "1. ",
        "- [ ] ",
        "- [x] ",
        "> ",
        "> [!NOTE]\n",
        "|",
        "|-|-|\n",
        "| a | b |\n|:-|-:|\n",
        ": ",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        "```js\n",
        "[",
        "]",
        "(",
        ")",
        "![",
        "[[",
        "]]",
        "![[",
        "|",
        "\\",
        "[^a]",
        "[^a]: ",
        "[^b]",
        "\n[^b]: ",
        "[r]",
        "[r]: x.md#y\n",
        "](x.md)",
        "](#a)",
        "]()",
        "](javascript:x)",
        "](https://example.org)",
        "<https://example.org>",
        "<a@b.c>",
        " {#a}",
        " {#fm-x .y z=1}",
        "&amp;",
        "&#0;",
        "&nbsp;",
        "<",
        ">",
        "\"",
        "'",
        "<!--",
        "-->",
        "<b>",
        "</b>",
        "<div>\n",
        "</div>\n",
        "<a id=x href=\"y.md\">",
        "<p id='a'\n>",
        "<img src=",
        " onerror=alert(1)",
        "<script>",
        "</script>",
        "<style>",
        "<table><td>",
        "<li>",
        "<svg>",
        "<input ",
    ];
    prop_oneof![
        8 => proptest::sample::select(PARTS.to_vec()).prop_map(str::to_owned),
        1 => proptest::sample::select(HOSTILE_HTML.to_vec()).prop_map(str::to_owned),
        1 => proptest::sample::select(HOSTILE_MARKDOWN.to_vec()).prop_map(str::to_owned),
    ]
}

/// What `read` and `fill` promise about any text.
fn promises(text: &str) {
    const BEFORE: &str = "+++\ntitle = \"é\"\n+++\n";
    let file = format!("{BEFORE}{text}");
    let body = read(text, BEFORE.len());
    let spans = (body.links.iter().flat_map(|link| [link.span, link.target_span]))
        .chain(body.headings.iter().map(|heading| heading.span))
        .chain(body.anchors.iter().chain(&body.raw_anchors).chain(&body.leading_title).map(|at| at.span))
        .chain(body.problems.iter().map(Problem::span));
    for span in spans {
        let inside = file.get(span.range()).is_some() && span.range().start >= BEFORE.len();
        assert!(inside, "{span:?} is not within {file:?}");
    }
    for pair in body.pieces.windows(2) {
        assert!(!matches!(pair, [Piece::Html(_), Piece::Html(_)]), "two pieces that could be one: {pair:?}");
    }
    assert_eq!(body, read(text, BEFORE.len()));

    let escaped = body.fill(RawHtml::Escape, &Word::english, &mut anywhere);
    let tags = harmless(&escaped, text);
    balanced(&tags, text);
    let opens_and_closes: Vec<bool> = tags.iter().filter(|tag| tag.name == "a").map(|tag| tag.closes).collect();
    assert!(opens_and_closes.chunks(2).all(|pair| pair == [false, true]), "a link in a link: {text:?}");
    let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.attribute("id")).collect();
    let anchors: Vec<String> = body.anchors.iter().map(|anchor| escaped_attribute(&anchor.value)).collect();
    assert_eq!(ids, anchors, "{text:?}");
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "an id is given twice in {escaped}");
    for tag in tags.iter().filter(|tag| tag.attribute("role").is_some_and(|role| role.starts_with("doc-") && tag.name == "a")) {
        let target = tag.attribute("href").and_then(|href| href.strip_prefix('#')).expect("footnotes link within the text");
        assert!(ids.contains(&target), "{target} is nowhere in {escaped}");
    }

    let sanitised = body.fill(RawHtml::Sanitize, &Word::english, &mut anywhere);
    balanced(&harmless(&sanitised, text), text);
    body.fill(RawHtml::Allow, &Word::english, &mut anywhere);
}

struct Tag {
    name: String,
    closes: bool,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// Reads HTML by the narrowest grammar it can have (`<name key="value">`, no stray `<`, `>` or `&`), so that no
/// browser can see anything else in it, and refuses every element, attribute and scheme that could do something.
fn harmless(html: &str, source: &str) -> Vec<Tag> {
    const ATTRIBUTES: [&str; 34] = [
        "abbr",
        "alt",
        "aria-label",
        "checked",
        "cite",
        "class",
        "colspan",
        "datetime",
        "decoding",
        "dir",
        "disabled",
        "headers",
        "height",
        "href",
        "hreflang",
        "id",
        "lang",
        "loading",
        "open",
        "rel",
        "reversed",
        "role",
        "rowspan",
        "scope",
        "span",
        "src",
        "start",
        "tabindex",
        "title",
        "type",
        "value",
        "width",
        "-",
        "--",
    ];
    const REFUSED: [&str; 31] = [
        "audio",
        "base",
        "body",
        "button",
        "canvas",
        "embed",
        "footer",
        "form",
        "frame",
        "head",
        "header",
        "html",
        "iframe",
        "link",
        "main",
        "math",
        "meta",
        "nav",
        "noscript",
        "object",
        "option",
        "plaintext",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
        "xmp",
    ];
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(found) = rest.find(['<', '>']) {
        let why = || format!("{:?} in {html:?}\nfrom {source:?}", &rest[found..]);
        let (inside, after) = rest[found..].strip_prefix('<').and_then(|r| r.split_once('>')).unwrap_or_else(|| panic!("{}", why()));
        let (closes, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
        let (name, mut attributes_left) = inside.split_once(' ').unwrap_or((inside, ""));
        assert!(!name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{}", why());
        assert!(!REFUSED.contains(&name), "{}", why());
        let mut attributes = Vec::new();
        while !attributes_left.is_empty() {
            let (key, value) = attributes_left.split_once("=\"").unwrap_or_else(|| panic!("{}", why()));
            let (value, more) = value.split_once('"').unwrap_or_else(|| panic!("{}", why()));
            assert!(ATTRIBUTES.contains(&key), "{key}: {}", why());
            assert!(more.is_empty() || more.starts_with(' '), "{}", why());
            if matches!(key, "href" | "src" | "cite") {
                let allowed: &[&str] = if key == "src" { &[] } else { &["http", "https", "mailto", "tel"] };
                assert!(scheme(value).is_none_or(|scheme| allowed.contains(&scheme.as_str())), "{}", why());
            }
            assert!(key != "src" || !value.starts_with("//"), "{}", why());
            assert!(key != "id" || !value.starts_with("fm-"), "{}", why());
            attributes.push((key.to_owned(), value.to_owned()));
            attributes_left = more.trim_start();
        }
        if name == "input" {
            assert!(
                attributes.contains(&("type".into(), "checkbox".into())) && attributes.contains(&("disabled".into(), String::new())),
                "{}",
                why()
            );
        }
        tags.push(Tag { name: name.to_owned(), closes, attributes });
        rest = after;
    }
    tags
}

/// The scheme a browser sees: line ends and tabs are no part of an address.
fn scheme(address: &str) -> Option<String> {
    let address: String = address.chars().filter(|c| !matches!(c, '\t' | '\r' | '\n')).collect();
    let address = address.trim_start_matches(|c| c <= ' ');
    let (scheme, _) = address.split_once(':')?;
    let is_scheme = scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

fn balanced(tags: &[Tag], source: &str) {
    const VOID: [&str; 6] = ["br", "col", "hr", "img", "input", "wbr"];
    let mut open: Vec<&str> = Vec::new();
    for tag in tags.iter().filter(|tag| !VOID.contains(&tag.name.as_str())) {
        if tag.closes {
            assert_eq!(open.pop(), Some(tag.name.as_str()), "{source:?}");
        } else {
            open.push(&tag.name);
        }
    }
    assert!(open.is_empty(), "{open:?} left open: {source:?}");
}

// How the tests above read.

fn becomes(markdown: &str, expected: &str) {
    assert_eq!(html(&read(markdown, 0)), expected, "from {markdown:?}");
}

fn becomes_with(markdown: &str, expected: impl Fn(&str) -> bool) {
    let html = html(&read(markdown, 0));
    assert!(expected(&html), "{html}");
}

fn html(body: &Body) -> String {
    body.fill(RawHtml::Sanitize, &Word::english, &mut anywhere)
}

/// Every link leads where it says.
fn anywhere(_: u32, link: &Link) -> Target {
    let fragment = link.fragment.as_ref().map(|fragment| format!("#{fragment}")).unwrap_or_default();
    let class = if link.kind == LinkKind::External { "external" } else { "" };
    // A real target is the address of a page, never what an author typed.
    let target = if link.kind == LinkKind::External {
        link.target.clone()
    } else {
        link.target.replace(':', "%3A").replace('\\', "/").trim_start_matches('/').to_owned()
    };
    Target::Address { href: format!("{target}{fragment}"), text: None, class }
}

fn headings(markdown: &str) -> Vec<(u8, String)> {
    read(markdown, 0).headings.into_iter().map(|heading| (heading.level, heading.id)).collect()
}

fn ids(markdown: &str) -> Vec<String> {
    headings(markdown).into_iter().map(|(_, id)| id).collect()
}

fn escaped_attribute(value: &str) -> String {
    value.replace('&', "&amp;").replace('\u{a0}', "&nbsp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

fn told(markdown: &str, expected: &[&str]) {
    let told: Vec<String> = read(markdown, 0)
        .problems
        .iter()
        .map(|problem| match problem {
            Problem::RefusedScheme { scheme, .. } => format!("RefusedScheme {scheme}"),
            Problem::EmptyLink { .. } => "EmptyLink".into(),
            Problem::LinkWithoutText { .. } => "LinkWithoutText".into(),
            Problem::ExternalImage { address, .. } => format!("ExternalImage {address}"),
            Problem::ImageWithoutText { .. } => "ImageWithoutText".into(),
            Problem::UndefinedReference { name, .. } => format!("UndefinedReference {name}"),
            Problem::UndefinedFootnote { span, .. } => {
                format!("UndefinedFootnote {}", &markdown[span.range()])
            }
            Problem::UnusedFootnote { name, .. } => format!("UnusedFootnote {name}"),
            Problem::DuplicateFootnote { name, .. } => format!("DuplicateFootnote {name}"),
            Problem::DuplicateAnchor { id, .. } => format!("DuplicateAnchor {id}"),
            Problem::ReservedAnchor { id, .. } => format!("ReservedAnchor {id}"),
            Problem::HeadingAttribute { name, .. } => format!("HeadingAttribute {name}"),
            Problem::RemovedElement { name, .. } => format!("RemovedElement {name}"),
        })
        .collect();
    assert_eq!(told, expected, "about {markdown:?}");
}
