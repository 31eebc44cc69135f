// Writes the files of a small search index from plain lists, as docs/content/pages/search-index.md says they are.

const DIGITS = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).filter((char) => !'"<\\'.includes(char));

// Letters that are spelt with others.
const SPELT = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i", ς: "σ" };

// What is a word: two characters of scripts that do not part words, or one that stands alone, or a run of others.
const LETTER = String.raw`[\p{Alphabetic}\p{M}\p{N}\p{Cf}]`;
const DENSE = String.raw`[[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3000-\u9fff\uac00-\ud7ff\uf900-\ufaff\u{20000}-\u{3ffff}]&&${LETTER}]`;
const WORDS = `${DENSE}(?=(${DENSE}))|(?<!${DENSE})${DENSE}|[${LETTER}--${DENSE}]+`;

/** A number as a run of characters. */
export function number(n) {
  if (n < 60) return DIGITS[n];
  const value = 60 + ((n - 60) % 31);
  return DIGITS[value] + number((n - value) / 31);
}

/**
 * The files of an index, by name. `site` has
 * - `entries`: `{path, title, kind, date, state, series, summary, sections, …}` oldest first, with ids of values, those
 *   above them included, under the names of groups (`topic: ["health", "vaping"]`);
 * - `words`: `{licensing: ["licens"]}`;
 * - `places`: `{licens: [[entry, level, section], …]}`, also for terms with a star;
 * - `heads`: `{licens: 2}` makes a list long: so many groups stay in `p`, every other gets a file of `m`;
 * - `neighbours`: `[["first", "second", entry], …]`;
 * - `values`: `{topic: [[id, title, depth], …]}`; - `gaps`: rows of `g`;
 * - `perFile`: how many words, terms and entries go into one file.
 */
export function encode(site) {
  const {
    entries,
    words,
    places,
    neighbours = [],
    values = {},
    gaps = [],
    heads = {},
    perFile = 3,
    buckets = 61,
    lists = 4,
    perFacet = 16384,
  } = site;
  const files = new Map();
  const marks = {};
  const put = (shelf, value) => {
    const list = (marks[shelf] ??= []);
    const mark = markOf(JSON.stringify(value));
    list.push(mark);
    files.set(`${shelf}${list.length - 1}-${mark}`, value);
    return `${shelf}${list.length - 1}-${mark}`;
  };
  const shelve = (shelf, items, keyOf, encoded) => {
    const keys = [];
    for (let from = 0; from === 0 || from < items.length; from += perFile) {
      const part = items.slice(from, from + perFile);
      keys.push(from ? keyOf(part[0]) : "");
      put(shelf, encoded(part));
    }
    return keys;
  };

  // Beginnings of titles are words that stand for themselves; endings say what stands before them.
  const starts = Object.keys(places).filter((term) => term.endsWith("*"));
  const terms = new Map([...Object.entries(words), ...starts.map((start) => [start, [start]])]);
  const holding = (word) => new Set(terms.get(word).flatMap((term) => places[term].map(([entry]) => entry))).size;
  const lines = new Map();
  for (const [word, own] of terms) lines.set(word, [steps(holding(word)), ...own.map((term) => ending(word, term))]);
  for (const word of Object.keys(words).sort()) {
    const [first] = word;
    const tail = `~${word.slice(first.length)}`;
    lines.set(tail, [0, (lines.get(tail)?.[1] ?? "") + first]);
  }
  const w = shelve(
    "w",
    [...lines.keys()].sort(),
    (word) => word,
    (part) =>
      part
        .map((word, at) => {
          const [klass, ...ends] = lines.get(word);
          return [number(klass) + shared(word, part[at - 1]), ...ends].join(" ");
        })
        .join("\n"),
  );

  const room = Math.ceil((entries.length + 1) / 1024) * 1024;
  /** Places in groups of a level, of those without a section and of the others. */
  const groupsOf = (list) => {
    const groups = new Map();
    for (const [entry, level, section = 0] of [...list].sort((a, b) => b[1] - a[1] || b[0] - a[0])) {
      const group = 2 * level + (section ? 0 : 1);
      groups.set(group, [...(groups.get(group) ?? []), [entry, section]]);
    }
    return [...groups].map(([group, held]) => {
      let before = room;
      const said = held.map(([entry, section]) => {
        const skipped = number(before - 1 - entry);
        before = entry;
        return skipped + (section ? number(section) : "");
      });
      return number(group) + number(held.length) + said.join("");
    });
  };
  const listOf = (term) => {
    const texts = groupsOf(places[term]);
    if (!Object.hasOwn(heads, term)) return texts.join("");
    return [texts.slice(0, heads[term]).join(""), ...texts.slice(heads[term]).map((text) => put("m", text))];
  };
  const p = shelve(
    "p",
    Object.keys(places).sort(),
    (term) => term,
    (part) => Object.fromEntries(part.map((term) => [term, listOf(term)])),
  );

  const beside = Array.from({ length: buckets }, () => new Set());
  for (const [first, second, entry] of neighbours) beside[bucket(`${first} ${second}`, buckets)].add(entry);
  for (let from = 0; from < buckets; from += lists) {
    const part = beside.slice(from, from + lists);
    put("n", part.map((list) => groupsOf([...list].map((entry) => [entry, 1])).join("")).join(" "));
  }

  const rows = entries.map(({ path, title, kind, date = "", state = "", series = "", summary = "", sections = [] }) => [
    path,
    title,
    kind,
    date,
    state,
    series,
    summary,
    sections,
  ]);
  const results = [];
  for (let from = 0; from < rows.length; from += perFile) results.push([from, put("r", rows.slice(from, from + perFile))]);
  const i = [];
  for (let from = 0; from < results.length; from += 256) {
    const part = results.slice(from, from + 256);
    i.push(part[0][0]);
    put("i", part);
  }

  const facets = {};
  for (const [group, own] of Object.entries(values)) {
    const texts = entries.map((entry) => {
      const ids = entry[group] ?? [];
      return number(ids.length) + ids.map((id) => number(own.findIndex(([other]) => other === id))).join("");
    });
    facets[group] = [put("f", own)];
    for (let from = 0; from < texts.length; from += perFacet) facets[group].push(put("f", texts.slice(from, from + perFacet).join("")));
  }
  put("g", gaps);

  files.set("root", {
    version: 1,
    entries: entries.length,
    room,
    weight: steps(entries.length) + 1,
    language: "en",
    words: WORDS,
    spelt: SPELT,
    kinds: site.kinds ?? ["session", "practice", "question"],
    buckets,
    lists,
    keys: { w, p, i },
    marks: { i: [], ...marks },
    facets,
    texts: {},
  });
  return files;
}

/** Steps of a quarter of a doubling up to a number. */
export function steps(entries) {
  return (BigInt(Math.max(1, entries)) ** 4n).toString(2).length - 1;
}

function shared(word, before = "") {
  let same = 0;
  while (same < 59 && same < word.length && word[same] === before[same]) same++;
  return number(same) + word.slice(same);
}

function ending(word, term) {
  let same = 0;
  while (same < word.length && word[same] === term[same]) same++;
  return number(word.length - same) + term.slice(same);
}

function bucket(text, buckets) {
  let hash = 0n;
  for (let at = 0; at < text.length; at++) hash = (hash * 31n + BigInt(text.charCodeAt(at))) % 2n ** 32n;
  return Number(hash % BigInt(buckets));
}

function markOf(text) {
  let sum = 7;
  for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) % 456976;
  return Array.from({ length: 4 }, (_, at) => "abcdefghijklmnopqrstuvwxyz"[Math.floor(sum / 26 ** at) % 26]).join("");
}
