"""This daemon on both engines: the same site in a file and on a PostgreSQL server of this machine, which take turns."""

import itertools
import time

import client
import growth
import logins
import sides
import sites
import start
import writes
from measure import Load, interleaved, percentile, ratios
from pages import cold_rate, walk
from words import Text

POSTS, POSTS_QUICK = 100_000, 20_000
RATES = "Answers a second"
TIMES = "Milliseconds"
SEARCH = "Milliseconds of a search"
SIZES = "Seconds and megabytes"
PAGES = 20_000
# How many times the rounds, where a ratio is asked for: these machines differ by more from one second to the next.
HELD_FACTOR = 4
# The last is for what a server can at most: of 64, each waits for 50 ms.
WRITERS = (1, 64, 256)
CPU = "Microseconds on the cores, for an answer"


def measure(run):
    posts = POSTS_QUICK if run.quick else POSTS
    with sides.postgres() as postgres:
        run.report.machine["PostgreSQL"] = describe(postgres)
        file = sides.InFile(run, posts, "engines")
        both = [file, sides.OnServer(run, postgres, file, "large")]
        index(run, both, posts)
        pages(run, both)
        cold(run, both, posts, postgres)
        search(run, both)
        hashes(run, both)
        for side in both:
            side.server.stop()
        starts(run, both)
        memory(run, both, min(PAGES, posts), postgres)
        small = sides.InFile(run, 5, "engines-writes")
        write(run, [small, sides.OnServer(run, postgres, small, "small")], postgres)


def describe(postgres):
    """Its version, and what of its settings matters most."""
    settings = ("shared_buffers", "fsync", "synchronous_commit")
    said = ", ".join(f"{name} = {postgres.ask(f'SHOW {name}')}" for name in settings)
    return f"{postgres.ask('SHOW server_version')}; its settings are its own: {said}"


def compare(run, section, label, found, target=""):
    """A row of what was measured of both, and the ratio round by round."""
    ratio = ratios(found[sides.POSTGRES], found[sides.SQLITE])
    run.report.across(section, label + (f" (ratio: {target})" if target else ""), found | {"ratio": ratio})


def index(run, both, posts):
    """From the start of the daemon, with no post in the index, until all are."""
    for side in both:
        begun = time.monotonic()
        side.start()
        side.wait_until_indexed()
        side.index_seconds = time.monotonic() - begun
    both[1].settle()
    compare(run, SIZES, f"seconds until {posts:,} posts are indexed", {side.name: [side.index_seconds] for side in both})
    run.report.across(SIZES, f"seconds to copy {posts:,} posts there", {sides.POSTGRES: [both[1].copy_seconds]})


def pages(run, both):
    """The front page in the ways that it is asked for."""
    tags = {side.name: client.field(client.ask(side.server.port, "/"), "etag") for side in both}
    cookies = log_in(run, both)
    rates(run, both, "GET /, 32 connections", "at least 0.95", lambda _: {"connections": 32}, HELD_FACTOR)
    rates(run, both, "GET /, 256 connections", "at least 0.95", lambda _: {"connections": 256}, HELD_FACTOR)
    rates(run, both, "GET /, answered 304", "", lambda name: {"headers": {"If-None-Match": tags[name]}, "status": 304})
    rates(run, both, "GET /, logged in", "", lambda name: {"headers": cookies[name]})


def log_in(run, both):
    """A header for each, of the author of the most."""
    return {side.name: client.log_in(side.server.port, sites.AUTHOR, run.password) for side in both}


def rates(run, both, label, target, asked, factor=1):
    """The rate of a page, which `asked` says for each side."""
    loads = {side.name: Load(side.server, seconds=run.seconds, **asked(side.name)) for side in both}
    compare(run, RATES, label, interleaved(factor * run.rounds, {name: load.rate for name, load in loads.items()}), target)


def cold(run, both, posts, postgres):
    """Posts that nobody has asked for since the start."""
    loads = {side.name: walk(side.server, posts) for side in both}
    cases = {name: (lambda load=load: cold_rate(load, posts)) for name, load in loads.items()}
    costly(run, "GET /<id>, each another one, 32 connections", loads, cases, postgres)


def costly(run, label, loads, cases, postgres):
    """The rate, the wait and the cost of what asks the database."""
    servers_cpu = []

    def beside(name):
        before = sides.cpu_seconds(postgres)
        rate = cases[name]()
        if name == sides.POSTGRES:
            servers_cpu.append((sides.cpu_seconds(postgres) - before) / loads[name].requests * 1e6)
        return rate

    compare(run, RATES, label, interleaved(run.rounds, {name: (lambda name=name: beside(name)) for name in cases}))
    times = {name: [1000 * seconds for seconds in load.p99_seconds] for name, load in loads.items()}
    compare(run, TIMES, f"{label}, p99", times)
    daemons = {f"daemon on {name}": load.cpu_micros for name, load in loads.items()}
    whole = [daemon + server for daemon, server in zip(loads[sides.POSTGRES].cpu_micros, servers_cpu)]
    ratio = {"ratio, of all": ratios(whole, loads[sides.SQLITE].cpu_micros)}
    run.report.across(CPU, label, daemons | {"PostgreSQL itself": servers_cpu} | ratio)


def search(run, both):
    """What one waits for, one search at a time; after each hundred it is the other engine's turn."""
    cookies = log_in(run, both)
    text = Text()
    for language, letters, rare in itertools.product(("English", "Korean"), (1, 2, 3), (False, True)):
        words = text.class_of(text.english if language == "English" else text.korean, letters, rare, growth.SAMPLE_WORDS)
        if not rare:
            for side in both:
                growth.must_find(side.server, words[0])
        times = {side.name: [] for side in both}
        while len(times[sides.SQLITE]) < run.searches:
            for side in both:
                times[side.name] += growth.search_each(side.server, cookies[side.name], words)
        length = {1: "1 letter", 2: "2 letters", 3: "3 or more letters"}[letters]
        columns = {
            f"{name}, p{100 * share:.0f}": 1000 * percentile(times[name], share)
            for share in (0.5, 0.99)
            for name in (sides.SQLITE, sides.POSTGRES)
        }
        for share in ("p50", "p99"):
            columns[f"ratio, {share}"] = columns[f"{sides.POSTGRES}, {share}"] / columns[f"{sides.SQLITE}, {share}"]
        run.report.across(SEARCH, f"{'rare' if rare else 'common'} {language} words of {length}", columns)


def hashes(run, both):
    """Logins, which wait for the hash of a password."""
    form = {"username": sites.AUTHOR, "password": run.password}
    more = {"connections": logins.CONNECTIONS, "seconds": logins.SECONDS, "status": 303, "form": form}
    loads = {side.name: Load(side.server, "/auth/login", **more) for side in both}
    label = f"logins, {logins.CONNECTIONS} connections"
    cases = {name: (lambda load=load: settled_rate(load)) for name, load in loads.items()}
    compare(run, RATES, label, interleaved(run.rounds, cases))


def settled_rate(load):
    """The rate, after which the queue of logins is empty again: it has room for these and no more."""
    rate = load.rate()
    time.sleep(writes.SETTLE_SECONDS)
    return rate


def starts(run, both):
    """Until the daemon serves, and what it has in memory then."""
    found = {side.name: [] for side in both}
    for side in both * run.starts:
        found[side.name].append(start.started(run, side.instance, side.settings))
    for section, label, which in ((TIMES, "from the start to READY=1", 0), (SIZES, "MB resident after the start", 1)):
        compare(run, section, label, {name: [one[which] for one in values] for name, values in found.items()})


def memory(run, both, pages, postgres):
    """What the daemon has in memory with a full cache, and the server beside it."""
    found = {}
    for side in both:
        server = side.start()
        start.ask_for_pages(server, pages)
        found[side.name] = [server.memory_mb("VmHWM")]
        if side.name == sides.POSTGRES:
            run.report.across(SIZES, "MB of the server's processes meanwhile", {side.name: [sides.memory_mb(postgres)]})
        server.stop()
    compare(run, SIZES, f"MB resident at most, {pages:,} pages in {len(start.ENCODINGS)} encodings", found)


def write(run, both, postgres):
    """Posts that are on disk when they are answered for. What they leave for the index is done before the other's turn."""
    for side in both:
        side.start()
    cookies = log_in(run, both)
    for connections in WRITERS:
        loads = {side.name: writes.posting(side.server, cookies[side.name], connections, run.seconds) for side in both}
        cases = {side.name: (lambda side=side: stored_rate(side, loads[side.name])) for side in both}
        costly(run, f"POST /create, {writes.connections_of(connections)}", loads, cases, postgres)
    for side in both:
        side.server.stop()


def stored_rate(side, load):
    rate = writes.stored_rate(load, side.posts)
    side.wait_until_indexed()
    return rate
