// The browser's half of search follows its specification, on indexes small enough to reckon by hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { encode, number } from "./encode.mjs";
import { engineMaker, valueOf } from "./engine.mjs";

const makeEngine = engineMaker();

function engineOf(site) {
  const files = encode(site);
  const asked = [];
  const load = async (name) => {
    asked.push(name);
    if (!files.has(name)) throw new Error(`${name} is gone`);
    return structuredClone(files.get(name));
  };
  return Object.assign(makeEngine("", load), { asked, files });
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
const nearOf = async (words, query) => (await engineOf(sitePlain(words)).find(query)).wanted[0].near;
const entriesOf = async (engine, query, options) => (await engine.find(query, options)).results.map(([entry]) => entry);

/** As the specification reckons it, in whole numbers of any size. */
function weight(entries, held) {
  const q = (16n * BigInt(entries + 1)) / BigInt(held + 1);
  const b = BigInt(q.toString(2).length - 1);
  const found = 16n * b + (16n * (q - 2n ** b)) / 2n ** b - 60n;
  return Number(found < 4n ? 4n : found);
}

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
      (word) => `${word.phrase ? '"' : ""}${word.text}${word.typed ? "…" : ""}`,
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
    "one --two": ["one", "two…"],
    '-"two three" one': ["one…"],
    'one -"two three': ["one"],
    "-e-cigarettes one": ["one…"],
    '-two"three" one': ['"three', "one…"],
    "one two one": ["one…", "two"],
    'one "one one" one ': ["one", '"one', '"one'],
    '"one" one': ['"one', "one…"],
    知识: ["知识…"],
    "one li\u00ad": ["one", "li…"],
  };
  for (const [query, words] of Object.entries(cases)) assert.deepEqual(await read(query), words, query);
});

test("sixteen words and 256 units are heard", async () => {
  const names = Array.from({ length: 20 }, (_, at) => `w${at}`);
  assert.deepEqual(await heard(names.join(" ")), names.slice(0, 16));
  const { wanted } = await engineOf(sitePlain({ zzz: [1] })).find(names.join(" "));
  assert.ok(
    wanted.every(({ typed }) => !typed),
    "the word being typed is not heard",
  );
  assert.deepEqual(await heard(`${names.slice(0, 15).join(" ")} "a b c"`), [...names.slice(0, 15), "a"]);
  assert.deepEqual(await heard(`-x -y ${names.join(" ")}`), names.slice(0, 16));
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
    const root = { ...files.get("root"), room, entries: room - 1 };
    const name = `p0-${root.shelves.p[1].slice(0, 4)}`;
    const list = files.get(name);
    list[list.indexOf("word") + 1] =
      number(size) + number(0) + number(7) + number(2) + number(size) + number(3) + number(0) + number(59);
    const engine = makeEngine("", async (asked) => (asked === "root" ? root : files.get(asked)));
    const { results } = await engine.find("word ");
    const score = weight(room - 1, size) * 7 * 16;
    const entries = [room - 1 - size, room - 2 - size].filter((entry) => entry < room - 1);
    assert.deepEqual(
      results.map(([entry, value]) => [entry, value]),
      entries.map((entry) => [entry, score]),
      `${size}`,
    );
    assert.deepEqual(results.at(-1)[2], 59);
  }
});

test("one typing error: left out, put in, exchanged, swapped", async () => {
  const words = { cannabis: [1], vape: [2], shops: [3] };
  assert.deepEqual(await nearOf(words, "canabis "), ["cannabis"]);
  assert.deepEqual(await nearOf(words, "cannnabis "), ["cannabis"]);
  assert.deepEqual(await nearOf(words, "cannubis "), ["cannabis"]);
  assert.deepEqual(await nearOf(words, "cannbais "), ["cannabis"]);
  assert.deepEqual(await nearOf(words, "vaep "), ["vape"]);
  assert.deepEqual(await nearOf(words, "vpe "), [], "three letters are too few");
  assert.deepEqual(await nearOf(words, "vaxx "), [], "two errors in a short word");
  assert.deepEqual(await nearOf(words, "canubis "), [], "two errors in seven letters");
  assert.deepEqual(await nearOf(words, "cannobos "), ["cannabis"], "two errors in eight letters");
  assert.deepEqual(await nearOf(words, "connoboss "), [], "three errors");
});

test("swaps are of neighbours that stay together", async () => {
  // Optimal string alignment: ca to abc is 3, not 2.
  assert.deepEqual(await nearOf({ wwwabcwww: [1] }, "wwwcawww "), []);
  assert.deepEqual(await nearOf({ wwwacwww: [1] }, "wwwcawww "), ["wwwacwww"]);
  assert.deepEqual(await nearOf({ "x𠮶𠮷zz": [1] }, "x𠮷𠮶zz "), [], "dense words are never near");
  assert.deepEqual(await nearOf({ "x𝟘𐐨𐐩zz": [1] }, "x𐐩𐐨zz "), []);
  assert.deepEqual(await nearOf({ "x𐐨𐐩zz": [1] }, "x𐐩𐐨zz "), ["x𐐨𐐩zz"], "characters, not units");
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
  assert.deepEqual(await nearOf({ preventable: [1] }, "preventive "), [], "four more than what is shared");
  assert.deepEqual(await nearOf({ regulatory: [1] }, "regulation "), ["regulatory"]);
  assert.deepEqual(await nearOf({ regulatory: [1] }, "regulating "), ["regulatory"], "three more each");
  assert.deepEqual(await nearOf({ regulatory: [1] }, "regulator "), ["regulatory"]);
  assert.deepEqual(await nearOf({ vapours: [1] }, "vapouxyz "), ["vapours"], "five shared");
  assert.deepEqual(await nearOf({ vapours: [1] }, "vapoxyz "), [], "four shared");
  assert.deepEqual(await nearOf({ nurses: [1] }, "nurseabc "), ["nurses"]);
  assert.deepEqual(await nearOf({ nurses: [1] }, "nurseabcd "), [], "four more");
  assert.deepEqual(await nearOf({ abcdexyz: [1] }, "abcde "), [], "a word of five letters has no kin");
  assert.deepEqual(await nearOf({ abcde: [1] }, "abcdexyz "), [], "nor is it kin");
  assert.deepEqual(await nearOf({ abcdexyz: [1] }, "abcdef "), ["abcdexyz"], "kin of six letters, where one error is allowed");
  assert.deepEqual(await nearOf({ abcdexyz: [1], abcdeg: [2] }, "abcdef "), ["abcdeg", "abcdexyz"], "as near as one error");
});

test("digits and dense words are not read as others", async () => {
  assert.deepEqual(await nearOf({ 2025: [1] }, "2026 "), []);
  assert.deepEqual(await nearOf({ 知识: [1] }, "知道 "), []);
  assert.deepEqual(await nearOf({ a2025: [1] }, "a2026 "), ["a2025"]);
});

test("factors: as written, being typed, nearly, nearly and being typed", async () => {
  const site = sitePlain({ licensing: [0], licenses: [1], licence: [2], other: [3] });
  const engine = engineOf(site);
  const scoreOf = async (query) => (await engine.find(query)).results.map(([entry, score]) => [entry, score]);
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
  assert.deepEqual((await engine.find("licxns")).wanted[0].near, ["licence", "licenses", "licensing"].slice(1));
  assert.deepEqual(await scoreOf("licxns"), [
    [1, one * 80],
    [0, one * 80],
  ]);
  assert.deepEqual(await scoreOf("licxns "), []);
  assert.deepEqual(await scoreOf("licx"), [], "four letters are too few for the fourth rule");
});

test("being typed: six other words, highest class first", async () => {
  const words = Object.fromEntries([..."abcdefgh"].map((letter, at) => [`vap${letter}`, [at, ...(at > 4 ? [20 + at] : [])]]));
  const engine = engineOf(sitePlain({ ...words, vap: [10], vaq: [11] }, { perFile: 2 }));
  assert.deepEqual(
    (await entriesOf(engine, "vap")).sort((a, b) => a - b),
    [0, 1, 2, 5, 6, 7, 10, 25, 26, 27],
  );
  assert.deepEqual(await entriesOf(engine, "vap "), [10]);
  assert.equal((await engine.find("vap")).results[0][0], 10, "as written before what begins so");
});

test("being typed: words until they give six terms that are new", async () => {
  const found = async (ends) => {
    const site = sitePlain({ hand: [0], handy: [10], zzz: [16] });
    for (const end of ["ed", "er", "ing", "le"]) site.words[`hand${end}`] = ["hand"];
    ends.forEach((end, at) => {
      site.words[`hand${end}`] = [end];
      site.places[end] = [1 + at, 14, 15, 16].map((entry) => [entry, 1, 0]);
    });
    // A word with two terms, after the others by its class.
    Object.assign(site.words, { handx: ["x", "xx"] });
    Object.assign(site.places, { x: [[11, 1, 0]], xx: [[12, 1, 0]] });
    return (await entriesOf(engineOf(site), "hand")).sort((a, b) => a - b);
  };
  assert.deepEqual(await found(["a", "b", "c"]), [0, 1, 2, 3, 10, 11, 12, 14, 15, 16], "five, and one more");
  assert.deepEqual(await found(["a", "b", "c", "d"]), [0, 1, 2, 3, 4, 11, 12, 14, 15, 16], "six");
  assert.deepEqual(await found(["a", "b", "c", "d", "e"]), [0, 1, 2, 3, 4, 5, 11, 12, 14, 15, 16], "the last brings two");
  assert.deepEqual(await found(["a", "b", "c", "d", "e", "f"]), [0, 1, 2, 3, 4, 5, 6, 14, 15, 16], "six without it");
});

test("nearly, and being typed: beginnings with one letter more, less, or another", async () => {
  assert.deepEqual(await nearOf({ abcxdezz: [1] }, "abcde"), ["abcxdezz"]);
  assert.deepEqual(await nearOf({ abcdezzz: [1] }, "abxcde"), ["abcdezzz"]);
  assert.deepEqual(await nearOf({ abcdezzz: [1] }, "abxde"), ["abcdezzz"]);
  assert.deepEqual(await nearOf({ abcdezzz: [1] }, "axbde"), []);
  const words = Object.fromEntries([..."abcdefgh"].map((letter, at) => [`abcde${letter}zzz`, at > 5 ? [0, 1] : [0]]));
  assert.deepEqual(
    await nearOf(words, "abxde"),
    ["g", "h", "a", "b", "c", "d"].map((letter) => `abcde${letter}zzz`),
  );
});

test("a word that shares ten units with the one before, and what decides the weight", async () => {
  const engine = engineOf(
    sitePlain({ abcdefghijx: [1], abcdefghijy: [2], hand: [0], handy: [0, 1, 2, 3], zzz: [9] }, { perFile: 9 }),
  );
  assert.deepEqual(await entriesOf(engine, "abcdefghijy "), [2]);
  assert.deepEqual((await engine.find("hand")).results[0], [0, weight(10, 1) * 160, 0], "not what begins so");
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
  assert.deepEqual([wanted[0].unknown, results], [true, []]);
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
  assert.deepEqual(
    [r, c, m],
    [
      16 * 10 - 60 + Math.floor((16 * (1072 - 1024)) / 1024),
      16 * 4 - 60 + 15,
      16 * 9 - 60 + Math.floor((16 * (643 - 512)) / 512),
    ],
  );

  const seven = (r * 20 + c * 4 + m * 9) * 16;
  const nine = (r * 31 + c * 4 + m * 3) * 16;
  const { results, complete } = await engine.find("rare common middle ");
  assert.equal(complete, true);
  assert.deepEqual(results, [
    [9, nine + Math.floor((nine * r) / (8 * (r + c + m))), 1],
    [7, seven + Math.floor((seven * (r + c)) / (8 * (r + c + m))), 2],
  ]);
  // Without the rarest word 50 and 60 have m of m + c.
  const two = (await engine.find("common middle ")).results;
  assert.deepEqual(
    two.map(([entry]) => entry).sort((a, b) => a - b),
    m * 8 >= (m + c) * 5 ? [7, 9, 50, 60] : [7, 9],
  );
  assert.deepEqual(
    (await engine.find("rare ")).results,
    [
      [9, r * 31 * 16, 1],
      [7, r * 20 * 16, 2],
    ],
    "one word: no bonus",
  );
  assert.deepEqual(
    (await engine.find("rare ", { order: "date" })).results.map(([entry]) => entry),
    [9, 7],
  );
  assert.deepEqual(
    (await engine.find("middle ", { order: "date" })).results.map(([entry]) => entry),
    [60, 50, 9, 7],
  );
});

test("the lower section of two with equal sums; the first of equal values", async () => {
  const site = sitePlain({ aaaa: [0], bbbb: [0] });
  site.places = { aaaa: [[0, 10, 5]], bbbb: [[0, 10, 3]], two: [[0, 10, 9]], one: [[0, 10, 4]] };
  site.words.both = ["two", "one"];
  const engine = engineOf(site);
  assert.equal((await engine.find("aaaa bbbb ")).results[0][2], 3);
  assert.equal((await engine.find("both ")).results[0][2], 9);
  [site.places.two, site.places.one] = [site.places.one, site.places.two];
  assert.equal((await engineOf(site).find("both ")).results[0][2], 4);
  assert.deepEqual(
    (await engineOf({ ...site, bare: ["aaaa", "two"] }).find("aaaa both ")).results,
    [[0, 2 * weight(4, 1) * 160 + (2 * weight(4, 1) * 160) / 8, 0]],
    "places without sections",
  );
});

test("kept is what has five eighths of the greatest mass, and not less", async () => {
  // The weights of 1, 2 and 3 entries among 4.
  const [one, two, three] = [1, 2, 3].map((held) => weight(4, held));
  assert.deepEqual([one, two, three], [24, 14, 8]);
  const engine = engineOf(
    sitePlain({ aaaa: [0, 1], bbbb: [0, 1], cccc: [0], dddd: [0, 1, 2], eeee: [1, 2, 3], ffff: [0, 2, 3] }),
  );
  // 14 + 14 of 14 + 14 + 24.
  assert.deepEqual(await entriesOf(engine, "aaaa bbbb cccc "), [0]);
  // 14 + 14 + 8 of 14 + 14 + 8 + 8.
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

test("long lists: optional words, incomplete answers, and the whole", async () => {
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
  site.heads = { common: 1, usual: 1 };
  const engine = engineOf(site);
  const [c, r] = [weight(41, 30), weight(41, 3)];

  let answer = await engine.find("common ");
  assert.deepEqual([answer.complete, answer.results.length], [false, 10]);
  assert.ok(!engine.asked.some((name) => name.startsWith("m")), "no file of m is loaded");
  answer = await engine.find("common ", { whole: true });
  assert.deepEqual([answer.complete, answer.results.length], [true, 30]);
  assert.deepEqual(answer.results.map(([entry, score, section]) => [entry, score, section]).slice(0, 2), [
    [9, c * 320, 0],
    [8, c * 320, 2],
  ]);
  assert.deepEqual(answer.results.at(-1), [20, c * 80, 2]);

  // Beside a rare word the common one is optional: without mass of its own, but it counts where the head says so.
  answer = await engine.find("common rare ");
  assert.equal(answer.complete, true);
  assert.deepEqual(
    answer.results.map(([entry]) => entry),
    [2, 35, 15],
  );
  const base = r * 128 + c * 320;
  assert.deepEqual(answer.results[0], [2, base + Math.floor((base * r) / (8 * (r + c))), 1]);
  assert.deepEqual(answer.results[2], [15, r * 128, 1]);
  answer = await engine.find("common rare ", { whole: true });
  assert.deepEqual(
    answer.results.map(([entry]) => entry),
    r * 8 >= (r + c) * 5 ? [2, 15, 35] : [2, 15],
  );

  // Two common ones: none is optional. Where both say the same section, more is added.
  answer = await engine.find("common usual ");
  assert.equal(answer.complete, false);
  assert.deepEqual(
    answer.results.map(([entry]) => entry),
    [9, 6, 8, 7, 5],
  );
  assert.equal((await engine.find("common usual ", { whole: true })).complete, true);
  assert.equal((await engine.find("common usual ", { whole: "date" })).complete, true);
  assert.equal((await engine.find("common qqqq ")).complete, false, "unknown words do not make it complete");
  assert.deepEqual([(await engine.find("qqqq ")).complete, (await engine.find("qqqq ")).results], [true, []]);

  // An optional word has no mass, be it as rare as can be.
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

test("optional words of a phrase are left to the buckets", async () => {
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
  assert.deepEqual(await entriesOf(engine, 'law "the"'), [1, 35, 25, 20], "a phrase of one optional word asks for nothing");
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
    (await engine.find("-free")).results,
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
  ["constructor", "Constructor", 5],
];
const FACETS = sitePlain(
  { word: [0, 1, 2, 3, 4, 5] },
  {
    perFacet: 4,
    entries: [
      { path: "0", kind: 2, topic: ["law"] },
      { path: "1", kind: 0, date: "2025-02-01", topic: ["pods", "vaping"], extra: 1, series: ["s"] },
      { path: "2", kind: 0, date: "2025-03-01", topic: ["health", "law"] },
      { path: "3", kind: 1, date: "2026-01-01", topic: ["vaping"], extra: 3, organization: ["o", "p"] },
      { path: "4", kind: 1, date: "2026-01-02", topic: ["constructor"], extra: 1 },
      { path: "5", kind: 1, date: "2026-01-03", topic: [] },
    ],
    values: {
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
  const chosen = (filters, query = "word ") => entriesOf(engine, query, { filters });
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
  assert.deepEqual(await chosen({ recording: ["yes"] }), [1]);
  assert.deepEqual(await chosen({ maturity: ["validated"] }), [3]);
  assert.deepEqual(await chosen({ maturity: ["initial", "validated"] }), [4, 3]);
  assert.deepEqual(await chosen({ organization: ["p"] }), [3]);
  assert.deepEqual(await chosen({ voice: ["x"] }), []);
  assert.deepEqual(await chosen({ series: ["s"] }, ""), [1]);
});

test("only the files of groups that are asked for", async () => {
  const engine = engineOf(FACETS);
  await engine.find("", { filters: { year: ["2025"], topic: ["law"] } });
  assert.deepEqual(
    engine.asked.map((name) => name.replace(/-.*/, "")),
    ["root", "f2", "f3", "f4"],
  );
});

test("counts are of what fits all other groups", async () => {
  const engine = engineOf(FACETS);
  const groups = ["kind", "topic", "series", "year", "organization", "voice", "maturity", "recording"];
  const countsOf = async (filters, query = "word ") => engine.counts(await engine.find(query, { filters }), groups);
  assert.deepEqual(await countsOf({}), {
    kind: [
      ["session", "session", 0, 2],
      ["practice", "practice", 0, 3],
      ["question", "question", 0, 1],
    ],
    topic: [
      ["health", "Health", 0, 3],
      ["vaping", "Vaping", "health", 2],
      ["pods", "Pods", "vaping", 1],
      ["law", "Law", 0, 2],
      ["__proto__", "Proto", 0, 1],
      ["constructor", "Constructor", "__proto__", 1],
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
    maturity: [
      ["initial", "initial", 0, 1],
      ["validated", "validated", 0, 1],
    ],
    recording: [["yes", "yes", 0, 1]],
  });
  const some = await countsOf({ kind: ["session"], topic: ["pods"] }, "");
  assert.deepEqual(some.kind, [["session", "session", 0, 1]]);
  assert.deepEqual(some.topic, [
    ["health", "Health", 0, 2],
    ["vaping", "Vaping", "health", 1],
    ["pods", "Pods", "vaping", 1],
    ["law", "Law", 0, 1],
  ]);
  assert.deepEqual(some.year, [["2025", "2025", 0, 1]]);
  assert.deepEqual(
    (await countsOf({ kind: ["question"], year: ["2025"] })).kind,
    [
      ["session", "session", 0, 2],
      ["question", "question", 0, 0],
    ],
    "what is chosen stays",
  );
});

test("names that every object has are words like others", async () => {
  const engine = engineOf(sitePlain({ constructor: [0], tostring: [1], hasownproperty: [3] }));
  assert.deepEqual(await entriesOf(engine, "constructor "), [0]);
  assert.deepEqual(await entriesOf(engine, "constructor toString"), [1, 0]);
  assert.deepEqual(await heard("__proto__ "), ["proto"]);
  assert.equal((await engine.find("valueof ")).wanted[0].unknown, true);
  const site = sitePlain({ word: [0] });
  Object.defineProperty(site.words, "__proto__", { value: ["__proto__"], enumerable: true });
  Object.defineProperty(site.places, "__proto__", { value: [[2, 10, 0]], enumerable: true });
  assert.deepEqual(await entriesOf(engineOf(site), "proto "), [], "two low lines are no part of a word");
});

test("a term is not looked for among places", async () => {
  const site = sitePlain({ aa: [0], zz: [3] });
  const files = encode(site);
  const name = [...files.keys()].find((name) => name.startsWith("p0"));
  const [, , , places] = files.get(name);
  // The places of the first read like the second term.
  files.set(name, ["aa", "zz", "zz", places]);
  const engine = makeEngine("", async (asked) => files.get(asked));
  assert.deepEqual(await entriesOf(engine, "zz "), [3]);
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
  const rows = await engine.entries([1099, 0, 511, 512, 513]);
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
  };
  site.places = { licens: [[0, 10, 0]], cannabis: [[1, 10, 0]], 知识: [[0, 10, 0]], 识库: [[0, 10, 0]], libre: [[1, 10, 0]] };
  const engine = engineOf({ ...site, perFile: 10 });
  const marked = async (query, text) =>
    engine.marks(await engine.find(query), text).map(([start, end]) => text.slice(start, end));
  assert.deepEqual(await marked("licensing ", "Licensed, and LICENSE; libre"), ["Licensed", "LICENSE"]);
  assert.deepEqual(await marked("lib", "Licensed, and libre; liberty"), ["libre", "liberty"]);
  assert.deepEqual(await marked("lib ", "Licensed, and libre; liberty"), []);
  assert.deepEqual(await marked("canabis ", "On Cánna\u00adbis."), ["Cánna\u00adbis"]);
  assert.deepEqual(await marked("知识库 ", "这知识库好"), ["知识库"]);
  assert.deepEqual(await marked("知识 ", "这知识库好知识"), ["知识", "知识"]);
  assert.deepEqual(await marked("licensing -libre", "libre"), []);
  assert.deepEqual(await marked("", "libre"), []);
});

test("a section whose title holds all that is wanted", async () => {
  const site = sitePlain({ word: [3] });
  site.words = {
    licensing: ["licens"],
    licensed: ["licens"],
    cannabis: ["cannabis"],
    shops: ["shop"],
    shopping: ["shop", "shopping"],
    zebra: ["licens"],
  };
  site.places = { licens: [[0, 10, 0]], cannabis: [[0, 10, 0]], shop: [[0, 10, 0]], shopping: [[1, 10, 0]] };
  const sections = ["Cannabis", "Lícensed cannabis", "Licensed cannabis shopping", "Zebra"].map((title) => ["", title, ""]);
  const row = ["", "", 0, "", "", "", "", sections];
  const engine = engineOf({ ...site, perFile: 5 });
  const sectionOf = async (query, given = 9) => engine.section(await engine.find(query), row, given);
  assert.equal(await sectionOf("cannabis "), 1);
  assert.equal(await sectionOf("cannabis licensing "), 2);
  assert.equal(await sectionOf("cannabis licensing qqqqq "), 2, "unknown words are left aside");
  assert.equal(await sectionOf("canabis shops "), 3);
  assert.equal(await sectionOf("shopp"), 3);
  assert.equal(await sectionOf("shop"), 3);
  assert.equal(await sectionOf("shops -cannabis"), 3);
  assert.equal(await sectionOf("zebra "), 4, "a form in another file is not known");
  assert.equal(await sectionOf("qqqqq "), 9);
  assert.equal(await sectionOf(""), 9);
  assert.equal(await sectionOf("cannabis zebra ", 0), 0);
});

test("the nearest word", async () => {
  const engine = engineOf(sitePlain({ cannabis: [1], canvas: [1, 2], vape: [1], vo: [1] }));
  assert.equal(await engine.nearest("kannibas"), "cannabis");
  assert.equal(await engine.nearest("xyzzyx"), "");
  assert.equal(await engine.nearest("知识"), "");
  assert.equal(await engine.nearest("va"), "");
  assert.equal(await engine.nearest(""), "");
});

test("known gaps", async () => {
  const rows = [
    ["Snus", "topics/snus/", ["snus", "oral tobacco"]],
    ["Nothing", "n/", [""]],
    ["知识库", "k/", ["知识库"]],
  ];
  const engine = engineOf(sitePlain({ word: [1] }, { gaps: rows }));
  assert.deepEqual(await engine.gaps("Snus"), [["Snus", "topics/snus/"]]);
  assert.deepEqual(await engine.gaps("tobacco, oral and more"), [["Snus", "topics/snus/"]]);
  assert.deepEqual(await engine.gaps("tobacco"), []);
  assert.deepEqual(await engine.gaps("知识库"), [["知识库", "k/"]]);
  assert.deepEqual(await engineOf(sitePlain({ word: [1] })).gaps("snus"), []);
});

test("only what a query needs is loaded, and once", async () => {
  const words = Object.fromEntries([..."abcdefghij"].map((letter, at) => [`${letter}word`, [at]]));
  const engine = engineOf(sitePlain(words, { perFile: 1 }));
  await Promise.all([engine.find("cword "), engine.find("cword ")]);
  await engine.find("cword ");
  assert.deepEqual(engine.asked.map((name) => name.replace(/-.*/, "")).sort(), ["p2", "root", "w2"]);
});

test("an index without files", async () => {
  const engine = engineOf({ entries: [], words: {}, places: {} });
  assert.deepEqual((await engine.find("word")).results, []);
  assert.deepEqual((await engine.find("")).results, []);
  assert.deepEqual((await engine.find('"some words" -other')).results, []);
  assert.equal(await engine.nearest("word"), "");
  assert.deepEqual(await engine.gaps("word"), []);
});

test("a file that is gone: the root is asked once more, then all is tried again, once", async () => {
  const before = encode(sitePlain({ word: [0, 1] }));
  const after = encode(sitePlain({ word: [0, 1, 2], other: [3] }));
  let files = before;
  let down = false;
  const asked = [];
  const load = async (name, stamp) => {
    asked.push(stamp ? `${name}${stamp.replace(/\d+/, "…")}` : name.replace(/-.*/, ""));
    if (down || !files.has(name)) throw new Error(`${name} is gone`);
    return files.get(name);
  };
  const engine = makeEngine("", load);
  assert.equal((await engine.root()).entries, 4);
  files = after;
  assert.deepEqual(await entriesOf(engine, "word "), [2, 1, 0]);
  assert.deepEqual(asked, ["root", "w0", "root?…", "w0", "p0"]);

  // An answer of the old site is found again before it is counted, and its numbers show no other entries.
  const old = await engine.find("word ");
  files = encode({
    ...sitePlain({ word: [0] }),
    entries: [
      { path: "x", kind: 1, date: "2020-01-01" },
      { path: "y", kind: 1, date: "2026-01-01" },
    ],
  });
  assert.deepEqual((await engine.counts(old, ["kind"])).kind, [["practice", "practice", 0, 1]]);
  await assert.rejects(engine.entries([2]));
  await engine.find("word ");
  assert.deepEqual((await engine.entries([1]))[0][0], "y");

  // Two that fail at once ask for one root.
  files = encode(sitePlain({ word: [0], more: [1] }));
  asked.length = 0;
  await Promise.all([engine.find("more "), engine.find("mode ")]);
  assert.equal(asked.filter((name) => name === "root?…").length, 1);

  down = true;
  asked.length = 0;
  await assert.rejects(engine.find("other"));
  assert.deepEqual(asked, ["e0", "root?…"], "once more, and no more");
  down = false;
  assert.deepEqual(await entriesOf(engine, "word "), [0]);
});

test("files are asked for side by side", async () => {
  const files = encode(sitePlain({ aword: [0], zword: [1], mword: [2] }, { perFile: 1 }));
  let running = 0;
  let most = 0;
  const engine = makeEngine("", async (name) => {
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, 5));
    running -= 1;
    return files.get(name);
  });
  await engine.find("aword zword mword ");
  assert.equal(most, 3);
});

test("scripts are put on the page, answer by their name, and are removed", async (context) => {
  const files = encode(sitePlain({ word: [0] }));
  const scripts = [];
  let gone = "";
  globalThis.document = {
    createElement: () => ({
      remove() {
        scripts.splice(scripts.indexOf(this), 1);
      },
    }),
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
  context.after(() => delete globalThis.document);
  const asked = [];
  const engine = makeEngine("https://example.org/search/");
  assert.deepEqual(await entriesOf(engine, "word "), [0]);
  assert.equal(scripts.length, 0);
  assert.equal(asked[0], "https://example.org/search/root.js");
  assert.match(asked[1], /^https:\/\/example\.org\/search\/data\/w0-[a-z]{4}\.js$/);
  gone = [...files.keys()].find((name) => name.startsWith("r0"));
  await assert.rejects(engine.entries([0]));
  assert.match(asked.at(-3), /root\.js\?\d{13}$/);
  globalThis.folkmootShelf("nobody-asked", 1);
});

test("shelf files are read strictly", () => {
  assert.deepEqual(valueOf('folkmootShelf("p0-abcd",["a"])\n', "p0-abcd"), ["a"]);
  assert.throws(() => valueOf('folkmootShelf("p1-abcd",["a"])', "p0-abcd"));
  assert.throws(() => valueOf('folkmootShelf("p0-abcd",["<"])', "p0-abcd"));
});
