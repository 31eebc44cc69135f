// Writes the files of a small search index from plain lists, as docs/content/pages/search-index.md says they are.

const DIGITS = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).filter((char) => !'"<\\'.includes(char));

/** A number as a run of characters. */
export function number(n) {
  if (n < 60) return DIGITS[n];
  const value = 60 + ((n - 60) % 31);
  return DIGITS[value] + number((n - value) / 31);
}

/**
 * The files of an index, by name. `site` has
 * - `entries`: `{path, title, kind, date, state, series, summary, sections, extra, …}` oldest first, with ids of values
 *   under the names of groups (`topic: ["vaping"]`); `extra` is 1 for a recording, 1 to 3 for maturity;
 * - `words`: `{licensing: ["licens"]}`;
 * - `places`: `{licens: [[entry, level, section], …]}`, also for terms with a star;
 * - `heads`: `{licens: 2}` makes a list long: so many groups stay in `p`, every other gets a file of `m`;
 * - `bare`: terms whose places say no section;
 * - `neighbours`: `[["first", "second", entry], …]`;
 * - `values`: `{topic: [[id, title, parent], …]}`; - `gaps`: rows of `g`;
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
    bare = [],
    perFile = 3,
    bits = 6,
    buckets = 4,
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
    for (let from = 0; from < items.length; from += perFile) {
      const part = items.slice(from, from + perFile);
      keys.push(from ? keyOf(part[0]) : "");
      put(shelf, encoded(part));
    }
    return keys;
  };

  const holding = (word) => new Set(words[word].flatMap((term) => places[term].map(([entry]) => entry))).size;
  const w = shelve(
    "w",
    Object.keys(words).sort(),
    (word) => word,
    (part) =>
      part
        .map(
          (word, at) =>
            `${shared(word, part[at - 1])},${number(Math.floor(Math.log2(holding(word))))}${words[word].map((term) => ending(word, term)).join(",")}`,
        )
        .join("\n"),
  );
  const tails = new Map();
  for (const word of Object.keys(words).sort()) {
    const [first] = word;
    const tail = word.slice(first.length);
    tails.set(tail, (tails.get(tail) ?? "") + first);
  }
  const e = shelve(
    "e",
    [...tails.keys()].sort(),
    (tail) => tail,
    (part) => part.map((tail, at) => `${shared(tail, part[at - 1])},${tails.get(tail)}`).join("\n"),
  );

  const room = Math.ceil((entries.length + 1) / 1024) * 1024;
  const listOf = (term) => {
    const groups = new Map();
    for (const [entry, level, section = 0] of [...places[term]].sort((a, b) => b[1] - a[1] || b[0] - a[0])) {
      groups.set(level, [...(groups.get(level) ?? []), [entry, section]]);
    }
    const texts = [...groups].map(([level, held]) => {
      let before = room;
      const said = held.map(([entry, section]) => {
        const skipped = number(before - 1 - entry);
        before = entry;
        return skipped + (bare.includes(term) ? "" : number(section));
      });
      return number(level) + number(held.length) + said.join("");
    });
    const head = number(new Set(places[term].map(([entry]) => entry)).size) + number(bare.includes(term) ? 1 : 0);
    if (!Object.hasOwn(heads, term)) return head + texts.join("");
    return [head + texts.slice(0, heads[term]).join(""), ...texts.slice(heads[term]).map((text) => put("m", text))];
  };
  const p = shelve(
    "p",
    Object.keys(places).sort(),
    (term) => term,
    (part) => part.flatMap((term) => [term, listOf(term)]),
  );

  const lists = Array.from({ length: 2 ** bits }, () => new Set());
  for (const [first, second, entry] of neighbours) lists[bucket(`${first} ${second}`, bits)].add(entry);
  for (let from = 0; neighbours.length && from < lists.length; from += buckets) {
    put(
      "n",
      lists
        .slice(from, from + buckets)
        .map((list) =>
          counted(
            [...list].sort((a, b) => a - b),
            1,
          ),
        )
        .join(" "),
    );
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
  const starts = [];
  for (let from = 0; from < rows.length; from += perFile) {
    starts.push(from);
    put("r", rows.slice(from, from + perFile));
  }
  const i = [];
  for (let from = 0; from < starts.length; from += 256) {
    const part = starts.slice(from, from + 256);
    i.push(part[0]);
    put("i", [
      part.map((start, at) => number(start - (part[at - 1] ?? start))).join(""),
      marks.r.slice(from, from + 256).join(""),
    ]);
  }

  const facets = {};
  const putFacet = (texts) => {
    const numbers = [];
    for (let from = 0; from < texts.length; from += perFacet) {
      put("f", texts.slice(from, from + perFacet).join(""));
      numbers.push(marks.f.length - 1);
    }
    return numbers;
  };
  facets.kind = putFacet(entries.map(({ kind, extra = 0 }) => number(kind + 12 * extra)));
  for (const group of ["topic", "series", "organization", "voice"]) {
    const own = values[group] ?? [];
    put("f", own);
    const first = marks.f.length - 1;
    const texts = entries.map((entry) => {
      const ids = entry[group] ?? [];
      return number(ids.length) + ids.map((id) => number(own.findIndex(([other]) => other === id))).join("");
    });
    facets[group] = [first, ...putFacet(texts)];
  }
  if (gaps.length) put("g", gaps);

  const years = [];
  entries.forEach(({ date = "" }, at) => {
    if (years.at(-1)?.[0] !== date.slice(0, 4)) years.push([date.slice(0, 4), at]);
  });
  const text = (shelf) => (marks[shelf] ?? []).join("");
  files.set("root", {
    version: 1,
    entries: entries.length,
    room,
    language: "en",
    kinds: site.kinds ?? ["session", "practice", "question"],
    years,
    bits,
    buckets,
    shelves: {
      w: [w, text("w")],
      e: [e, text("e")],
      p: [p, text("p")],
      n: text("n"),
      i: [i, text("i")],
      f: text("f"),
      g: text("g"),
    },
    facets,
    texts: {},
  });
  return files;
}

/** Rising numbers as what lies between them (and one, where `gap` is 1). */
function counted(list, gap) {
  return list.map((n, at) => number(at ? n - list[at - 1] - gap : n)).join("");
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

function bucket(text, bits) {
  let h = 2166136261n;
  for (let at = 0; at < text.length; at++) h = ((h ^ BigInt(text.charCodeAt(at))) * 16777619n) & 0xffffffffn;
  h = ((h ^ (h >> 16n)) * 73244475n) & 0xffffffffn;
  return Number(h >> BigInt(32 - bits));
}

function markOf(text) {
  let sum = 7;
  for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) % 456976;
  return Array.from({ length: 4 }, (_, at) => "abcdefghijklmnopqrstuvwxyz"[Math.floor(sum / 26 ** at) % 26]).join("");
}
