"""Two daemons on one PostgreSQL, and visitors on both while something is done to it. Used by outage.py."""

import contextlib
import sys
import time

from cluster import Network, Server, Site
from daemon import Tests, Visitor, until
from watchers import Reader, Writer, come, leave, lost_and_doubled, seen

PAGES = ("/", "/1", "/feed.atom", "/tags", "/hello")
FORM_SECONDS_MAX = 15  # for the answer to a form, whatever happens
PAGE_SECONDS_MAX = 5  # for a page that is at hand
RETURN_SECONDS_MAX = 3  # until all is well again, after the server is
STALE_FROM = 2  # seconds after which a page that shows cannot have been looked up
LASTING = 78  # the exit code of a daemon that somebody has to help first
LINES_SHOWN_MAX = 8  # of each log
CONNECTIONS = 40  # that the server takes

tests = Tests()


class Bench:
    """One server, and two daemons that are started for each fault."""

    def __init__(self, program, place):
        self.program, self.network = program, Network(place)
        self.server = Server(self.network.machine("db")).create(f"max_connections = {CONNECTIONS}\n")
        self.machines = [self.network.machine(name) for name in ("n1", "n2")]
        self.site = Site(program, self.network, [self.server])
        status, said = self.site.admin("init-db")
        assert status == 0, said

    @contextlib.contextmanager
    def nodes(self, server=None):
        """Two daemons, and on each a visitor who is logged in. Whatever was done to the server is over by now."""
        self.current = server or self.server
        site = self.site if server is None else Site(self.program, self.network, [server])
        if server is not None:
            assert site.admin("init-db")[0] == 0
        started = [site.node(machine) for machine in self.machines]
        try:
            yield [node.serving() for node in started]
        finally:
            for node in started:
                node.discard()

    def restart(self):
        """Has the server serve, and says when it did."""
        if self.current.process.poll() is not None:
            self.current.start()
        until(self.current.answers)


class Away:
    """Visitors on both nodes while something is done to the server."""

    def __init__(self, bench, nodes, name):
        self.bench, self.nodes, self.name = bench, nodes, name
        cookie = Visitor(nodes[0]).log_in().cookie
        Visitor(nodes[0], cookie).create("the first", nonce="the first")
        self.readers = [Reader(node, PAGES) for node in nodes]
        self.writers = [Writer(node, cookie, f"{name} {number}") for number, node in enumerate(nodes)]
        self.pids = [node.pid() for node in nodes]
        come(*self.readers, *self.writers)

    def last(self, begin, end, seconds):
        """Does it for so long, and measures how long all takes to be well again."""
        self.begun = time.monotonic()
        begin()
        until_ = time.monotonic() + seconds
        # In the middle of it.
        middle = (self.begun + until_) / 2
        until(lambda: time.monotonic() > middle)
        self.checks = [(Visitor(node).get("/healthz"), Visitor(node).get("/readyz")) for node in self.nodes]
        self.unknown = []
        for node in self.nodes:
            visitor = Visitor(node)
            self.unknown.append(seen(visitor, "/users/nobody", lambda: visitor.get("/users/nobody")))
        until(lambda: time.monotonic() > until_)
        end()
        self.ended = time.monotonic()
        try:
            until(lambda: all(writer.acknowledged_since(self.ended) for writer in self.writers))
            until(lambda: all(self.fresh_since(reader) for reader in self.readers))
        finally:
            leave(*self.readers, *self.writers)

    def fresh_since(self, reader):
        """When the first page that was asked for after the end came as new."""
        return next((one.at + one.took for one in reader.since(self.ended) if one.status == 200 and one.stale is None and one.what != "/hello"), None)

    def report(self):
        during = [one for writer in self.writers for one in writer.since(self.begun, self.ended) if one.status != 303]
        pages = [one for reader in self.readers for one in reader.seen]
        self.slow_form = max([one.took for one in during], default=0)
        self.slow_page = max(one.took for one in pages)
        self.back = max(writer.acknowledged_since(self.ended) - self.ended for writer in self.writers)
        self.fresh = max(self.fresh_since(reader) - self.ended for reader in self.readers)
        statuses = sorted({str(one.status) for one in during})
        marked = sum(one.stale is not None for one in pages)
        print(f"#   {len(pages)} pages, {marked} of them marked, slowest {self.slow_page:.1f} s; {len(during)} forms refused ({', '.join(statuses)}), "
              f"slowest {self.slow_form:.1f} s; forms again after {self.back:.1f} s, pages after {self.fresh:.1f} s")
        show(self.nodes[0])

    def check_pages(self):
        failures = [one for reader in self.readers for one in reader.failures()]
        pages = [one for reader in self.readers for one in reader.seen]
        tests.check(f"{self.name}: each of {len(pages)} pages that were at hand shows, within {PAGE_SECONDS_MAX} s",
                    not failures and self.slow_page < PAGE_SECONDS_MAX, failures[:5] or self.slow_page)
        away = [one for reader in self.readers for one in reader.since(self.begun + STALE_FROM, self.ended - PAGE_SECONDS_MAX)
                if one.what != "/hello"]
        tests.check(f"{self.name}: they are marked as not looked up, since when",
                    away and all(one.stale and abs(one.stale - (one.at - self.begun)) <= STALE_FROM for one in away),
                    [one for one in away if not one.stale][:5] or [(one.stale, one.at - self.begun) for one in away][:20])
        fresh = [one for reader in self.readers for one in reader.seen if one.at < self.begun - 1 and one.stale is not None]
        tests.check(f"{self.name}: and were not before", not fresh, fresh[:5])
        tests.check(f"{self.name}: what is not at hand is 503, with Retry-After",
                    all(one.status == 503 and one.retry_after and one.took < FORM_SECONDS_MAX for one in self.unknown), self.unknown)

    def check_forms(self):
        refused = [one for writer in self.writers for one in writer.since(self.begun, self.ended) if one.status != 303]
        tests.check(f"{self.name}: forms are refused with 503 and Retry-After, within {FORM_SECONDS_MAX} s",
                    refused and all(one.status == 503 and one.retry_after and one.took < FORM_SECONDS_MAX for one in refused),
                    [one for one in refused if one.status != 503 or not one.retry_after or one.took > FORM_SECONDS_MAX][:5])

    def check_health(self):
        tests.check(f"{self.name}: /healthz is 200, /readyz 503", all((live[0], ready[0]) == (200, 503) for live, ready in self.checks), self.checks)

    def check_return(self):
        tests.check(f"{self.name}: all is well within {RETURN_SECONDS_MAX} s after it, without a restart",
                    max(self.back, self.fresh) < RETURN_SECONDS_MAX and all(node.process.poll() is None for node in self.nodes),
                    (self.back, self.fresh))
        ready = [Visitor(node).get("/readyz")[0] for node in self.nodes]
        tests.check(f"{self.name}: and /readyz says so", ready == [200, 200], ready)
        acknowledged = [title for writer in self.writers for title in writer.acknowledged]
        lost, doubled = lost_and_doubled(self.bench.current, "post", "title", acknowledged)
        tests.check(f"{self.name}: of {len(acknowledged)} posts {len(lost)} are lost, {len(doubled)} doubled", not lost and not doubled, (lost, doubled))

    def check_log(self, times=1):
        for node in self.nodes:
            lost, back = len(node.lines("ERROR")), len(node.lines(" again"))
            others = [line for line in node.lines("WARN") if "answered 503" not in line]  # which is one in ten seconds, for who asked
            tests.check(f"{self.name}: the log of {node.machine.name} says once that it is away, and once that it is back",
                        lost == back == times and not others, node.log())

    def check_all(self):
        self.report()
        self.check_pages()
        self.check_forms()
        self.check_health()
        self.check_return()
        self.check_log()


def show(node):
    for line in node.says_of_itself()[:LINES_SHOWN_MAX]:
        print(f"#   journal: {line}")
    sys.stdout.flush()


def away(bench, name, begin, end, seconds):
    with bench.nodes() as nodes:
        visitors = Away(bench, nodes, name)
        visitors.last(begin, end, seconds)
        visitors.check_all()
