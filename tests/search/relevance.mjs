// How well the browser's engine finds what people look for on the example site: the queries of relevance.toml, in figures.
//
//     node tests/search/relevance.mjs DIR
//
// DIR is the example site, built. For each query counts 1 ÷ the rank of the first page that is expected, among the first
// ten; a page with an anchor counts where the result shows that section. Prints the mean (MRR@10) whole and by sort, what
// stands lower than third, and what finds nothing. Ends with 1 where the mean is below 0.9, a query finds nothing that
// should find something, or the other way round; with 2 where the suite names a page that is not there.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "./engine.mjs";

const LEAST = 0.9;
const RANKS = 10;
const LOW = 3;

const folder = process.argv[2];
if (!folder) {
  console.error("node relevance.mjs DIR\nName the folder of the example site, built.");
  process.exit(2);
}
const suite = suiteIn(readFileSync(new URL("relevance.toml", import.meta.url), "utf8"));
const wrong = pagesThatAreNotThere(suite.query);
if (wrong.length > 0) {
  console.error(`The suite expects what is not on the site:\n${wrong.join("\n")}`);
  process.exit(2);
}
const engine = await open(folder).engine;

const sorts = new Map();
const low = [];
const empty = [];
for (const { text, sort, expect } of suite.query) {
  const found = await firstOf(text);
  const rank = found.findIndex((result) => expect.some((page) => answers(result, page))) + 1;
  if (!sorts.has(sort)) sorts.set(sort, []);
  sorts.get(sort).push(rank > 0 ? 1 / rank : 0);
  if (found.length === 0) empty.push(`${sort}: ${text}`);
  else if (rank === 0 || rank > LOW) {
    const instead = found.slice(0, LOW).map((result) => result.path + (result.anchor && `#${result.anchor}`));
    low.push(`${sort}: ${text}: ${rank === 0 ? "not among ten" : `rank ${rank}`}; wanted ${expect.join(" or ")}; first ${instead.join(", ")}`);
  }
}
const tooMuch = [];
for (const { text } of suite.nothing) {
  const found = await firstOf(text);
  if (found.length > 0) tooMuch.push(`${text}: ${found[0].path}`);
}

const all = [...sorts.values()].flat();
for (const [sort, values] of sorts) console.log(`${sort.padEnd(12)} ${mean(values).toFixed(3)}  ${String(values.length).padStart(3)} queries`);
console.log(`${"MRR@10".padEnd(12)} ${mean(all).toFixed(3)}  ${String(all.length).padStart(3)} queries`);
list(`Lower than ${LOW}`, low);
list("Find nothing, but should", empty);
list("Should find nothing, but do", tooMuch);
process.exitCode = mean(all) < LEAST || empty.length > 0 || tooMuch.length > 0 ? 1 : 0;

/** The first results of a query: where each leads, and to which section. */
async function firstOf(text) {
  const found = await engine.find(text, {});
  const first = found.results.slice(0, RANKS);
  const rows = await Promise.all(first.map(({ entry }) => engine.row(entry)));
  return rows.map(([path, , , , , , , sections], at) => {
    const { section } = first[at];
    return { path: plain(path), anchor: section > 0 ? plain(sections[section - 1][0]) : "" };
  });
}

function answers(result, page) {
  const [path, anchor] = page.split("#");
  return result.path === path && (anchor === undefined || result.anchor === anchor);
}

/** An address as the suite writes it: no file name of a portable site, no letters in escapes. */
function plain(address) {
  return decodeURIComponent(address).replace(/index\.html$/, "");
}

function pagesThatAreNotThere(queries) {
  const listed = JSON.parse(readFileSync(join(folder, "data", "entries.json"), "utf8")).entries;
  const paths = new Set(listed.map((entry) => plain(entry.path)));
  const isThere = (page) => {
    const [path, anchor] = page.split("#");
    return paths.has(path) && (anchor === undefined || readFileSync(join(folder, path, "index.html"), "utf8").includes(`id="${anchor}"`));
  };
  return queries.flatMap(({ text, expect }) => expect.filter((page) => !isThere(page)).map((page) => `${text}: ${page}`));
}

/**
 * The tables of the suite, by name. It is TOML of the plainest sort: arrays of tables, and on one line each a string in
 * double quotes without escapes or in single ones, or a list of such. Anything else is told.
 */
function suiteIn(toml) {
  const tables = { query: [], nothing: [] };
  let table;
  for (const [at, line] of toml.split("\n").entries()) {
    const opens = /^\[\[(query|nothing)\]\]$/.exec(line);
    const says = /^(\w+) = (.+)$/.exec(line);
    if (opens) tables[opens[1]].push((table = {}));
    else if (says && table) table[says[1]] = valueOf(says[2], at + 1);
    else if (line !== "" && !line.startsWith("#")) throw new Error(`relevance.toml:${at + 1}: cannot be read`);
  }
  return tables;
}

function valueOf(written, line) {
  const string = /^(?:"([^"\\]*)"|'([^']*)')$/.exec(written);
  if (string) return string[1] ?? string[2];
  if (/^\[.+\]$/.test(written)) return written.slice(1, -1).split(", ").map((item) => valueOf(item, line));
  throw new Error(`relevance.toml:${line}: cannot be read`);
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function list(title, lines) {
  if (lines.length > 0) console.log(`${title} (${lines.length}):\n${lines.map((line) => `  ${line}`).join("\n")}`);
}
