"""Backups of a database that is in use, and their way back.

usage: backup.py FLASKR TITLES     (the daemon, and the example that opens a database)
"""

import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from daemon import Daemon, Tests, Visitor

WRITERS = 4
FILLING = 60_000_000  # bytes of posts before, so that a backup takes a while
BODY = "word " * 12_000  # of each of them
BACKUPS = 4
KILLS = 25  # of a backup, and of a restore
SMALL_DISK = "8m"
UNFINISHED = "-unfinished"


class Site:
    """A daemon, its database, and flaskr-admin beside it."""

    def __init__(self, program, titles, place):
        self.program, self.titles = program, titles
        self.daemon = Daemon(program, place, environment={"FLASKR_LIMITS_FORM_BYTES_MAX": "1000000"}).serving()
        self.place = self.daemon.place
        self.database = self.place / "instance" / "flaskr.sqlite"
        self.visitor = Visitor(self.daemon).log_in()

    def admin(self, *words):
        return subprocess.run([self.program, "admin", *map(str, words)], cwd=self.place, capture_output=True, text=True)

    def begin(self, *words):
        return subprocess.Popen([self.program, "admin", *map(str, words)], cwd=self.place,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def fill(self):
        for number in range(FILLING // len(BODY)):
            status, page = self.visitor.create(f"old {number}", f"{number} {BODY}")
            assert status == 303, (status, page)

    def found(self, database):
        """What SQLite says of the whole file, and the titles in it."""
        answer = subprocess.run([self.titles], input=f"{database}\n", capture_output=True, text=True, check=True)
        state, *titles = answer.stdout.rstrip("\n").split("\t")
        return state, set(titles)


class Writer(threading.Thread):
    """Stores posts without a pause, and knows how long each took."""

    def __init__(self, daemon, cookie, name):
        super().__init__()
        self.visitor, self.prefix = Visitor(daemon, cookie), name
        self.acknowledged, self.times, self.ended, self.failed = [], [], False, []

    def run(self):
        count = 0
        while not self.ended:
            began, title = time.monotonic(), f"{self.prefix}n{count}"
            count += 1
            status, page = self.visitor.create(title, title * 100)
            self.times.append((began, time.monotonic() - began))
            if status == 303:
                self.acknowledged.append(title)
            else:
                self.failed.append(f"{status} {page[:200]}")


class Reader(Writer):
    """Reads pages without a pause; none of them is kept ready."""

    def run(self):
        count = 0
        while not self.ended:
            began = time.monotonic()
            count += 1
            status, _ = self.visitor.get(f"/{count % 500 + 1}?{count}")
            self.times.append((began, time.monotonic() - began))
            if status != 200:
                self.failed.append(str(status))


def p99(times, spans):
    """Of those that began in one of these spans, in ms."""
    took = [seconds for began, seconds in times if any(begin <= began <= end for begin, end in spans)]
    return statistics.quantiles(took, n=100)[98] * 1000 if len(took) > 1 else 0.0, max(took, default=0) * 1000


def under_load(site, tests):
    cookie = site.visitor.cookie
    writers = [Writer(site.daemon, cookie, f"w{number}") for number in range(WRITERS)]
    reader = Reader(site.daemon, cookie, "r")
    for thread in [*writers, reader]:
        thread.start()
    began = time.monotonic()
    time.sleep(3)
    quiet, busy, faults = [(began, time.monotonic())], [], []
    for number in range(BACKUPS):
        before = {title for writer in writers for title in list(writer.acknowledged)}
        began = time.monotonic()
        answer = site.admin("backup", f"{site.place}/copies/", "--json")
        busy.append((began, time.monotonic()))
        if answer.returncode:
            faults.append(answer.stderr)
            continue
        shown = json.loads(answer.stdout)
        state, titles = site.found(shown["file"])
        if state != "ok" or not before <= titles or shown["posts"] != len(titles) or os.stat(shown["file"]).st_mode & 0o777 != 0o600:
            faults.append(f"{shown}: {state}, {len(before - titles)} lost, {len(titles)} titles")
    log = pathlib.Path(f"{site.database}-wal").stat().st_size / 2**20
    for thread in [*writers, reader]:
        thread.ended = True
    for thread in [*writers, reader]:
        thread.join()
    writes = [took for writer in writers for took in writer.times]
    failed = [fault for thread in [*writers, reader] for fault in thread.failed]
    for what, times in (("writes", writes), ("reads", reader.times)):
        (calm, calm_max), (loaded, loaded_max) = p99(times, quiet), p99(times, busy)
        print(f"# {what}: p99 {calm:.0f} ms (slowest {calm_max:.0f}) before, {loaded:.0f} ms ({loaded_max:.0f}) during a backup")
    took = statistics.mean(end - begin for begin, end in busy)
    print(f"# {site.database.stat().st_size / 2**20:.0f} MiB in {took:.1f} s, {len(writes)} posts stored; the log has {log:.0f} MiB")
    tests.check(f"{BACKUPS} backups while {WRITERS} write: each whole, with all that was acknowledged before", not faults, "\n".join(faults))
    tests.check("and no write or read failed, or took 3 s", not failed and p99(writes, busy)[1] < 3000, failed[:5])
    tests.check("nothing unfinished is left", not list((site.place / "copies").glob(f"*{UNFINISHED}*")))
    tests.check("a restore is refused while the daemon runs", site.admin("restore", shown["file"], "--force").returncode == 5)


def killed(site, tests, chance):
    """kill -9 of a backup: there is one under its name that is whole, or none."""
    copies, faults, made = site.place / "killed", [], 0
    copies.mkdir()
    began = time.monotonic()
    assert site.admin("backup", site.place / "whole").returncode == 0
    seconds = time.monotonic() - began
    for _ in range(KILLS):
        process = site.begin("backup", copies)
        time.sleep(chance.uniform(0, seconds))
        process.kill()
        process.wait()
        for path in copies.iterdir():
            if UNFINISHED not in path.name:
                made += 1
                if site.admin("verify", path).returncode:
                    faults.append(path.name)
                path.unlink()
    tests.check(f"{KILLS} times kill -9 of a backup: {made} whole, no half one", not faults and made < KILLS, faults)
    tests.check("and the next one works", site.admin("backup", copies).returncode == 0)
    tests.check("and leaves nothing unfinished", len(list(copies.iterdir())) == 1, list(copies.iterdir()))


def full_disk(site, tests):
    small = site.place / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", small], check=True)
    try:
        answer = site.admin("backup", small)
        tests.check("on a full disk a backup says so", answer.returncode == 1 and "full" in answer.stderr, answer)
        tests.check("and leaves nothing there", not list(small.iterdir()), list(small.iterdir()))
    finally:
        subprocess.run(["umount", small], check=True)


def restored(site, tests, chance):
    """kill -9 of a restore: the old database or the new one is there."""
    Visitor(site.daemon, site.visitor.cookie).create("since the backup")
    site.daemon.stop()
    copy = site.place / "whole"
    _, new = site.found(copy)
    began = time.monotonic()
    old_copy = site.place / "old"
    assert site.admin("backup", old_copy).returncode == 0
    _, old = site.found(old_copy)
    answer = site.admin("restore", copy, "--force")
    seconds = time.monotonic() - began
    tests.check("a backup is restored", answer.returncode == 0 and site.found(site.database) == ("ok", new), answer)
    (before,) = site.database.parent.glob("flaskr.sqlite.backup-*")
    tests.check("and what was there is kept", site.found(before) == ("ok", old))
    tests.check("with nothing else beside it", sorted(path.name for path in site.database.parent.iterdir() if "backup" not in path.name and "sqlite" in path.name) == ["flaskr.sqlite"],
                list(site.database.parent.iterdir()))
    before.unlink()
    states, faults = {"old": 0, "new": 0}, []
    for number in range(KILLS):
        process = site.begin("restore", (old_copy, copy)[number % 2], "--force")
        time.sleep(chance.uniform(0.2, 1.0) * seconds)
        process.kill()
        process.wait()
        state, titles = site.found(site.database)
        if state == "ok" and titles in (old, new):
            states["old" if titles == old else "new"] += 1
        else:
            faults.append(f"{state}, {len(titles)} titles")
        for path in site.database.parent.glob("flaskr.sqlite.backup-2*"):
            if site.found(path)[0] != "ok":
                faults.append(path.name)
            path.unlink()
    tests.check(f"{KILLS} times kill -9 of a restore: {states['old']} times one of two databases, {states['new']} times the other, always whole",
                not faults, "\n".join(faults))
    tests.check("and the next one works", site.admin("restore", copy, "--force").returncode == 0 and site.found(site.database) == ("ok", new))
    # One that begins while the daemon starts, or a daemon that starts while it is restored.
    process = site.begin("restore", old_copy, "--force")
    time.sleep(0.1)
    site.daemon = Daemon(site.program, site.place).serving()
    process.wait()
    visitor = Visitor(site.daemon).log_in()
    tests.check("a daemon started meanwhile serves the one or the other", visitor.create("after it")[0] == 303)
    site.daemon.stop()
    state, titles = site.found(site.database)
    tests.check("and it is whole, with what was stored since", state == "ok" and titles in (old | {"after it"}, new | {"after it"}),
                f"{state}, {len(titles)} titles")


def main(program, titles):
    tests, chance = Tests(), random.Random(1)
    with tempfile.TemporaryDirectory(prefix="flaskr-backup.") as directory:
        site = Site(os.path.abspath(program), os.path.abspath(titles), f"{directory}/place")
        try:
            site.fill()
            under_load(site, tests)
            killed(site, tests, chance)
            full_disk(site, tests)
            restored(site, tests, chance)
        finally:
            site.daemon.discard()
    tests.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
