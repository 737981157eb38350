"""kill -9 under load, again and again: what was acknowledged is there, once.

People post, each over a connection of their own. At a moment left to chance the daemon is killed, and started again.
Whoever has no answer sends the same form again, as a browser does. After every kill every post that was acknowledged
must be there, every post must be there once, and the database must be whole. The search of the next daemon must find every
post that was acknowledged, a moment after the start.

usage: kill.py FLASKR TITLES ROUNDS     (the daemon, and the example that opens a database)
"""

import collections
import http.client
import os
import random
import subprocess
import sys
import tempfile
import threading
import time

from daemon import Daemon, Tests, Visitor, until

PEOPLE = 4
LOAD_SECONDS_MAX = 0.4  # from the first post to the kill
ROUNDS_OF_A_SITE = 25  # then a new site, so that many rounds do not take longer and longer


class Person(threading.Thread):
    """Posts until the daemon is killed, and remembers what was acknowledged and what has no answer."""

    def __init__(self, daemon, cookie, name, unanswered):
        super().__init__()
        self.visitor, self.prefix = Visitor(daemon, cookie), name
        self.acknowledged, self.unanswered, self.refused = [], unanswered, None

    def run(self):
        try:
            while not self.refused:
                self.unanswered = self.unanswered or f"{self.prefix}n{len(self.acknowledged)}"
                status, page = self.visitor.create(self.unanswered, self.unanswered * 300)
                if status == 303:
                    self.acknowledged.append(self.unanswered)
                    self.unanswered = None
                else:
                    self.refused = f"{status} {page}"
        except (OSError, http.client.HTTPException):
            pass  # killed


class Site:
    """A database, and what people know of it."""

    def __init__(self, program, titles, place):
        self.program, self.titles, self.place = program, titles, place
        self.daemon = Daemon(program, place).serving()
        self.cookies = [Visitor(self.daemon).log_in(f"user{number}").cookie for number in range(PEOPLE)]
        self.unanswered = [None] * PEOPLE
        self.acknowledged = set()
        self.resent = 0
        self.starts, self.searches, self.faults = [], [], []

    def round(self, number, seconds):
        people = [
            Person(self.daemon, self.cookies[index], f"r{number}p{index}", self.unanswered[index])
            for index in range(PEOPLE)
        ]
        for person in people:
            person.start()
        time.sleep(seconds)
        self.daemon.kill()
        for person in people:
            person.join()
            self.acknowledged |= set(person.acknowledged)
            self.faults += [person.refused] if person.refused else []
        self.unanswered = [person.unanswered for person in people]
        self.resent += sum(title is not None for title in self.unanswered)
        self.look()
        begun = time.monotonic()
        self.daemon = Daemon(self.program, self.place).serving()
        self.starts.append(time.monotonic() - begun)
        self.search(number)
        self.faults += self.daemon.lines("ERROR")

    def search(self, number):
        """Whether all of this round is found; in the end, whether all of the site is."""
        begun, visitor = time.monotonic(), Visitor(self.daemon)
        word = f"r{number}p" if number is not None else "r"
        wanted = {title for title in self.acknowledged if title.startswith(word)}
        try:
            until(lambda: wanted <= set(visitor.found(word)))
        except AssertionError:
            self.faults += [f"{title} is never found" for title in wanted - set(visitor.found(word))]
        self.searches.append(time.monotonic() - begun)

    def look(self):
        database = f"{self.place}/instance/flaskr.sqlite\n"
        answer = subprocess.run([self.titles], input=database, capture_output=True, text=True, check=True).stdout
        state, *found = answer.rstrip("\n").split("\t")
        if state != "ok":
            self.faults.append(state)
        counts = collections.Counter(found)
        self.faults += [f"{title} is lost" for title in self.acknowledged - set(counts)]
        self.faults += [f"{title} is there {count} times" for title, count in counts.items() if count > 1]


def main(program, titles, rounds):
    program, titles, rounds = os.path.abspath(program), os.path.abspath(titles), int(rounds)
    tests, chance = Tests(), random.Random(1)
    acknowledged, resent, starts, searches, faults = 0, 0, [], [], []
    for first in range(0, rounds, ROUNDS_OF_A_SITE):
        with tempfile.TemporaryDirectory(prefix="flaskr-kill.") as directory:
            site = Site(program, titles, f"{directory}/place")
            for number in range(first, min(first + ROUNDS_OF_A_SITE, rounds)):
                site.round(number, chance.uniform(0, LOAD_SECONDS_MAX))
            site.search(None)
            site.daemon.stop()
            acknowledged += len(site.acknowledged)
            resent, starts, faults = resent + site.resent, starts + site.starts, faults + site.faults
            searches += site.searches
    print(f"# {acknowledged} posts acknowledged, {resent} sent again; slowest start {max(starts):.2f} s; "
          f"all found after {max(searches):.2f} s at most")
    lost = sum(fault.endswith("lost") for fault in faults)
    doubled = sum(fault.endswith("times") for fault in faults)
    tests.check(f"{rounds} times kill -9: {lost} acknowledged posts lost, {doubled} doubled, "
                f"{sum(fault.endswith('found') for fault in faults)} never found, the database whole",
                not faults and acknowledged > 5 * rounds and resent > rounds, "\n".join(faults[:10]))
    tests.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
