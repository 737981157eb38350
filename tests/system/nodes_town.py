"""Three daemons, a primary with a standby, HAProxy, and those who visit them. Used by nodes.py."""

import os
import pathlib
import re
import subprocess
import sys
import threading
import time
import urllib.request

from cluster import Network, Proxy, Server, Site
from daemon import Tests, Visitor, posts, shown, until
from picture import noise
from watchers import Load, Reader, Writer

EXAMPLE = pathlib.Path(__file__).parents[2] / "docs/examples/haproxy-nodes.cfg"
PAGES = ("/", "/1", "/2", "/feed.atom", "/comments/feed.atom")
FORM_SECONDS_MAX = 15  # for the answer to a form, whatever happens
LINES_SHOWN_MAX = 8  # of each log

tests = Tests()


class Town:
    """The whole site."""

    def __init__(self, program, place):
        self.network = Network(place)
        self.primary = Server(self.network.machine("db1")).create()
        self.standby = Server(self.network.machine("db2")).follow(self.primary)
        self.primary.set("synchronous_standby_names", "db2")
        until(self.is_synchronous)
        self.site = Site(program, self.network, [self.primary, self.standby])
        self.one_makes_the_database()
        self.machines = [self.network.machine(f"n{number}") for number in (1, 2, 3)]
        proxy = self.network.machine("proxy")
        # With one name for all a page is the same one, whether HAProxy was asked for it or the node.
        self.settings = {"FLASKR_TRUSTED_PROXIES": proxy.address, "FLASKR_BASE_URL": "http://blog.example.org"}
        self.nodes = [node.serving() for node in [self.start(machine) for machine in self.machines]]
        self.proxy = Proxy(proxy, EXAMPLE, self.nodes)
        until(lambda: self.answers(self.proxy))

    def one_makes_the_database(self):
        made = [subprocess.Popen([self.site.program, "admin", "init-db"], env=os.environ | self.site.environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        said = sorted(one.communicate()[0].strip() for one in made)
        tests.check("of three that make the database at once one does, and the others leave it",
                    all(one.returncode == 0 for one in made) and said.count("Initialized the database.") == 1, said)

    def start(self, machine):
        """A daemon. The third reads from the standby, as long as that knows what the node knows."""
        replica = {"FLASKR_DATABASE_REPLICA_URL": f"postgres://flaskr@{self.standby.machine.address}/flaskr"} if machine.name == "n3" else {}
        return self.site.node(machine, **self.settings, **replica)

    def is_synchronous(self):
        return self.primary.sql("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'", database="postgres")

    @staticmethod
    def answers(place):
        try:
            return Visitor(place).get("/")[0] == 200
        except OSError:
            return False

    def show_a_picture(self):
        """One that is kept in several parts."""
        ada = Visitor(self.nodes[0]).log_in("ada")
        fields = {"title": "a picture", "body": "See:", "format": "markdown", "nonce": "a-picture", "image-1-alt": "noise"}
        status, page = ada.upload("/create", fields, [("image-1", "noise.png", noise(400))])
        assert status == 303, shown(page)
        self.picture_path = re.search(r'src="(/images/[^"]+)"', ada.get("/")[1])[1]
        self.picture = self.picture_at(self.nodes[0])
        assert len(self.picture) > 3 * 128 * 1024, len(self.picture)

    def picture_at(self, node):
        with urllib.request.urlopen(f"http://{node.address}:{node.port}{self.picture_path}") as answer:
            return answer.read()

    def everywhere(self):
        """Each node, and HAProxy."""
        return [*self.nodes, self.proxy]

    def report(self, since=0):
        for node in self.nodes:
            for line in node.says_of_itself()[since:][:LINES_SHOWN_MAX]:
                print(f"#   {node.machine.name}: {line}")
        sys.stdout.flush()


class Person(threading.Thread):
    """Changes a post of their own, and looks at once, at each node and through HAProxy."""

    def __init__(self, town, number, rounds):
        super().__init__()
        writer = town.nodes[number % 3]
        self.visitor, self.rounds = Visitor(writer).log_in(f"person {number}"), rounds
        self.title = f"of person {number} at {time.monotonic_ns()}"
        self.visitor.create(f"{self.title}: new")
        self.path = re.search(r'href="(/\d+)">' + re.escape(self.title), Visitor(writer).get("/")[1])[1]
        self.others = [Visitor(place) for place in town.everywhere()]
        self.checks, self.failures = 0, []

    def run(self):
        for count in range(self.rounds):
            title = f"{self.title}: {count}"
            status, page = self.visitor.post(f"{self.path}/update", title=title, body="x")
            if status != 303:
                self.failures.append((title, status))
                continue
            for other in self.others:
                self.checks += 1
                status, page = other.get(self.path)
                if title not in page:
                    self.failures.append((title, other.daemon.address, status, posts(page) or page[:300]))


def comment(visitor, text):
    return visitor.post("/1/comments", nonce=text.replace(" ", "-"), body=text)


def like_or_not(visitor, text):
    return visitor.post("/2/like" if int(text.rpartition("n")[2]) % 2 == 0 else "/2/unlike")


class Crowd(Load):
    """Readers and writers, all through HAProxy."""

    def __init__(self, town, name):
        cookies = [Visitor(town.nodes[number % 3]).log_in(f"writer {number}").cookie for number in range(4)]
        self.posters = [Writer(town.proxy, cookies[number], f"{name} {number}") for number in (0, 1)]
        self.commenter = Writer(town.proxy, cookies[2], f"{name} c", write=comment)
        self.liker = Writer(town.proxy, cookies[3], f"{name} l", write=like_or_not)
        for node in town.nodes:  # what is to show while the database is away must have been asked for
            for path in PAGES:
                assert Visitor(node).get(path)[0] == 200
        readers = [Reader(town.proxy, PAGES, 0.02) for _ in range(4)]
        super().__init__(tests, name, readers, [*self.posters, self.commenter, self.liker])

    def end(self, server):
        self.leave()
        self.check_pages()
        self.check_forms()
        self.check_rows(server, "post", "title", self.posters)
        self.check_rows(server, "comment", "body", [self.commenter])
        self.check_likes(server)

    def check_forms(self):
        refused = self.refused()
        print(f"#   {len(refused)} forms were not acknowledged at once: {sorted({str(one.status) for one in refused})}, slowest {max((one.took for one in refused), default=0):.1f} s")
        tests.check(f"{self.name}: no session ends, and no form hangs", all(one.status not in (401, 403) and one.took < FORM_SECONDS_MAX for one in refused), refused[:5])

    def check_likes(self, server):
        likes = self.liker.acknowledged
        is_liked = bool(server.sql("SELECT 1 FROM post_like JOIN \"user\" ON \"user\".id = user_id JOIN discussion ON discussion.id = discussion_id WHERE post_id = 2 AND username = 'writer 3'"))
        tests.check(f"{self.name}: of {len(likes)} likes given and taken back the last one holds",
                    self.liker.seen[-1].status != 303 or is_liked == (len(likes) % 2 == 1), (len(likes), is_liked))
