"""Visitors who come all the while something happens to a site, and remember what they saw."""

import collections
import http.client
import re
import threading
import time

from daemon import Visitor, every

# One answer. `stale` is for how many seconds it was not known to be right, if the answer says so (RFC 9211).
Seen = collections.namedtuple("Seen", "at took what status stale retry_after")
MARK = re.compile(r"flaskr; hit; ttl=-(\d+)")


def seen(visitor, what, ask):
    """Asks, and notes what came of it. The status of what had no answer is the reason."""
    at, stale, retry_after = time.monotonic(), None, None
    try:
        status = ask()[0]
        mark = MARK.fullmatch(visitor.headers.get("Cache-Status", ""))
        stale, retry_after = mark and int(mark[1]), visitor.retry_after
    except (OSError, http.client.HTTPException) as error:
        status = repr(error)
    return Seen(at, time.monotonic() - at, what, status, stale, retry_after)


class Watcher(threading.Thread):
    """Comes again and again, with a pause, until it is told to leave."""

    def __init__(self, target, pause, cookie=None):
        super().__init__(daemon=True)
        self.visitor, self.pause, self.seen, self.is_over = Visitor(target, cookie), pause, [], threading.Event()

    def run(self):
        while not self.is_over.wait(self.pause):
            self.seen.append(self.step())

    def leave(self):
        self.is_over.set()

    def since(self, time, before=None):
        return [one for one in list(self.seen) if one.at >= time and (before is None or one.at < before)]


class Reader(Watcher):
    """Looks at the same pages again and again, as a stranger."""

    def __init__(self, target, paths, pause=0.05):
        super().__init__(target, pause)
        self.paths, self.turn = paths, 0

    def step(self):
        self.turn += 1
        path = self.paths[self.turn % len(self.paths)]
        return seen(self.visitor, path, lambda: self.visitor.get(path))

    def failures(self):
        return [one for one in self.seen if one.status != 200]


class Writer(Watcher):
    """Writes one thing after the other. What was not acknowledged is sent again, as a browser does it, until it is."""

    def __init__(self, target, cookie, name, pause=0.05, write=None):
        super().__init__(target, pause, cookie)
        self.name, self.acknowledged = name, []
        self.write = write or (lambda visitor, title: visitor.create(title, "text of " + title))

    def step(self):
        title = f"{self.name}n{len(self.acknowledged)}"
        answer = seen(self.visitor, title, lambda: self.write(self.visitor, title))
        if answer.status == 303:
            self.acknowledged.append(title)
        return answer

    def failures(self):
        return [one for one in self.seen if one.status != 303]

    def acknowledged_since(self, time):
        """When the first form that was sent after this was acknowledged."""
        return next((one.at + one.took for one in self.since(time) if one.status == 303), None)


def come(*watchers):
    """They begin, and each has seen something."""
    for watcher in watchers:
        watcher.start()
    for _ in every(0.05):
        if all(len(watcher.seen) > len(getattr(watcher, "paths", "")) for watcher in watchers):
            return


def leave(*watchers):
    """They end, each with an answer to what they last asked."""
    for watcher in watchers:
        watcher.leave()
    for watcher in watchers:
        watcher.join()


def lost_and_doubled(server, table, column, expected):
    """What was acknowledged and is not on the server, and what is there twice."""
    counts = collections.Counter(server.sql(f"SELECT {column} FROM {table}"))
    return sorted(set(expected) - set(counts)), sorted(text for text in expected if counts[text] > 1)


class Load:
    """Readers and writers, all the while something happens, and what must be true of all that they saw."""

    def __init__(self, tests, name, readers, writers):
        self.tests, self.name, self.readers, self.writers = tests, name, readers, writers
        come(*readers, *writers)

    def all_write_since(self, moment):
        return all(writer.acknowledged_since(moment) for writer in self.writers)

    def leave(self):
        leave(*self.readers, *self.writers)

    def refused(self):
        return [one for writer in self.writers for one in writer.failures()]

    def check_pages(self):
        pages = [one for reader in self.readers for one in reader.seen]
        failures = [one for reader in self.readers for one in reader.failures()]
        stale = sum(one.stale is not None for one in pages)
        self.tests.check(f"{self.name}: of {len(pages)} pages {len(failures)} fail ({stale} marked, slowest {max(one.took for one in pages):.2f} s)",
                         not failures, failures[:5])

    def check_rows(self, server, table, column, writers):
        expected = [text for writer in writers for text in writer.acknowledged]
        lost, doubled = lost_and_doubled(server, table, column, expected)
        self.tests.check(f"{self.name}: of {len(expected)} {table}s acknowledged {len(lost)} are lost, {len(doubled)} doubled",
                         expected and not lost and not doubled, (lost[:5], doubled[:5]))
