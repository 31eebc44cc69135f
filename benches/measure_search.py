#!/usr/bin/env python3
"""Times what the search index adds to a build, and measures the index: files, bytes, and what a reader's browser loads.

    benches/measure_search.py FOLKMOOT CORPUS SITES

Called by benches/run. SITES is made here and left to the caller; it should be in memory. CORPUS is built with search and
with `[search] enabled = false`, in turns; the differences are of the medians and of the peaks. The rest is about the site
with search: what lies under search/ here, and the bytes and the script of queries by search_wire.mjs, where there is
Node.js. Beside each figure stands the limit of SPEC section 13, where there is one.
"""

import gzip
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from measure import plain_work, run, size_of

ROUNDS = 5
# SPEC section 13.
ADDED_SECONDS = 1.5
ADDED_MEGABYTES = 150
SHARE_OF_MARKDOWN = 0.6
WITHOUT = "\n[search]\nenabled = false\n"


def main():
    folkmoot, corpus, sites = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    sites.mkdir()
    file = corpus / "folkmoot.toml"
    settings = file.read_text(encoding="utf-8")
    if "[search]" in settings:
        sys.exit(f"{file} has settings for search already; measure a corpus that has none.")
    both = {"without": settings + WITHOUT, "with": settings}
    spent, sizes, baseline = {which: [] for which in both}, {}, []
    for turn in range(ROUNDS):
        baseline.append(plain_work(corpus, sites / "plain"))
        # Neither is always the one that comes after the other.
        for which in sorted(both, reverse=turn % 2 == 0):
            file.write_text(both[which], encoding="utf-8")
            out = sites / which
            shutil.rmtree(out, ignore_errors=True)
            spent[which].append(run(folkmoot, "build", corpus, "--out", str(out)))
            sizes[which] = size_of(out)
    file.write_text(settings, encoding="utf-8")
    shutil.rmtree(sites / "plain")
    shutil.rmtree(sites / "without")

    print(f"{'Search':<24} {'median s':>9} {'min s':>7} {'processor':>10} {'peak MB':>8} {'files':>7} {'MB':>7}")
    for which, runs in spent.items():
        files, size = sizes[which]
        print(
            f"{f'build {which} search':<24} {median(runs, 'seconds'):>9.3f} {min(one.seconds for one in runs):>7.3f}"
            f" {median(runs, 'processor'):>10.3f} {peak(runs) / 1e6:>8.0f} {files:>7} {size / 1e6:>7.1f}"
        )
    print(f"{'plain work':<24} {statistics.median(baseline):>9.3f} {min(baseline):>7.3f}")

    seconds = median(spent["with"], "seconds") - median(spent["without"], "seconds")
    megabytes = (peak(spent["with"]) - peak(spent["without"])) / 1e6
    markdown = sum(path.stat().st_size for path in (corpus / "content").rglob("*.md"))
    index = sites / "with" / "search"
    files, size = size_of(index)
    largest = max((path for path in index.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    # No time stands in the copy that is weighed.
    packed = len(gzip.compress(largest.read_bytes(), 6, mtime=0))
    figure("added to a build", f"{seconds:.3f} s", seconds, ADDED_SECONDS, "1.5 s")
    figure("added to the peak", f"{megabytes:.0f} MB", megabytes, ADDED_MEGABYTES, "150 MB")
    figure("files of the index", str(files))
    figure("bytes of the index", f"{size / 1e6:.2f} MB")
    figure("share of the Markdown", f"{size / markdown:.1%} of {markdown / 1e6:.1f} MB", size / markdown, SHARE_OF_MARKDOWN, "60 %")
    figure("largest file", f"{largest.stat().st_size / 1e3:.1f} kB, {packed / 1e3:.1f} kB packed: {largest.name}")

    if not shutil.which("node"):
        print("What a browser loads was not measured: there is no Node.js.")
        return
    sys.stdout.flush()
    wire = Path(__file__).with_name("search_wire.mjs")
    if subprocess.run(["node", str(wire), str(sites / "with")], check=False).returncode != 0:
        sys.exit("The queries could not be measured.")


def figure(name, text, value=None, limit=None, said=""):
    """One line of the table: a figure, and whether it keeps its limit. search_wire.mjs prints the same."""
    verdict = "" if limit is None else f"limit {said}: {'within' if value <= limit else 'OVER'}"
    print(f"{name:<44} {text:>28}  {verdict}".rstrip())


def median(runs, field):
    return statistics.median(getattr(one, field) for one in runs)


def peak(runs):
    return max(one.peak for one in runs)


if __name__ == "__main__":
    main()
