// Runs the browser's half of search without a browser, on the files of a built site, and counts the bytes it asks for.
//
//   node tests/search/engine.mjs DIR < QUERIES
//
// A query is a line of JSON: {"query": "…", "filters": {…}, "order": "relevance", "limit": 10}.
// The answer to each is a line of JSON too.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import { gzipSync } from "node:zlib";

const SCRIPT = fileURLToPath(new URL("../../themes/default/assets/search-engine.js", import.meta.url));
// Answers in which every entry is shown would need every file of shelf r at once.
const ROWS_AT_ONCE = 500;

/** The function that makes an engine, from the script as it is served. */
export function engineMaker(source = readFileSync(SCRIPT, "utf8")) {
  runInThisContext(source, { filename: SCRIPT });
  return globalThis.folkmootSearch;
}

/** An engine, once it is there, on the site in a folder. `loaded` tells what was read since `reset()`, and `reset` forgets what is kept. */
export function open(folder) {
  const make = engineMaker();
  const loaded = new Map();
  const load = async (name) => {
    const file = join(folder, "search", name === "root" ? "root.js" : `data/${name}.js`);
    const bytes = await readFile(file);
    loaded.set(name, { bytes: bytes.length, gzip: gzipSync(bytes, { level: 6 }).length });
    return valueOf(bytes.toString("utf8"), name);
  };
  const site = {
    engine: make("", "", load),
    loaded,
    reset() {
      loaded.clear();
      site.engine = make("", "", load);
    },
  };
  return site;
}

/** The value of a shelf file. A page runs it as a script; here it must look as the specification says. */
export function valueOf(script, name) {
  const [, own, value] = /^folkmootShelf\("([a-z0-9-]+)",(.*)\);?\n?$/s.exec(script) ?? [];
  if (own !== name) throw new Error(`${name} does not call folkmootShelf with its name`);
  if (/[<\u2028\u2029]/.test(value)) throw new Error(`${name} has a character that must be escaped`);
  return JSON.parse(value);
}

/** What the command prints of one query. */
export async function answer(engine, { query, filters = {}, order = "relevance", limit = 10 }) {
  const found = await engine.find(query, { groups: Object.entries(filters), order: order === "date" && order });
  const { results, wanted } = found;
  const first = results.slice(0, limit);
  const rows = [];
  for (let from = 0; from < first.length; from += ROWS_AT_ONCE) {
    rows.push(...(await Promise.all(first.slice(from, from + ROWS_AT_ONCE).map(({ entry }) => engine.row(entry)))));
  }
  return {
    query,
    total: results.length,
    results: first.map(({ score, section }, at) => [rows[at][0], score, section]),
    unknown: wanted.filter(({ known }) => !known).map(({ text }) => text),
    near: wanted.filter(({ near }) => near.length > 0).map(({ text, near }) => [text, near]),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (!folder) {
    console.error("usage: node tests/search/engine.mjs DIR < QUERIES");
    process.exit(2);
  }
  const engine = await open(folder).engine;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line.trim()) console.log(JSON.stringify(await answer(engine, JSON.parse(line))));
  }
}
