"""What becomes of two daemons when their PostgreSQL is away, or does not do what it should: of pages, of forms, of the log.

usage: outage.py FLASKR [FAULT...]     (run by tests/system/outage)
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

from cluster import Server, seconds_until
from daemon import Visitor, until
from outage_bench import CONNECTIONS, LASTING, Away, Bench, away, show, tests
from outage_start import away_at_start, refused
from watchers import Reader, Writer, come, leave, lost_and_doubled


# ---- the server ends ----

def killed(bench):
    away(bench, "killed", bench.server.kill, bench.restart, 8)


def shut_down(bench):
    for how in ("immediate", "fast"):
        def end_it():
            bench.server.shut_down(how)
            bench.server.process.wait(30)
        away(bench, f"{how} shutdown", end_it, bench.restart, 8)


def smart_shutdown(bench):
    """It takes no new connections, and waits for those who are there, so that all goes on, until its administrator has had enough."""
    with bench.nodes() as nodes:
        visitors = Away(bench, nodes, "smart shutdown")
        def begin():
            asked = time.monotonic()
            bench.server.shut_down("smart")
            until(lambda: all(writer.since(asked + 3) for writer in visitors.writers))
            failed = [one for writer in visitors.writers for one in writer.since(asked) if one.status != 303]
            tests.check("smart shutdown: as long as the server waits for its clients, all goes on", not failed, failed[:5])
            visitors.begun = time.monotonic()
            bench.server.shut_down("fast")
            bench.server.process.wait(30)
        visitors.last(begin, bench.restart, 8)
        visitors.check_all()


# ---- the server does not answer ----

def paused(bench):
    away(bench, "paused", bench.server.pause, bench.server.go_on, 20)


def partitioned(bench):
    away(bench, "partitioned", bench.server.machine.unplug, bench.server.machine.plug, 15)


# ---- it refuses ----

def terminated(bench):
    """An administrator ends all connections, again and again, in the middle of what they are asked."""
    with bench.nodes() as nodes:
        visitors, is_over, times = Away(bench, nodes, "terminated"), threading.Event(), []
        # A search is never kept: each of these is read.
        searching = [Reader(node, ("/?q=first", "/?q=text"), 0) for node in nodes]
        come(*searching)
        def again():
            """What is cut off is read again once, so that nobody is cut off twice: each has asked, and has an answer, in between."""
            last = time.monotonic()
            while not is_over.wait(0.2):
                until(lambda: all(reader.since(last) for reader in (*visitors.readers, *searching)))
                times.append(len(bench.server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'flaskr'")))
                last = time.monotonic()
        thread = threading.Thread(target=again)
        def end():
            is_over.set()
            thread.join()
        visitors.last(thread.start, end, 8)
        leave(*searching)
        visitors.report()
        failures = [one for reader in (*visitors.readers, *searching) for one in reader.failures()]
        tests.check(f"terminated: {sum(times)} connections in 8 s, and each page shows, as does each of {sum(len(reader.seen) for reader in searching)} searches",
                    sum(times) > 50 and not failures, failures[:5])
        forms = [one for writer in visitors.writers for one in writer.since(visitors.begun, visitors.ended)]
        stored = sum(one.status == 303 for one in forms)
        refused = [one for one in forms if one.status != 303]
        tests.check(f"terminated: {stored} of {len(forms)} forms are stored all the while, others 503 with Retry-After",
                    stored and all(one.status == 503 and one.retry_after for one in refused), refused[:5])
        visitors.check_return()


def no_connections(bench):
    """Others have all connections."""
    holders = []
    def is_taken():
        holders.extend(subprocess.Popen(["psql", "-XAtq", "-h", str(bench.server.place), "-U", "flaskr", "-c", "SELECT pg_sleep(100)"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(10))
        held = "SELECT count(*) FILTER (WHERE application_name = 'psql'), count(*) FILTER (WHERE application_name = 'flaskr') FROM pg_stat_activity WHERE usename = 'flaskr'"
        taken, ours = map(int, bench.server.sql(held)[0].split("|"))
        return taken >= CONNECTIONS - 3 and ours == 0
    def begin():
        """The daemons stand still meanwhile: they are faster than others at taking what is free."""
        for pid in visitors.pids:
            os.kill(pid, signal.SIGSTOP)
        bench.server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'flaskr'")
        until(is_taken, 0.2)
        for pid in visitors.pids:
            os.kill(pid, signal.SIGCONT)
        visitors.begun = time.monotonic()
    def end():
        for holder in holders:
            holder.terminate()
        bench.server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'flaskr' AND application_name = 'psql'")
    with bench.nodes() as nodes:
        visitors = Away(bench, nodes, "no connections")
        try:
            visitors.last(begin, end, 5)
        finally:
            end()
        visitors.report()
        visitors.check_forms()
        visitors.check_health()
        visitors.check_return()


def full_disk(bench):
    server = Server(bench.network.machine("small"), size="110m").create("min_wal_size = 2MB\nmax_wal_size = 16MB\n")
    filler = server.place / "filler"
    try:
        with bench.nodes(server) as nodes:
            visitors = Away(bench, nodes, "full disk")
            for writer in visitors.writers:
                writer.write = lambda visitor, title: visitor.create(title, os.urandom(60_000).hex())
            def begin():
                with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
                    while True:
                        file.write(bytes(65536))
                asked = time.monotonic()
                until(lambda: any(one.status != 303 for writer in visitors.writers for one in writer.since(asked)))
                visitors.begun = time.monotonic()
            def end():
                filler.unlink()
                print(f"#   the server {'has ended' if server.process.poll() is not None else 'is there'}")
                bench.restart()
            visitors.last(begin, end, 8)
            visitors.report()
            failures = [one for reader in visitors.readers for one in reader.failures()]
            tests.check("full disk: each page shows", not failures, failures[:5])
            visitors.check_forms()
            visitors.check_health()
            visitors.check_return()
            visitors.check_log()
    finally:
        server.discard()


# ---- somebody holds a lock ----

def long_lock(bench):
    """Nobody else reads or writes posts while somebody changes the table in psql."""
    holder = []
    def begin():
        holder.append(bench.server.holding("LOCK TABLE generation, post", 100))
        until(lambda: bench.server.sql("SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'post'::regclass"))
    def end():
        bench.server.sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'post'::regclass")
        holder[0].wait(10)
    with bench.nodes() as nodes:
        visitors = Away(bench, nodes, "long lock")
        visitors.last(begin, end, 12)
        visitors.report()
        visitors.check_pages()
        visitors.check_forms()
        visitors.check_health()
        visitors.check_return()


def node_stops_with_the_lock(bench):
    """A node is stopped in the middle of a transaction, in which it keeps all others from writing."""
    with bench.nodes() as nodes:
        cookie = Visitor(nodes[0]).log_in().cookie
        holder = bench.server.holding("LOCK TABLE post IN EXCLUSIVE MODE", 100)
        held = "SELECT 1 FROM pg_locks WHERE mode = 'ExclusiveLock' AND granted AND relation = 'post'::regclass"
        until(lambda: bench.server.sql(held))
        first, second = Writer(nodes[0], cookie, "stopped"), Writer(nodes[1], cookie, "other")
        first.start()
        until(lambda: bench.server.sql("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'post'::regclass"))
        os.kill(nodes[0].pid(), signal.SIGSTOP)
        bench.server.sql(f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE mode = 'ExclusiveLock' AND granted AND relation = 'post'::regclass AND pid <> pg_backend_pid()")
        holder.wait(10)
        until(lambda: bench.server.sql("SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'"))
        stopped = time.monotonic()
        second.start()
        waited = seconds_until(lambda: second.acknowledged)
        print(f"#   the other node wrote after {waited:.1f} s; it refused {len(second.failures())} forms before: {sorted({str(one.status) for one in second.failures()})}")
        tests.check("a node stopped with the lock: the other writes within 8 s", waited < 8, waited)
        tests.check("what it refuses until then is 503, with Retry-After", all(one.status == 503 and one.retry_after for one in second.failures()), second.failures())
        os.kill(nodes[0].pid(), signal.SIGCONT)
        until(lambda: first.acknowledged_since(stopped))
        leave(first, second)
        acknowledged = first.acknowledged + second.acknowledged
        lost, doubled = lost_and_doubled(bench.server, "post", "title", acknowledged)
        tests.check("going on it writes too, and nothing is lost or doubled", not lost and not doubled, (lost, doubled))
        show(nodes[0])


# ---- a newer node has been there ----

def newer(bench):
    """Another node has brought the database up to a schema that these do not know: one that they can live with, and one that they cannot."""
    schema = int(bench.server.sql("SELECT number FROM schema_version")[0])
    with bench.nodes() as nodes:
        visitors = Away(bench, nodes, "newer")
        bench.server.sql(f"BEGIN; SELECT 1 FROM generation FOR UPDATE; ALTER TABLE post ADD COLUMN later TEXT; UPDATE schema_version SET number = {schema + 1}; UPDATE generation SET number = number + 1; COMMIT")
        moved = time.monotonic()
        until(lambda: all(len(writer.since(moved)) > 20 for writer in visitors.writers))
        failed = [one for watcher in (*visitors.readers, *visitors.writers) for one in watcher.failures()]
        tests.check("a newer schema that fits: all goes on, without a word", not failed and not any(node.lines("ERROR") for node in nodes), failed[:3])
        another = bench.site.node(bench.network.machine("n3"))
        try:
            tests.check("started on it, a daemon serves", Visitor(another.serving()).get("/")[0] == 200)
        finally:
            another.discard()
        bench.server.sql(f"BEGIN; SELECT 1 FROM generation FOR UPDATE; ALTER TABLE post RENAME COLUMN body TO text; UPDATE schema_version SET number = {schema + 2}; "
                         f"UPDATE generation SET number = number + 1, oldest = {schema + 2}; COMMIT")
        moved = time.monotonic()
        until(lambda: time.monotonic() > moved + 5)
        leave(*visitors.readers, *visitors.writers)
        forms = [one for writer in visitors.writers for one in writer.since(moved)]
        tests.check(f"a newer schema that does not fit: {len(forms)} forms are 503 with Retry-After", forms and all(one.status == 503 and one.retry_after for one in forms), forms[:3])
        pages = [one for reader in visitors.readers for one in reader.since(moved + 1)]
        tests.check(f"{len(pages)} pages show as they were kept", pages and all(one.status == 200 and (one.stale or one.what == "/hello") for one in pages), pages[:3])
        show(nodes[0])
        said = [[line for line in node.lines("upgrade this node") if "answered 503" not in line] for node in nodes]
        tests.check("each log says once to upgrade, and nothing else", all(len(lines) == 1 and lines == node.lines("ERROR") for lines, node in zip(said, nodes)), nodes[0].log()[-1500:])
        another = bench.site.node(another.machine)
        try:
            code = another.end()
            tests.check(f"started on it, a daemon ends with {LASTING}, and says why", code == LASTING and another.lines("newer"), another.log())
        finally:
            another.discard()
        bench.server.sql(f"BEGIN; SELECT 1 FROM generation FOR UPDATE; ALTER TABLE post RENAME COLUMN text TO body; ALTER TABLE post DROP COLUMN later; UPDATE schema_version SET number = {schema}; "
                         "UPDATE generation SET number = number + 1, oldest = 0; COMMIT")


FAULTS = (
    killed, shut_down, smart_shutdown, paused, partitioned, terminated, no_connections, full_disk, long_lock,
    node_stops_with_the_lock, away_at_start, refused, newer,
)


def main(program, *names):
    with tempfile.TemporaryDirectory(prefix="flaskr-outage.") as place:
        bench = Bench(os.path.abspath(program), place)
        for fault in FAULTS:
            if names and fault.__name__ not in names:
                continue
            print(f"# {fault.__name__.replace('_', ' ')}", flush=True)
            try:
                fault(bench)
            except Exception as error:  # one fault that cannot be made keeps none of the others from being made
                tests.check(fault.__name__, False, repr(error))
                bench.server.go_on()
                bench.server.machine.plug()
                bench.current = bench.server
                bench.restart()
    tests.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
