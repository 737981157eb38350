"""Posts that are on disk when their answer comes: how many a second, how many waits for the disk, and who waits meanwhile."""

import contextlib
import os
import sqlite3
import statistics
import subprocess
import time

import client
import servers
import sites
import strace
from measure import Load, interleaved, percentile, ratios

SECTION = "Writes"
CONNECTIONS = (1, 16, 64)
FORM = {
    "title": "A kettle on monday, 월요일의 주전자",
    "body": "The kettle sings on monday. 주전자는 월요일에 노래한다. " * 4,
}
PROVEN_POSTS = 200
TRACED_SECONDS = 3
READS_PER_SECOND = 100
# After a run, for what was under way when wrk ended.
SETTLE_SECONDS = 0.3


def measure(run):
    instance = run.sites.ours(5, key="writes")
    flaskr = servers.ours(run.tools, instance)
    cookie = client.log_in(flaskr.port, sites.AUTHOR, run.password)
    proof(run, flaskr, cookie)
    fsyncs(run, flaskr, cookie)
    reads(run, flaskr, cookie)
    rates(run, flaskr, cookie, instance)
    disk(run)
    flaskr.stop()


def posting(server, cookie, connections, seconds, status=303):
    return Load(server, "/create", cookie, connections, seconds, status=status, form=FORM)


def rates(run, flaskr, cookie, instance):
    """At so many connections, and the original's at the most of them."""
    database = run.sites.original(5, key="writes")
    waitress = servers.original(run.tools, "waitress", database)
    theirs = client.log_in(waitress.port, sites.AUTHOR, run.password)
    loads = {number: posting(flaskr, cookie, number, run.seconds) for number in CONNECTIONS}
    loads["waitress"] = posting(waitress, theirs, CONNECTIONS[-1], run.seconds, status=302)
    path = os.path.join(instance, "flaskr.sqlite")
    cases = {
        name: (lambda load=load, path=database if name == "waitress" else path: stored_rate(load, lambda: count(path)))
        for name, load in loads.items()
    }
    found = interleaved(run.rounds, cases)
    waitress.stop()
    most = CONNECTIONS[-1]
    run.report.ratio(
        f"POST /create, {most} connections, to waitress", ratios(found[most], found["waitress"]), "at least 20"
    )
    run.report.ratio(f"POST /create, {most} connections to 1", ratios(found[most], found[1]), "at least 4")
    for name, values in found.items():
        label = f"{most} connections, waitress" if name == "waitress" else f"{connections_of(name)}, flaskr"
        run.report.figure(SECTION, f"POST /create, {label}", values, "/s")


def connections_of(number):
    return f"{number} connection{'s' * (number > 1)}"


def stored_rate(load, count):
    """The rate of a run, after which every post that was answered for is in the database, which `count` asks."""
    before = count()
    rate = load.rate()
    time.sleep(SETTLE_SECONDS)
    added = count() - before
    if not load.requests <= added <= load.requests + 2 * load.connections:  # some were under way at the end
        raise client.Wrong(f"{load.server.name}: {load.requests} posts were answered for, {added} are there")
    return rate


def count(path):
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as database:
        return database.execute("SELECT count(*) FROM post").fetchone()[0]


def fsyncs(run, flaskr, cookie):
    """How many waits for the disk there are for an answer."""
    for number in CONNECTIONS:
        load = posting(flaskr, cookie, number, TRACED_SECONDS)
        with strace.Trace(run, flaskr, "-c", "-e", "trace=fsync,fdatasync") as trace:
            load.rate()
        target = "at most 0.1" if number == CONNECTIONS[-1] else ""
        waits = sum(trace.counts().values()) / load.requests
        run.report.figure(SECTION, f"fsyncs for an answer, {connections_of(number)}", waits, "", target)


def proof(run, flaskr, cookie):
    """No answer comes before an fsync that began after its request."""
    forms = (client.request("/create", cookie, FORM | {"nonce": f"proof{number}"}) for number in range(PROVEN_POSTS))
    calls = "trace=read,recvfrom,write,writev,sendto,sendmsg,fsync,fdatasync"
    with strace.Trace(run, flaskr, "-y", "-s", "64", "-e", calls) as trace:
        client.each(flaskr.port, forms, 303)
    answers, early = strace.answers_before_fsync(trace.lines())
    if answers != PROVEN_POSTS or early:
        raise client.Wrong(f"of {PROVEN_POSTS} posts, {answers} answers were seen, {early} of them before their fsync")
    run.report.figure(
        SECTION, f"answers to {PROVEN_POSTS} posts, one at a time, that came before their fsync", early, "", "at most 0"
    )


def reads(run, flaskr, cookie):
    """What a reader waits for the front page, without and with those who write."""
    asked, writing = client.request("/"), posting(flaskr, cookie, CONNECTIONS[-1], run.seconds)
    cases = {
        "without writes": lambda: waits(run, flaskr, asked),
        "under writes": lambda: waits_under(run, writing, flaskr, asked),
    }
    found = interleaved(run.rounds, cases)
    for share, name in enumerate(("p50", "p99")):
        quiet, busy = ([pair[share] for pair in found[case]] for case in cases)
        target = f"at most {1.5 * statistics.median(quiet) + 2:.1f}" if name == "p99" else ""
        run.report.figure(SECTION, f"{name} of GET /, without writes", quiet, "ms")
        run.report.figure(SECTION, f"{name} of GET /, under {CONNECTIONS[-1]} connections of posts", busy, "ms", target)


def waits(run, flaskr, asked):
    """The p50 and the p99 of GET / in milliseconds."""
    times = client.paced(flaskr.port, asked, READS_PER_SECOND, run.seconds * 2)
    return 1000 * percentile(times, 0.5), 1000 * percentile(times, 0.99)


def waits_under(run, load, flaskr, asked):
    """The same, while a load runs; which must last longer, and be answered as it should."""
    with running(load, run.seconds * 2 + 1):
        time.sleep(0.3)
        return waits(run, flaskr, asked)


@contextlib.contextmanager
def running(load, seconds):
    """A load beside what is measured."""
    process = subprocess.Popen(load.command(seconds), stdout=subprocess.PIPE, text=True)
    try:
        yield
    except BaseException:
        process.kill()
        raise
    finally:
        output = process.communicate()[0]
    load.checked(output)


def disk(run):
    """What one wait for the disk takes here, for comparison."""
    path = os.path.join(run.tools.work, "fdatasync")
    with open(path, "wb", buffering=0) as file:
        times = []
        for _ in range(100):
            file.write(b"x" * 4096)
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(1000 * (time.perf_counter() - start))
    os.remove(path)
    run.report.figure(SECTION, "an fdatasync of 4 KiB on this disk, from Python", times, "ms")
