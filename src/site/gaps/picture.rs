//! A map as one picture (SVG): for a slide or a printed report. It stands alone, on its own paper, whatever the page looks
//! like; everything that tells something is a number, a letter or a shape before it is a colour.

use super::matrix::{state, text};
use super::{map_title, mark, percent, step, title};
use crate::knowledge::gaps::GapMap;
use crate::knowledge::gaps::axis::Item;
use crate::knowledge::gaps::letters::Gap;
use crate::site::desk::Desk;
use crate::site::robots::escaped as xml;
use std::fmt::Write;

/// Sizes in units of the picture: about a point each when it is printed as wide as a page.
const CELL: (i64, i64) = (62, 40);
const GAP: i64 = 4;
const LABELS: i64 = 262;
const MARGIN: i64 = 24;
const TITLE: i64 = 66;
const HEADS: i64 = 128;
/// What a slanting name above the last column needs at its side.
const SLANT: i64 = 110;
const LINE: i64 = 18;

/// How many letters of a name fit beside the table, and above it.
const ROW_LETTERS: usize = 33;
const COLUMN_LETTERS: usize = 24;

const PAPER: &str = "#fffdf8";
const INK: &str = "#1d2528";
const QUIET: &str = "#586367";
const WARM: &str = "#a4480f";
/// Paper to deep teal, by how much of what is wanted is there.
const STEPS: [&str; 5] = ["#fffdf8", "#e2efee", "#b5d6d4", "#6ba9a8", "#1f6f72"];
/// The ink that can be read on each.
const ON_STEPS: [&str; 5] = [INK, INK, INK, INK, "#ffffff"];

/// The picture of a map.
pub fn svg(desk: &Desk, map: &GapMap) -> String {
    let t = desk.t;
    let (rows, columns) = (&map.rows.items, &map.columns.items);
    let legend: Vec<Gap> = Gap::ALL.into_iter().filter(|gap| map.totals.of(*gap) > 0).collect();
    let table = columns.len() as i64 * (CELL.0 + GAP);
    // Wide enough for the title and the legend as well.
    let width = MARGIN * 2 + LABELS + (table + SLANT).max(420);
    let in_line = ((width - MARGIN * 2) / 190).max(1);
    let legend_lines = (legend.len() as i64 + in_line - 1) / in_line + 1;
    let top = MARGIN + TITLE + HEADS;
    let bottom = top + rows.len() as i64 * (CELL.1 + GAP);
    let height = bottom + LINE * (legend_lines + 4) + MARGIN;
    let heading = map_title(desk, map);
    let date = t.date(desk.k.today);
    let about = t.say(
        "say.gaps.picture_about",
        &[
            ("cells", &map.totals.cells.to_string()),
            ("gaps", &map.totals.with_gaps.to_string()),
            ("coverage", &format!("{} %", percent(map.totals.coverage))),
        ],
    );
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-labelledby=\"title about\" font-family=\"Seravek, 'Gill Sans Nova', Ubuntu, Calibri, 'DejaVu Sans', sans-serif\" fill=\"{INK}\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"about\">{}</desc>\n<rect width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>\n",
        xml(&heading),
        xml(&about)
    );
    let most = (width - MARGIN * 2) as usize / 11;
    let _ = writeln!(
        out,
        "<text x=\"{MARGIN}\" y=\"{}\" font-family=\"Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif\" font-size=\"22\" font-weight=\"bold\">{}</text>",
        MARGIN + 22,
        xml(&cut(&heading, most))
    );
    let _ = writeln!(out, "<text x=\"{MARGIN}\" y=\"{}\" font-size=\"13\" fill=\"{QUIET}\">{}</text>", MARGIN + 46, xml(&about));
    for (at, item) in columns.iter().enumerate() {
        let x = MARGIN + LABELS + at as i64 * (CELL.0 + GAP) + CELL.0 / 2;
        let y = top - 10;
        let _ = writeln!(
            out,
            "<text transform=\"translate({x} {y}) rotate(-40)\" font-size=\"13\"{}>{}</text>",
            slant(item),
            xml(&cut(&title(desk, item), COLUMN_LETTERS))
        );
    }
    for (at, item) in rows.iter().enumerate() {
        let y = top + at as i64 * (CELL.1 + GAP);
        let indent = i64::from(item.depth.min(4)) * 14;
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" font-size=\"13\"{}>{}</text>",
            MARGIN + indent,
            y + CELL.1 / 2 + 5,
            slant(item),
            xml(&cut(&title(desk, item), ROW_LETTERS.saturating_sub(usize::from(item.depth) * 2)))
        );
        for column in 0..columns.len() {
            cell(desk, map, &mut out, at, column, y);
        }
    }
    key(desk, map, &mut out, &legend, bottom + LINE, in_line);
    let _ = writeln!(
        out,
        "<text x=\"{MARGIN}\" y=\"{}\" font-size=\"11\" fill=\"{QUIET}\">{} – <tspan class=\"as-of\">{}</tspan></text>\n</svg>",
        height - MARGIN / 2,
        xml(&desk.k.config.title),
        xml(&date)
    );
    out
}

fn cell(desk: &Desk, map: &GapMap, out: &mut String, row: usize, column: usize, y: i64) {
    let cell = map.cell(row, column);
    let x = MARGIN + LABELS + column as i64 * (CELL.0 + GAP);
    let (width, height) = CELL;
    let _ = write!(out, "<g><title>{}</title>", xml(&text(desk, map, cell)));
    match state(cell) {
        "not-applicable" => {
            let _ = write!(
                out,
                "<text x=\"{}\" y=\"{}\" font-size=\"16\" text-anchor=\"middle\" fill=\"{QUIET}\">–</text>",
                x + width / 2,
                y + 26
            );
        }
        state => {
            // What only brings together what is below is drawn quietly: its cells stand below once more.
            let step = if cell.group { 0 } else { usize::from(step(cell)) };
            // What is missing is drawn with a dashed line, and nothing else is.
            let line = match state {
                "absolute" if !cell.group => format!("stroke=\"{WARM}\" stroke-width=\"2\" stroke-dasharray=\"5 3\""),
                _ => format!("stroke=\"{QUIET}\" stroke-width=\"0.5\""),
            };
            let _ = write!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\" {line}/>",
                x + 1,
                y + 1,
                width - 2,
                height - 2,
                STEPS[step]
            );
            let size = if cell.group { 14 } else { 18 };
            let _ = write!(
                out,
                "<text x=\"{}\" y=\"{}\" font-size=\"{size}\" font-weight=\"bold\" text-anchor=\"middle\" fill=\"{}\">{}</text>",
                x + width / 2,
                y + 20,
                ON_STEPS[step],
                cell.n()
            );
            let letters = if cell.state == crate::knowledge::gaps::cells::State::Open {
                cell.gaps.letters()
            } else {
                format!("({})", cell.gaps.letters())
            };
            let _ = write!(
                out,
                "<text x=\"{}\" y=\"{}\" font-size=\"11\" text-anchor=\"middle\" fill=\"{}\">{letters}</text>",
                x + width / 2,
                y + 34,
                ON_STEPS[step]
            );
        }
    }
    out.push_str("</g>\n");
}

/// What letters and shades mean.
fn key(desk: &Desk, map: &GapMap, out: &mut String, legend: &[Gap], top: i64, in_line: i64) {
    let t = desk.t;
    for (at, gap) in legend.iter().enumerate() {
        let (x, y) = (MARGIN + (at as i64 % in_line) * 190, top + (at as i64 / in_line + 1) * LINE);
        let mark = mark(desk, *gap);
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"12\"><tspan font-weight=\"bold\">{}</tspan> {} ({})</text>",
            mark.letter,
            xml(&mark.word),
            map.totals.of(*gap)
        );
    }
    let y = top + ((legend.len() as i64 + in_line - 1) / in_line + 2) * LINE;
    let mut x = MARGIN;
    for (step, fill) in STEPS.iter().enumerate() {
        let line = if step == 0 {
            format!("stroke=\"{WARM}\" stroke-width=\"2\" stroke-dasharray=\"5 3\"")
        } else {
            format!("stroke=\"{QUIET}\" stroke-width=\"0.5\"")
        };
        let word = t.get(["say.gaps.steps.s0", "say.gaps.steps.s1", "say.gaps.steps.s2", "say.gaps.steps.s3", "say.gaps.steps.s4"][step]);
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{}\" width=\"16\" height=\"12\" fill=\"{fill}\" {line}/><text x=\"{}\" y=\"{y}\" font-size=\"12\">{}</text>",
            y - 11,
            x + 22,
            xml(word)
        );
        x += 40 + word.chars().count() as i64 * 7;
    }
    let _ = writeln!(out, "<text x=\"{MARGIN}\" y=\"{}\" font-size=\"12\">{}</text>", y + LINE, xml(t.get("say.gaps.key")));
}

fn slant(item: &Item) -> &'static str {
    if item.group { " font-style=\"italic\"" } else { "" }
}

/// A text that fits, with a sign that it was longer.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
