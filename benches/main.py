"""Runs the benchmarks that are named, or all of them, and writes docs/performance.md and its plot.

usage: main.py [--quick] [PART...]   called by benches/run, which has made what this needs
"""

import argparse
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
from types import SimpleNamespace

import chart
import document
import engines
import growth
import logins
import micro
import pages
import servers
import sites
import sizes
import start
import writes
from report import Report

PARTS = {
    "pages": pages,
    "sizes": sizes,
    "growth": growth,
    "writes": writes,
    "logins": logins,
    "start": start,
    "micro": micro,
    "engines": engines,
}
APART = "engines"  # is a part of the document that says itself what it was measured on
FULL = SimpleNamespace(quick=False, rounds=5, seconds=2, sizes=[10, 1000, 100_000, 1_000_000], searches=500, starts=20)
QUICK = SimpleNamespace(quick=True, rounds=2, seconds=1, sizes=[10, 1000, 20_000], searches=50, starts=5)


def parse():
    parser = argparse.ArgumentParser(prog="benches/run")
    parser.add_argument("--quick", action="store_true", help="a short form, for trying")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {' '.join(PARTS)}")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {' '.join(unknown)}")
    return arguments


def main():
    arguments = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    # Not /tmp, which may be in memory: writes are measured too.
    with tempfile.TemporaryDirectory(prefix="flaskr-benches-", dir="/var/tmp") as work:
        try:
            run_parts(arguments, work)
        except Exception:
            servers.say_last_words()
            raise
        finally:
            servers.stop_all()


def run_parts(arguments, work):
    run = SimpleNamespace(**vars(QUICK if arguments.quick else FULL))
    run.tools, run.password = tools(work), sites.PASSWORD
    run.sites, machine = sites.Sites(run.tools), document.machine(run)
    measured = [name for name in PARTS if not arguments.parts or name in arguments.parts]
    for name in measured:
        print(f"=== {name}", flush=True)
        run.report, begun = Report(), time.monotonic()
        run.report.machine = dict(machine)
        PARTS[name].measure(run)
        run.report.seconds = time.monotonic() - begun
        run.report.machine["Time taken"] = minutes(run.report)
        keep(run, name)
    if measured == [APART]:
        write_apart(run)
    else:
        write_all(run, machine)


def minutes(report):
    return f"{report.seconds / 60:.0f} minutes"


def write_all(run, machine):
    """What was measured, and what the others have said when they last were."""
    kept = {name: report for name in PARTS if (report := last(run, name))}
    apart = document.engines(run, kept[APART]) if APART in kept else ""
    run.report = Report.of([report for name, report in kept.items() if name != APART])
    complete = not run.quick and len(kept) == len(PARTS)
    directory = docs(run) if complete else run.tools.target
    write(directory, "performance.md", document.text(run, machine | {"Time taken": minutes(run.report)}, apart))
    write(directory, "performance.svg", chart.draw(run.report))


def write_apart(run):
    """The one part, into the document as it is."""
    with open(os.path.join(docs(run), "performance.md")) as file:
        whole = file.read()
    directory = run.tools.target if run.quick else docs(run)
    write(directory, "performance.md", document.with_engines(whole, document.engines(run, run.report)))


def docs(run):
    return os.path.join(run.tools.root, "docs")


def place(run, name):
    return os.path.join(run.tools.target, f"bench-{name}{'-quick' if run.quick else ''}.pickle")


def keep(run, name):
    """So that a part can be measured again without the others."""
    with open(place(run, name), "wb") as file:
        pickle.dump(run.report, file)


def last(run, name):
    """What was measured of a part when it last was."""
    if not os.path.exists(place(run, name)):
        return None
    with open(place(run, name), "rb") as file:
        return pickle.load(file)


def tools(work):
    """Where benches/run has put what is measured with."""
    names = ["root", "target", "original", "nginx", "micro", "allocations"]
    found = SimpleNamespace(work=work, **{name: os.environ[f"BENCH_{name.upper()}"] for name in names})
    release = os.path.join(found.target, "release")
    found.daemon, found.admin = (os.path.join(release, name) for name in ("flaskr", "flaskr-admin"))
    found.raw_hyper = os.path.join(release, "examples", "raw_hyper")
    return found


def write(directory, name, text):
    path = os.path.join(directory, name)
    with open(path, "w") as file:
        file.write(text)
    print(f"wrote {path}", flush=True)


if __name__ == "__main__":
    main()
