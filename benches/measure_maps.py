#!/usr/bin/env python3
"""Times what a gap map adds: the same corpus with a map declared and without, in turn.

    benches/measure_maps.py FOLKMOOT CORPUS SITES

Called by benches/run on a corpus that was generated with --map. SITES is made here and left to the caller.

Without a map means that the settings declare it over a dimension that no topic has, so that it is left out: with nothing
declared there would be the usual map, and placements by hand that name this one would be mistakes. All content is the
same, so what differs is the map's.

A map costs something to reckon and something to write, for it has a page for every cell. Three commands do more and
more of a build, and so the difference that a map makes to each tells these apart:

    gaps    reads, resolves, reckons maps and gives out all addresses, and renders nothing but ten lines
    check   the same, and renders every page and forgets it
    build   the same as check, and adds the search index and writes

A page of a cell also looks things up while it is rendered (neighbours, the arithmetic), which is not in what `gaps` takes.
So there are two more figures: the whole difference less what as many other files cost after `gaps`, and less what as many
other bytes do. They say what maps add if their pages are to be no dearer than the rest. (The rest includes the search
index, so they are a little too kind; and pages of cells are small, so by bytes they look dear.)

Differences are medians over rounds of what the two took within a round. Where the machine has other work, look at the
least and at processor seconds, of which two cores have two a second.
"""

import operator
import shutil
import statistics
import sys
from pathlib import Path

from measure import plain_work, run, size_of

ROUNDS = 5
# SPEC section 13: what maps may add to a build of 10,000 entries, besides writing their pages.
BUDGET = 0.5
COMMANDS = ("gaps", "check", "build")
MAP = "\n[[maps]]\n"
SECONDS = operator.attrgetter("seconds")
PROCESSOR = operator.attrgetter("processor")


def settings(text):
    """The settings without a map and with the first that is declared; others are left out of both."""
    head, first, *others = text.split(MAP)

    def left_out(declared):
        identity = next(line for line in declared.splitlines() if line.startswith("id = "))
        return f'{MAP}{identity}\nrows = {{ topics = "no topic has this" }}\n'

    others = "".join(map(left_out, others))
    return {"without": head + left_out(first) + others, "with": head + MAP + first + others}


def main():
    folkmoot, corpus, sites = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    sites.mkdir()
    file = corpus / "folkmoot.toml"
    both = settings(file.read_text(encoding="utf-8"))
    spent = {(which, command): [] for which in both for command in COMMANDS}
    sizes, baseline = {}, []
    for turn in range(ROUNDS):
        baseline.append(plain_work(corpus, sites / "plain"))
        # Neither is always the one that comes after the other.
        for which in sorted(both, reverse=turn % 2 == 0):
            file.write_text(both[which], encoding="utf-8")
            for command in COMMANDS:
                out = sites / which
                options = {"gaps": ["--top", "10"], "check": [], "build": ["--out", str(out)]}[command]
                spent[which, command].append(run(folkmoot, command, corpus, *options))
            sizes[which] = size_of(out)
            shutil.rmtree(out)

    print(f"{'':<10} {'without s':>9} {'with s':>8} {'added':>8} {'of least':>9} {'processor':>10} {'peak MB':>9} {'added':>6}")
    for command in COMMANDS:
        without, with_map = spent["without", command], spent["with", command]
        peak, other = (max(one.peak for one in runs) for runs in (with_map, without))
        least = min(one.seconds for one in with_map) - min(one.seconds for one in without)
        print(
            f"{command:<10} {median(without, SECONDS):>9.3f} {median(with_map, SECONDS):>8.3f}"
            f" {added(spent, command, SECONDS):>8.3f} {least:>9.3f} {added(spent, command, PROCESSOR):>10.3f}"
            f" {peak / 1e6:>9.0f} {(peak - other) / 1e6:>6.0f}"
        )
    print(f"{'plain work':<10} {statistics.median(baseline):>9.3f}")
    files, size = sizes["without"]
    more_files, more_size = (b - a for a, b in zip(sizes["without"], sizes["with"]))
    print(f"without: {files} files, {size / 1e6:.1f} MB; the map adds {more_files} files, {more_size / 1e6:.1f} MB")

    figures = [figures_of(spent, sizes, of) for of in (SECONDS, PROCESSOR)]
    print(f"{'':<44} {'s':>8} {'processor':>10}")
    for (name, wall), (_, processor) in zip(*figures):
        print(f"{name:<44} {wall:>8.3f} {processor:>10.3f}")
    print(f"The budget is {BUDGET} s besides writing the map's pages.")


def median(runs, of):
    return statistics.median(map(of, runs))


def added(spent, command, of):
    """What the map adds to a command, within a round."""
    return statistics.median(of(a) - of(b) for a, b in zip(spent["with", command], spent["without", command]))


def figures_of(spent, sizes, of):
    """What is added where, and what of it remains besides pages at the usual cost of a file or of a byte."""
    gaps, check, build = (added(spent, command, of) for command in COMMANDS)
    pages = median(spent["without", "build"], of) - median(spent["without", "gaps"], of)
    yield "added by reckoning", gaps
    yield "added by rendering", check - gaps
    yield "added by search and writing", build - check
    for name, before, after in zip(("files", "bytes"), sizes["without"], sizes["with"]):
        yield f"added, less the usual cost of as many {name}", build - pages / before * (after - before)


if __name__ == "__main__":
    main()
