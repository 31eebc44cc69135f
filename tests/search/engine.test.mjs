// The browser's half of search follows its specification, on indexes small enough to reckon by hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { encode, number, steps } from "./encode.mjs";
import { engineMaker, valueOf } from "./engine.mjs";

const makeEngine = engineMaker();

/** An engine whose `find` waits until it is open, and whose other functions are there from then on. */
function engineOf(site) {
  const files = encode(site);
  const asked = [];
  const load = async (name) => {
    asked.push(name);
    if (!files.has(name)) throw new Error(`${name} is gone`);
    return structuredClone(files.get(name));
  };
  const opened = makeEngine("", "", load);
  const find = async (...query) => (await opened).find(...query);
  return { opened, find, asked, files };
}

/** An index in which each word stands in the entries given, level 10, section 0, and is its own term. */
function sitePlain(words, more = {}) {
  const most = Math.max(3, ...Object.values(words).flat());
  return {
    entries: Array.from({ length: most + 1 }, (_, at) => ({
      path: `e/${at}/`,
      title: `Entry ${at}`,
      kind: 0,
      date: "2026-01-01",
    })),
    words: Object.fromEntries(Object.keys(words).map((word) => [word, [word]])),
    places: Object.fromEntries(Object.entries(words).map(([word, entries]) => [word, entries.map((entry) => [entry, 10, 0])])),
    ...more,
  };
}

const heard = async (query, engine = engineOf(sitePlain({ zzz: [1] }))) =>
  (await engine.find(query)).wanted.map(({ text }) => text);
/** What the first word is read as; of a word that is not read, what is offered stands behind a question mark. */
const nearOf = async (words, query) => {
  const [{ near, known }] = (await engineOf(sitePlain(words)).find(query)).wanted;
  return known || !near[0] ? near : ["?", ...near];
};
const entriesOf = async (engine, query, options) => (await engine.find(query, options)).results.map(({ entry }) => entry);
const foundBy = async (engine, query, options) =>
  (await engine.find(query, options)).results.map(({ entry, score, section }) => [entry, score, section]);

/** What a word weighs, as the specification reckons it. */
const weight = (entries, held) => Math.max(1, steps(entries) + 1 - steps(held));

test("folding", async () => {
  const cases = {
    "Ünïcode ": ["unicode"],
    "Straße ": ["strasse"],
    "STRAẞE ": ["strasse"],
    "Ærøskøbing ": ["aeroskobing"],
    "œuvre Łódź ðað þing đ ": ["oeuvre", "lodz", "dad", "thing", "d"],
    "ısı İzmir ": ["isi", "izmir"],
    "ΟΔΟΣ ": ["οδοσ"],
    "ﬁne ①② ｆｕｌｌ ": ["fine", "12", "full"],
    "שָׁלוֹם ": ["שלום"],
    "مُحَمَّد ": ["محمد"],
    "й ё ": ["и", "е"],
    "ｶﾞｰ ": ["ガー"],
    "각 ": ["각"],
    "क्षेत्र ": ["क्षेत्र"],
  };
  for (const [query, words] of Object.entries(cases)) assert.deepEqual(await heard(query), words, query);
});

test("words: apostrophes, soft hyphens, numbers, dense scripts", async () => {
  const cases = {
    "don't o’clock ": ["don", "t", "o", "clock"],
    "li\u00adcens\u200ding ": ["licensing"],
    "e-cigarettes 2.5 a_b ": ["e", "cigarettes", "2", "5", "a", "b"],
    "知识库 ": ["知识", "识库"],
    "知 ": ["知"],
    "abc知识库x2 ": ["abc", "知识", "识库", "x2"],
    "知・識 ": ["知", "識"],
    "𠀀𠀁𠀂 ": ["𠀀𠀁", "𠀁𠀂"],
    "ภาษา ": ["ภา", "าษ", "ษา"],
    "한국어 ": ["한국", "국어"],
    "!!! … ": [],
  };
  for (const [query, words] of Object.entries(cases)) assert.deepEqual(await heard(query), words, query);
});

test("grammar of queries", async () => {
  const read = async (query) =>
    (await engineOf(sitePlain({ zzz: [1] })).find(query)).wanted.map(
      (word) => `${word.exact ? '"' : ""}${word.text}${word.typed ? "…" : ""}`,
    );
  const cases = {
    "one two": ["one", "two…"],
    "one two ": ["one", "two"],
    "one two.": ["one", "two"],
    "one\u00a0": ["one"],
    'one "two three': ["one", '"two', '"three'],
    'one "two" three': ["one", '"two', "three…"],
    'one "two"three"four five"': ["one", '"two', "three", '"four', '"five'],
    'one "': ["one"],
    "one -two": ["one"],
    "-two one": ["one…"],
    "one-two": ["one", "two…"],
    "one -": ["one"],
    "one - two": ["one", "two…"],
    "one --two": ["one"],
    "one -.two": ["one"],
    "one.-two": ["one", "two…"],
    "one －two": ["one"],
    "one ＂two＂ ": ["one", '"two'],
    '-"two three" one': ["one…"],
    'one -"two three': ["one"],
    "-e-cigarettes one": ["one…"],
    '-two"three" one': ['"three', "one…"],
    "one two one": ["one", "two", "one…"],
    'one "one one" one ': ["one", '"one', '"one', "one"],
    '"one" one': ['"one', "one…"],
    知识: ["知识…"],
    "one li\u00ad": ["one", "li…"],
  };
  for (const [query, words] of Object.entries(cases)) assert.deepEqual(await read(query), words, query);
});

test("256 units are heard", async () => {
  assert.deepEqual(await heard(`${"x".repeat(250)} abcdefgh`), ["x".repeat(250), "abcde"]);
  assert.deepEqual(await heard(`${"x".repeat(255)}𠀀`), ["x".repeat(255)], "half a character is none");
  assert.equal((await engineOf(sitePlain({ zzz: [1] })).find(`${"x".repeat(255)}𠀀`)).wanted[0].typed, true);
});

test("numbers of every size", async () => {
  const sizes = [...Array(95).keys(), 59, 60, 90, 91, 59 * 31 + 60, 2000, 59 * 31 * 31 + 5000, 70000, 123456];
  for (const size of sizes) {
    // One entry so many places below the room, and one beside it.
    const room = 1024 * 128;
    const files = encode(sitePlain({ word: [1], other: [1] }));
    const root = { ...files.get("root"), room, entries: room - 1, weight: 70 };
    const name = `p0-${root.marks.p[0]}`;
    files.get(name).word = number(14) + number(2) + number(size) + number(3) + number(0) + number(59);
    const engine = await makeEngine("", "", async (asked) => (asked === "root" ? root : files.get(asked)));
    const { results } = await engine.find("word ");
    const score = 70 * 7 * 16;
    const entries = [room - 1 - size, room - 2 - size].filter((entry) => entry < room - 1);
    assert.deepEqual(
      results.map(({ entry, score }) => [entry, score]),
      entries.map((entry) => [entry, score]),
      `${size}`,
    );
    assert.deepEqual(results.at(-1).section, 59);
  }
});

test("one typing error: left out, put in, exchanged, swapped", async () => {
  const words = { cannabis: [1], vape: [2], shops: [3] };
  assert.deepEqual(await nearOf(words, "canabis "), ["cannabis"]);
  assert.deepEqual(await nearOf(words, "cannnabis "), ["cannabis"]);
  assert.deepEqual(await nearOf(words, "cannubis "), ["cannabis"]);
  assert.deepEqual(await nearOf(words, "cannbais "), ["cannabis"]);
  assert.deepEqual(await nearOf(words, "vaep "), ["vape"]);
  assert.deepEqual(await nearOf(words, "vpe "), ["?", "vape"], "three letters are too few");
  assert.deepEqual(await nearOf(words, "vaxx "), [], "two errors in a short word");
  assert.deepEqual(await nearOf(words, "vpae "), ["vape"]);
  assert.deepEqual(await nearOf(words, "canubis "), ["?", "cannabis"], "two errors in seven letters");
  assert.deepEqual(await nearOf(words, "cannobos "), ["cannabis"], "two errors in eight letters");
  assert.deepEqual(await nearOf(words, "connobos "), ["?", "cannabis"], "three errors in eight letters");
  assert.deepEqual(await nearOf({ acetaldehyde: [1] }, "ocetoldohyde "), ["acetaldehyde"], "three errors in twelve letters");
  assert.deepEqual(await nearOf({ acetaldehyd: [1] }, "ocetoldohyd "), ["?", "acetaldehyd"], "three errors in eleven letters");
  assert.deepEqual(await nearOf(words, "connoboss "), [], "four errors");
});

test("swaps are of neighbours that stay together", async () => {
  // Optimal string alignment: ca to abc is 3, not 2.
  assert.deepEqual(await nearOf({ wwwabcwww: [1] }, "wwwcawww "), ["?", "wwwabcwww"]);
  assert.deepEqual(await nearOf({ wwwacwww: [1] }, "wwwcawww "), ["wwwacwww"]);
  assert.deepEqual(await nearOf({ "x𠮶𠮷zz": [1] }, "x𠮷𠮶zz "), [], "dense words are never near");
  assert.deepEqual(await nearOf({ "x𐐨𐐩zz": [1] }, "x𐐩𐐨zz "), ["?", "x𐐨𐐩zz"], "units, of which two differ");
});

test("an error in the first letter", async () => {
  const words = { license: [1], elicense: [2], silence: [3], ecigarette: [1], icense: [1, 2] };
  assert.deepEqual(await nearOf(words, "kicense "), ["icense", "license"], "second as first, and tails; highest class first");
  assert.deepEqual(await nearOf(words, "ilcense "), ["icense"], "own first letter first");
  assert.deepEqual(await nearOf({ license: [1] }, "ilcense "), ["license"], "swapped");
  assert.deepEqual(await nearOf({ license: [1] }, "icense "), ["license"], "left out");
  assert.deepEqual(await nearOf({ license: [1] }, "xlicense "), ["license"], "put in");
  assert.deepEqual(await nearOf({ license: [1] }, "lzcense "), ["license"]);
  assert.deepEqual(await nearOf({ "𐐨bcde": [1] }, "𐐩bcde "), ["𐐨bcde"], "a first character of two units");
});

test("only words at the least distance, eight of them, highest class first", async () => {
  const words = Object.fromEntries(
    [..."abcdefghij"].map((letter, at) => [`wor${letter}`, at === 9 ? [0, 1, 2, 3] : at === 5 ? [0, 1] : [0]]),
  );
  assert.deepEqual(await nearOf(words, "work "), ["worj", "worf", "wora", "worb", "worc", "word", "wore", "worg"]);
  assert.deepEqual(await nearOf({ abcdefgh: [1], abydefgy: [2] }, "abcdefgx "), ["abcdefgh"], "at 1, not at 2");
});

test("kin", async () => {
  assert.deepEqual(await nearOf({ preventable: [1] }, "preventive "), ["?", "preventable"], "four more than what is shared");
  assert.deepEqual(await nearOf({ regulatory: [1] }, "regulation "), ["regulatory"]);
  assert.deepEqual(await nearOf({ regulatory: [1] }, "regulating "), ["regulatory"], "three more each");
  assert.deepEqual(await nearOf({ regulatory: [1] }, "regulator "), ["regulatory"]);
  assert.deepEqual(await nearOf({ vapours: [1] }, "vapouxyz "), ["vapours"], "five shared");
  assert.deepEqual(await nearOf({ vapours: [1] }, "vapoxyz "), ["?", "vapours"], "four shared");
  assert.deepEqual(await nearOf({ nurses: [1] }, "nurseabc "), ["nurses"]);
  assert.deepEqual(await nearOf({ nurses: [1] }, "nurseabcd "), [], "four more");
  assert.deepEqual(await nearOf({ abcdexyz: [1] }, "abcde "), ["abcdexyz"], "nothing more in one of them");
  assert.deepEqual(await nearOf({ abcde: [1] }, "abcdexyz "), ["abcde"]);
  assert.deepEqual(await nearOf({ abcdefghijk: [1] }, "bacdefghxyz "), ["abcdefghijk"], "behind another slip");
  assert.deepEqual(await nearOf({ abcdexyz: [1] }, "abcdef "), ["abcdexyz"], "where one error is allowed");
  assert.deepEqual(await nearOf({ abcdexyz: [1], abcdeg: [2] }, "abcdef "), ["abcdeg", "abcdexyz"], "as near as one error");
});

test("digits and dense words are not read as others", async () => {
  assert.deepEqual(await nearOf({ 2025: [1] }, "2026 "), ["?", "2025"]);
  assert.deepEqual(await nearOf({ 知识: [1] }, "知道 "), []);
  assert.deepEqual(await nearOf({ a2025: [1] }, "a2026 "), ["a2025"]);
  assert.deepEqual(await nearOf({ "𠀀𠀁": [1] }, "𠀀𠀂 "), [], "two characters, of two units each");
});

test("factors: as written, being typed, nearly, nearly and being typed", async () => {
  const site = sitePlain({ licensing: [0], licenses: [1], licence: [2], other: [3] });
  const engine = engineOf(site);
  const scoreOf = async (query) => (await engine.find(query)).results.map(({ entry, score }) => [entry, score]);
  const one = weight(4, 1);
  assert.deepEqual(await scoreOf("licensing "), [[0, one * 160]]);
  assert.deepEqual(await scoreOf("licens"), [
    [1, one * 120],
    [0, one * 120],
  ]);
  assert.deepEqual(
    await scoreOf("licens "),
    [
      [2, one * 100],
      [1, one * 100],
      [0, one * 100],
    ],
    "kin",
  );
  assert.deepEqual(await scoreOf("licesning "), [[0, one * 100]]);
  assert.deepEqual((await engine.find("licxns")).wanted[0].near, ["licenses", "licensing"]);
  assert.deepEqual(await scoreOf("licxns"), [
    [1, one * 100],
    [0, one * 100],
  ]);
  assert.deepEqual(await scoreOf("lixensxng "), [[0, one * 80]], "two slips");
  assert.deepEqual(await scoreOf("licxns "), []);
  assert.deepEqual(await scoreOf("licx"), [], "four letters are too few");
});

test("being typed: eight words, highest class first", async () => {
  const words = Object.fromEntries([..."abcdefghij"].map((letter, at) => [`vap${letter}`, [at, ...(at > 6 ? [20 + at] : [])]]));
  const engine = engineOf(sitePlain({ ...words, vap: [10], vaq: [11] }, { perFile: 2 }));
  const typed = await entriesOf(engine, "vap");
  // Three with two entries, itself, and four more.
  assert.deepEqual(
    [...typed].sort((a, b) => a - b),
    [0, 1, 2, 3, 7, 8, 9, 10, 27, 28, 29],
  );
  assert.equal(typed[0], 10, "as written before what begins so");
  assert.deepEqual(await entriesOf(engine, "vap "), [10]);
});

test("being typed: eight words with all their terms, however many those are", async () => {
  const site = sitePlain({ hand: [0], zzz: [16] });
  for (const end of ["a", "b", "c", "d", "e", "f"]) site.words[`hand${end}`] = ["hand"];
  Object.assign(site.words, { handx: ["x", "xx"], handy: ["y"] });
  Object.assign(site.places, { x: [[11, 1, 0]], xx: [[12, 1, 0]], y: [[13, 1, 0]] });
  const found = async (query) => (await entriesOf(engineOf(site), query)).sort((a, b) => a - b);
  assert.deepEqual(await found("hand"), [0, 11, 12], "the eighth brings two, the ninth nothing");
  assert.deepEqual(await found("handy"), [13]);
});

test("nearly, and being typed: beginnings with one letter more, less, or another", async () => {
  assert.deepEqual(await nearOf({ abcxdezz: [1] }, "abcde"), ["abcxdezz"]);
  assert.deepEqual(await nearOf({ abcdezzz: [1] }, "abxcde"), ["abcdezzz"]);
  assert.deepEqual(await nearOf({ abcdezzz: [1] }, "abxde"), ["abcdezzz"]);
  assert.deepEqual(await nearOf({ abcdezzz: [1] }, "axbdx"), []);
  assert.deepEqual(await nearOf({ abcdefghzzz: [1] }, "axcdefxh"), ["abcdefghzzz"], "two slips from eight letters");
  const words = Object.fromEntries([..."abcdefgh"].map((letter, at) => [`abcde${letter}zzz`, at > 5 ? [0, 1] : [0]]));
  assert.deepEqual(
    await nearOf(words, "abxde"),
    ["g", "h", "a", "b", "c", "d", "e", "f"].map((letter) => `abcde${letter}zzz`),
  );
});

test("a word that shares ten units with the one before, and what decides the weight", async () => {
  const engine = engineOf(
    sitePlain({ abcdefghijx: [1], abcdefghijy: [2], hand: [0], handy: [0, 1, 2, 3], zzz: [9] }, { perFile: 9 }),
  );
  assert.deepEqual(await entriesOf(engine, "abcdefghijy "), [2]);
  assert.deepEqual((await foundBy(engine, "hand"))[0], [0, weight(10, 1) * 160, 0], "not what begins so");
});

test("one and two letters find beginnings of titles", async () => {
  const site = sitePlain({ li: [0], lime: [1] });
  site.places["li*"] = [
    [1, 20, 0],
    [2, 20, 0],
  ];
  site.places["l*"] = [[3, 20, 0]];
  const engine = engineOf(site);
  assert.deepEqual(await entriesOf(engine, "li"), [2, 1, 0]);
  assert.deepEqual(await entriesOf(engine, "li "), [0]);
  assert.deepEqual(await entriesOf(engine, "l"), [3]);
  const { wanted, results } = await engine.find("q");
  assert.deepEqual([wanted[0].known, results], [false, []]);
});

test("terms of several languages, and endings that are put on", async () => {
  const site = sitePlain({ zzz: [3] });
  site.words = { ...site.words, ponies: ["poni", "ponie"], pony: ["poni"], straße: ["strass"] };
  site.places = { ...site.places, poni: [[0, 5, 1]], ponie: [[1, 9, 2]], strass: [[2, 3, 0]] };
  const engine = engineOf(site);
  assert.deepEqual(await entriesOf(engine, "ponies "), [1, 0]);
  assert.deepEqual(await entriesOf(engine, "pony "), [0]);
});

test("weights, sums and sections", async () => {
  const entries = Array.from({ length: 200 }, (_, at) => ({ path: `${at}`, title: "", kind: 0, date: "2026-01-01" }));
  const rare = [
    [7, 20, 2],
    [9, 31, 1],
  ];
  const common = Array.from({ length: 100 }, (_, at) => [at, 4, 2]);
  const middle = [
    [7, 9, 1],
    [9, 3, 3],
    [50, 30, 0],
    [60, 30, 0],
  ];
  const site = { entries, words: { rare: ["rare"], common: ["common"], middle: ["middle"] }, places: { rare, common, middle } };
  const engine = engineOf(site);
  const [r, c, m] = [weight(200, 2), weight(200, 100), weight(200, 4)];
  assert.deepEqual([r, c, m], [30 + 1 - 4, 30 + 1 - 26, 30 + 1 - 8]);

  const seven = (r * 20 + c * 4 + m * 9) * 16;
  const nine = (r * 31 + c * 4 + m * 3) * 16;
  assert.deepEqual(await foundBy(engine, "rare common middle "), [
    [9, nine, 1],
    [7, seven, 2],
  ]);
  // Without the rarest word 50 and 60 have m of m + c.
  const two = await entriesOf(engine, "common middle ");
  assert.deepEqual(
    two.sort((a, b) => a - b),
    m * 8 >= (m + c) * 5 ? [7, 9, 50, 60] : [7, 9],
  );
  assert.deepEqual(await foundBy(engine, "rare "), [
    [9, r * 31 * 16, 1],
    [7, r * 20 * 16, 2],
  ]);
  assert.deepEqual(await entriesOf(engine, "rare ", { order: "date" }), [9, 7]);
  assert.deepEqual(await entriesOf(engine, "middle ", { order: "date" }), [60, 50, 9, 7]);
});

test("the lower section of two with equal sums; the first of equal values", async () => {
  const site = sitePlain({ aaaa: [0], bbbb: [0] });
  site.places = { aaaa: [[0, 10, 5]], bbbb: [[0, 10, 3]], two: [[0, 10, 9]], one: [[0, 10, 4]] };
  site.words.both = ["two", "one"];
  const engine = engineOf(site);
  assert.equal((await foundBy(engine, "aaaa bbbb "))[0][2], 3);
  assert.equal((await foundBy(engine, "both "))[0][2], 9);
  [site.places.two, site.places.one] = [site.places.one, site.places.two];
  assert.equal((await foundBy(engineOf(site), "both "))[0][2], 4);
  for (const term of ["aaaa", "bbbb"]) site.places[term][0][2] = 0;
  assert.deepEqual(await foundBy(engineOf(site), "aaaa bbbb both "), [[0, 3 * weight(4, 1) * 160, 0]], "places without sections");
});

test("kept is what has five eighths of the greatest mass, and not less", async () => {
  // The weights of 1, 2 and 3 entries among 4.
  const [one, two, three] = [1, 2, 3].map((held) => weight(4, held));
  assert.deepEqual([one, two, three], [9, 5, 3]);
  const engine = engineOf(
    sitePlain({ aaaa: [0, 1], bbbb: [0, 1], cccc: [0], dddd: [0, 1, 2], eeee: [1, 2, 3], ffff: [0, 2, 3] }),
  );
  // 5 + 5 of 5 + 5 + 9.
  assert.deepEqual(await entriesOf(engine, "aaaa bbbb cccc "), [0]);
  // 5 + 5 + 3 of 5 + 5 + 3 + 3.
  assert.deepEqual((await entriesOf(engine, "aaaa bbbb dddd ffff ")).sort(), [0, 1]);
  // Five words of eight are exactly as much as is needed, four are too little.
  const even = sitePlain({
    w1: [0, 1, 2],
    w2: [0, 1, 3],
    w3: [0, 1, 3],
    w4: [0, 1, 3],
    w5: [0, 1, 3],
    w6: [0, 2, 3],
    w7: [0, 2, 3],
    w8: [0, 2, 3],
  });
  assert.deepEqual(await entriesOf(engineOf(even), "w1 w2 w3 w4 w5 w6 w7 w8 "), [0, 3, 1]);
  assert.deepEqual(await entriesOf(engineOf(sitePlain({ aaaa: [0, 1, 2], bbbb: [0, 1, 3] })), "aaaa bbbb "), [1, 0]);
});

test("long lists: common words decide nothing beside others, and are read whole where there are no others", async () => {
  const site = sitePlain({ zzz: [40] });
  site.words = { common: ["common"], usual: ["usual"], rare: ["rare"] };
  site.places = {
    common: Array.from({ length: 30 }, (_, at) => [at, at < 10 ? 20 : at < 20 ? 10 : 5, at % 3]),
    usual: Array.from({ length: 30 }, (_, at) => [at + 5, at < 10 ? 20 : 10, 0]),
    rare: [
      [2, 8, 1],
      [15, 8, 1],
      [35, 8, 1],
    ],
  };
  // The best ten: a group with a section, and one without.
  site.heads = { common: 2, usual: 1 };
  const engine = engineOf(site);
  const [c, r] = [weight(41, 30), weight(41, 3)];

  // Beside a rare word the common one is without mass, but it counts where the head says so.
  const base = r * 128 + c * 320;
  assert.deepEqual(await foundBy(engine, "common rare "), [
    [2, base, 1],
    [35, r * 128, 1],
    [15, r * 128, 1],
  ]);
  assert.ok(!engine.asked.some((name) => name.startsWith("m")), "no file of m is loaded");
  // Nor is a word common that is only begun so.
  assert.deepEqual(await entriesOf(engine, "rare comm"), [2, 35, 15]);

  const found = await foundBy(engine, "common ");
  assert.deepEqual([found.length, found[0], found.at(-1)], [30, [9, c * 320, 0], [20, c * 80, 2]]);
  assert.deepEqual((await entriesOf(engine, "common qqqq ")).length, 30, "beside unknown words");
  // Two common ones: both decide.
  assert.deepEqual((await entriesOf(engine, "common usual ")).length, 25);

  // A common word has no mass, be it as rare as can be.
  const odd = sitePlain({ long: [0, 1], short: Array.from({ length: 20 }, (_, at) => at + 1) }, { heads: { long: 1 } });
  assert.deepEqual(
    (await entriesOf(engineOf(odd), "long short ")).sort((a, b) => a - b),
    odd.places.short.map(([entry]) => entry),
  );

  // For unwanted words m is always read.
  assert.deepEqual(await entriesOf(engine, "rare -common"), [35]);
});

test("phrases", async () => {
  const site = sitePlain(
    { smoke: [0, 1, 2, 3], free: [0, 1, 2], places: [0, 1, 3] },
    {
      neighbours: [
        ["smoke", "free", 0],
        ["smoke", "free", 1],
        ["free", "places", 1],
        ["free", "places", 0],
        ["places", "smoke", 2],
      ],
    },
  );
  const engine = engineOf(site);
  assert.deepEqual(await entriesOf(engine, '"smoke free"'), [1, 0]);
  assert.deepEqual(await entriesOf(engine, '"smoke free places'), [1, 0]);
  assert.deepEqual(await entriesOf(engine, '"free smoke"'), []);
  assert.deepEqual(await entriesOf(engine, '"places smoke"'), [], "the bucket says 2, but 2 lacks a word");
  assert.deepEqual(await entriesOf(engine, '"smoke"'), [3, 2, 1, 0]);
  assert.deepEqual(await entriesOf(engine, '"smoke qqqq"'), [], "an unknown word");
  assert.deepEqual(await entriesOf(engine, '"smoke qqqq" free '), []);
  assert.deepEqual(await entriesOf(engine, '"smok"'), [], "nothing is typed or nearly in a phrase");
  assert.deepEqual(await entriesOf(engine, '""'), [3, 2, 1, 0], "no word at all");
  const bucketFiles = engine.asked.filter((name) => name.startsWith("n"));
  assert.equal(new Set(bucketFiles).size, bucketFiles.length, "each file is loaded once");
});

test("a phrase of dense characters is its pairs", async () => {
  const engine = engineOf(sitePlain({ 知识: [0, 1], 识库: [0, 1] }, { neighbours: [["知识", "识库", 1]] }));
  assert.deepEqual(await entriesOf(engine, '"知识库"'), [1]);
  assert.deepEqual(await entriesOf(engine, "知识库 "), [1, 0]);
});

test("common words of a phrase are left to the buckets", async () => {
  const site = sitePlain({ zzz: [40] });
  site.words = { the: ["the"], law: ["law"] };
  site.places = {
    the: Array.from({ length: 30 }, (_, at) => [at, at < 5 ? 20 : 10, 0]),
    law: [
      [1, 5, 0],
      [20, 5, 0],
      [25, 5, 0],
      [35, 5, 0],
    ],
  };
  site.heads = { the: 1 };
  site.neighbours = [
    ["the", "law", 1],
    ["the", "law", 20],
  ];
  const engine = engineOf(site);
  assert.deepEqual(await entriesOf(engine, '"the law"'), [1, 20]);
  assert.deepEqual(await entriesOf(engine, 'law "the"'), [1, 35, 25, 20], "a phrase of one common word asks for nothing");
});

test("unwanted words and phrases", async () => {
  const site = sitePlain(
    { smoke: [0, 1, 2, 3], free: [1, 2], places: [2], smoking: [3] },
    {
      neighbours: [
        ["smoke", "free", 1],
        ["free", "places", 2],
      ],
    },
  );
  site.words.frei = ["free"];
  const engine = engineOf(site);
  assert.deepEqual(await entriesOf(engine, "smoke -free"), [3, 0]);
  assert.deepEqual(await entriesOf(engine, "smoke -frei"), [3, 0], "any term");
  assert.deepEqual(await entriesOf(engine, "smoke -fre"), [3, 2, 1, 0], "no beginnings");
  assert.deepEqual(await entriesOf(engine, 'smoke -"smoke free"'), [3, 2, 0]);
  assert.deepEqual(await entriesOf(engine, "smoke -smoke-free"), [3, 2, 0], "joined by a hyphen");
  assert.deepEqual(await entriesOf(engine, 'smoke -"free qqqq"'), [3, 2, 1, 0]);
  assert.deepEqual(await entriesOf(engine, 'smoke -""'), [3, 2, 1, 0]);
  assert.deepEqual(
    await foundBy(engine, "-free"),
    [
      [3, 0, 0],
      [0, 0, 0],
    ],
    "without a wanted word all others",
  );
  assert.deepEqual((await engine.find("smoke -free")).wanted.length, 1);
  // The greatest mass is that of the entries that are left.
  assert.deepEqual(await entriesOf(engine, "smoke places -free"), [3, 0]);
});

const TOPICS = [
  ["health", "Health", 0],
  ["vaping", "Vaping", 1],
  ["pods", "Pods", 2],
  ["law", "Law", 0],
  ["__proto__", "Proto", 0],
  ["constructor", "Constructor", 1],
];
const FACETS = sitePlain(
  { word: [0, 1, 2, 3, 4, 5] },
  {
    perFacet: 4,
    entries: [
      { path: "0", kind: ["question"], topic: ["law"] },
      { path: "1", kind: ["session"], year: ["2025"], topic: ["health", "vaping", "pods"], series: ["s"] },
      { path: "2", kind: ["session"], year: ["2025"], topic: ["health", "law"] },
      { path: "3", kind: ["practice"], year: ["2026"], topic: ["health", "vaping"], organization: ["o", "p"] },
      { path: "4", kind: ["practice"], year: ["2026"], topic: ["__proto__", "constructor"] },
      { path: "5", kind: ["practice"], year: ["2026"], topic: [] },
    ],
    values: {
      kind: ["session", "practice", "question"].map((kind) => [kind, kind, 0]),
      year: ["2025", "2026"].map((year) => [year, year, 0]),
      topic: TOPICS,
      series: [["s", "Series", 0]],
      organization: [
        ["o", "O", 0],
        ["p", "P", 0],
      ],
      voice: [],
    },
  },
);

test("filters, and topics with all below them", async () => {
  const engine = engineOf(FACETS);
  const chosen = (filters, query = "word ") => entriesOf(engine, query, { groups: Object.entries(filters) });
  assert.deepEqual(await chosen({}), [5, 4, 3, 2, 1, 0]);
  assert.deepEqual(await chosen({ kind: [] }), [5, 4, 3, 2, 1, 0]);
  assert.deepEqual(await chosen({ kind: ["practice"] }), [5, 4, 3]);
  assert.deepEqual(await chosen({ kind: ["practice", "question"] }), [5, 4, 3, 0]);
  assert.deepEqual(await chosen({ topic: ["health"] }), [3, 2, 1]);
  assert.deepEqual(await chosen({ topic: ["vaping"] }), [3, 1]);
  assert.deepEqual(await chosen({ topic: ["pods"] }), [1]);
  assert.deepEqual(await chosen({ topic: ["__proto__"] }), [4]);
  assert.deepEqual(await chosen({ topic: ["constructor", "pods"] }), [4, 1]);
  assert.deepEqual(await chosen({ topic: ["toString"] }), []);
  assert.deepEqual(await chosen({ topic: ["health"], kind: ["session"] }), [2, 1]);
  assert.deepEqual(await chosen({ year: ["2025"] }), [2, 1]);
  assert.deepEqual(await chosen({ organization: ["p"] }), [3]);
  assert.deepEqual(await chosen({ voice: ["x"] }), []);
  assert.deepEqual(await chosen({ series: ["s"] }, ""), [1]);
});

test("only the files of groups that are asked for", async () => {
  const engine = engineOf(FACETS);
  await engine.find("", { groups: [["year", ["2025"]], ["topic", []]] });
  assert.deepEqual(
    engine.asked.map((name) => name.replace(/-.*/, "")),
    ["root", "f3", "f4", "f5", "f6", "f7", "f8", "g0"],
  );
});

test("counts are of what fits all other groups", async () => {
  const engine = engineOf(FACETS);
  const groups = ["kind", "topic", "series", "year", "organization", "voice", "place"];
  const countsOf = async (filters, query = "word ") =>
    Object.fromEntries((await engine.find(query, { groups: groups.map((name) => [name, filters[name] ?? []]) })).counts);
  assert.deepEqual(await countsOf({}), {
    kind: [
      ["session", "session", 0, 2],
      ["practice", "practice", 0, 3],
      ["question", "question", 0, 1],
    ],
    topic: [
      ["health", "Health", 0, 3],
      ["vaping", "Vaping", 1, 2],
      ["pods", "Pods", 2, 1],
      ["law", "Law", 0, 2],
      ["__proto__", "Proto", 0, 1],
      ["constructor", "Constructor", 1, 1],
    ],
    series: [["s", "Series", 0, 1]],
    year: [
      ["2025", "2025", 0, 2],
      ["2026", "2026", 0, 3],
    ],
    organization: [
      ["o", "O", 0, 1],
      ["p", "P", 0, 1],
    ],
    voice: [],
    place: [],
  });
  const some = await countsOf({ kind: ["session"], topic: ["pods"] }, "");
  const counted = (rows) => rows.map(([, , , count]) => count);
  assert.deepEqual(counted(some.kind), [1, 0, 0]);
  assert.deepEqual(counted(some.topic), [2, 1, 1, 1, 0, 0]);
  assert.deepEqual(counted(some.year), [1, 0]);
  assert.deepEqual(counted((await countsOf({ kind: ["question"], year: ["2025"] })).kind), [2, 0, 0]);
});

test("names that every object has are words like others", async () => {
  const engine = engineOf(sitePlain({ constructor: [0], tostring: [1], hasownproperty: [3] }));
  assert.deepEqual(await entriesOf(engine, "constructor "), [0]);
  assert.deepEqual(await entriesOf(engine, "constructor toString"), [1, 0]);
  assert.deepEqual(await heard("__proto__ "), ["proto"]);
  assert.equal((await engine.find("valueof ")).wanted[0].known, false);
  const site = sitePlain({ word: [0] });
  Object.defineProperty(site.words, "__proto__", { value: ["__proto__"], enumerable: true });
  Object.defineProperty(site.places, "__proto__", { value: [[2, 10, 0]], enumerable: true });
  assert.deepEqual(await entriesOf(engineOf(site), "proto "), [], "two low lines are no part of a word");
});

test("what results show", async () => {
  const entries = Array.from({ length: 1100 }, (_, at) => ({
    path: `p/${at}/`,
    title: `T ${at}`,
    kind: at % 3,
    date: "2026-01-01",
    sections: [["a", "A", "opening"]],
  }));
  const engine = engineOf({ ...sitePlain({ word: [3] }), entries, perFile: 2 });
  const { row } = await engine.opened;
  const rows = await Promise.all([1099, 0, 511, 512, 513].map(row));
  assert.deepEqual(
    rows.map(([path]) => path),
    ["p/1099/", "p/0/", "p/511/", "p/512/", "p/513/"],
  );
  assert.deepEqual(rows[0], ["p/1099/", "T 1099", 1, "2026-01-01", "", "", "", [["a", "A", "opening"]]]);
  assert.equal(engine.asked.filter((name) => name.startsWith("i")).length, 3);
});

test("marks", async () => {
  const site = sitePlain({ word: [3] });
  site.words = {
    licensing: ["licens"],
    licensed: ["licens"],
    license: ["licens"],
    cannabis: ["cannabis"],
    知识: ["知识"],
    识库: ["识库"],
    libre: ["libre"],
    zebra: ["licens"],
  };
  site.places = { licens: [[0, 10, 0]], cannabis: [[1, 10, 0]], 知识: [[0, 10, 0]], 识库: [[0, 10, 0]], libre: [[1, 10, 0]] };
  const engine = engineOf({ ...site, perFile: 5 });
  const { pieces } = await engine.opened;
  const marked = async (query, text) => {
    const cut = pieces(await engine.find(query), text);
    assert.equal(cut.join(""), text);
    return cut.filter((_, at) => at % 2);
  };
  assert.deepEqual(await marked("licensing ", "Licensed, and LICENSE; libre"), ["Licensed", "LICENSE"]);
  assert.deepEqual(await marked("lib", "Licensed, and libre; liberty"), ["libre", "liberty"]);
  assert.deepEqual(await marked("lib ", "Licensed, and libre; liberty"), []);
  assert.deepEqual(await marked("canabis ", "On Cánna\u00adbis."), ["Cánna\u00adbis"]);
  assert.deepEqual(await marked("知识库 ", "这知识库好"), ["知识", "库"], "side by side");
  assert.deepEqual(await marked("知识 ", "这知识库好知识"), ["知识", "知识"]);
  assert.deepEqual(await marked("licensing -libre", "libre"), []);
  assert.deepEqual(await marked("", "libre"), []);
  assert.deepEqual(await marked("licensing ", "zebra"), [], "a form in another file is not known");
});

test("what is offered for a word that nobody wrote", async () => {
  const words = { cannabis: [1], canvas: [1, 2], vape: [1], vo: [1] };
  assert.deepEqual(await nearOf(words, "kannibas"), ["?", "cannabis"]);
  assert.deepEqual(await nearOf(words, '"canabis"'), ["?", "cannabis"], "a phrase takes words as they are");
  assert.deepEqual(await nearOf(words, "xyzzyx"), []);
  assert.deepEqual(await nearOf(words, "知识"), []);
  assert.deepEqual(await nearOf(words, "va "), []);
});

test("known gaps", async () => {
  const rows = [
    ["Snus", "topics/snus/", ["snus", "oral tobacco"]],
    ["Nothing", "n/", [""]],
    ["知识库", "k/", ["知识 识库"]],
  ];
  const engine = engineOf(sitePlain({ word: [1] }, { gaps: rows }));
  const gaps = async (query) => (await engine.find(query)).gaps.map(([, path]) => path);
  assert.deepEqual(await gaps("Snus"), ["topics/snus/"]);
  assert.deepEqual(await gaps("tobacco, oral and more"), ["topics/snus/"]);
  assert.deepEqual(await gaps("tobacco"), []);
  assert.deepEqual(await gaps(""), []);
  assert.deepEqual(await gaps("知识库"), ["k/"]);
  assert.deepEqual((await engineOf(sitePlain({ word: [1] })).find("snus")).gaps, []);
});

test("only what a query needs is loaded, and once", async () => {
  const words = Object.fromEntries([..."abcdefghij"].map((letter, at) => [`${letter}word`, [at]]));
  const engine = engineOf(sitePlain(words, { perFile: 1 }));
  await Promise.all([engine.find("cword "), engine.find("cword ")]);
  await engine.find("cword ");
  assert.deepEqual(engine.asked.map((name) => name.replace(/-.*/, "")).sort(), ["g0", "p2", "root", "w2"]);
});

test("an index without files", async () => {
  const engine = engineOf({ entries: [], words: {}, places: {} });
  assert.deepEqual((await engine.find("word")).results, []);
  assert.deepEqual((await engine.find("")).results, []);
  assert.deepEqual((await engine.find('"some words" -other')).results, []);
});

test("a file that is gone: the engine says so", async () => {
  const engine = engineOf(sitePlain({ word: [0, 1] }));
  await engine.opened;
  engine.files.clear();
  await assert.rejects(engine.find("word "), /w0-.* is gone/);
});

test("files are asked for side by side", async () => {
  const files = encode(sitePlain({ aword: [0], zword: [1], mword: [2] }, { perFile: 1 }));
  let running = 0;
  let most = 0;
  const load = async (name) => {
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, 5));
    running -= 1;
    return files.get(name);
  };
  const engine = await makeEngine("", "", load);
  await engine.find("aword zword mword ");
  assert.equal(most, 3);
});

test("scripts are put on the page, answer by their name, and are removed", async (context) => {
  const files = encode(sitePlain({ word: [0] }));
  const scripts = [];
  let gone = "";
  globalThis.make = (_, { src }) => ({
    src,
    remove() {
      scripts.splice(scripts.indexOf(this), 1);
    },
  });
  globalThis.document = {
    head: {
      append(script) {
        scripts.push(script);
        setTimeout(() => {
          const [, name] = /\/([a-z0-9-]+)\.js/.exec(script.src);
          asked.push(script.src);
          if (name === gone || !files.has(name)) return script.onerror();
          globalThis.folkmootShelf(name, files.get(name));
          script.onload();
        });
      },
    },
  };
  context.after(() => ["make", "document"].forEach((name) => delete globalThis[name]));
  const asked = [];
  const engine = await makeEngine("https://example.org/search/");
  assert.deepEqual(await entriesOf(engine, "word "), [0]);
  assert.equal(scripts.length, 0);
  assert.equal(asked[0], "https://example.org/search/root.js");
  assert.match(asked[1], /^https:\/\/example\.org\/search\/data\/w0-[a-z]{4}\.js$/);
  gone = [...files.keys()].find((name) => name.startsWith("r0"));
  await assert.rejects(engine.row(0));
  await makeEngine("https://example.org/search/", "?17");
  assert.equal(asked.at(-1), "https://example.org/search/root.js?17", "past all caches");
  globalThis.folkmootShelf("nobody-asked", 1);
});

test("shelf files are read strictly", () => {
  assert.deepEqual(valueOf('folkmootShelf("p0-abcd",["a"])\n', "p0-abcd"), ["a"]);
  assert.throws(() => valueOf('folkmootShelf("p1-abcd",["a"])', "p0-abcd"));
  assert.throws(() => valueOf('folkmootShelf("p0-abcd",["<"])', "p0-abcd"));
});
