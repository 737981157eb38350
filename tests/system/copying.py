"""A site of many posts that moves from its file to a PostgreSQL server, and back, while it is read.

usage: copying.py FLASKR [POSTS]     (100,000 unless said otherwise, and no less than 2,000)
"""

import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from daemon import Daemon, Tests, Visitor
from postgres import Postgres

HOST = "blog.example.org"  # what pages say of their own address, wherever the daemon listens
AUTHORS = 40
KILLS = 8  # of a copy there, and of one back, each way of ending it
COPY_SECONDS_MAX = 60  # of 100,000 posts
INDEXED_SECONDS_MAX = 1800
PAGES = 4  # of each list, one behind the other
FOUND = 20  # posts of each search
ENGLISH = "a bread crust dough flour hydration kettle leaven of oven proof rye salt sour starter the to water wheat yeast".split()
KOREAN = "가게 간식 나무 다리미 라면 마을 바다 사과 아침 자전거 차 카페 타자기 파도 하늘 호밀빵 효모 반죽 물 오븐".split()
SEARCHES = ["a", "ry", "rye", "bread", "sour dough", "1", "77", "post 12", "빵", "호밀", "호밀빵", "차", "반죽 물", "가", "nothing-has-this"]


class Settings:
    """Of a daemon, and of flaskr-admin beside it: an instance, and a server if it has one."""

    def __init__(self, place, url=""):
        self.place = place
        self.environment = {"FLASKR_INSTANCE": str(place / "instance"), "FLASKR_DATABASE_URL": url, "FLASKR_PAGES_POSTS_PER_PAGE": "5",
                            "FLASKR_DATABASE_READ_SECONDS_MAX": "30", "FLASKR_LISTEN": "127.0.0.1:0"}
        place.mkdir(exist_ok=True)

    def words(self, program, *words):
        return {"args": [program, "admin", *map(str, words)], "cwd": self.place, "env": os.environ | self.environment,
                "stdin": subprocess.DEVNULL, "text": True}

    def admin(self, program, *words):
        return subprocess.run(**self.words(program, *words), capture_output=True)

    def begin(self, program, *words):
        return subprocess.Popen(**self.words(program, *words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def fill(database, posts):
    """A site of many authors, in two languages, with tags, comments, likes, and what the original left behind."""
    chance = random.Random(1)

    def text(words):
        return " ".join(chance.choice(ENGLISH + KOREAN) for _ in range(words))

    connection = sqlite3.connect(database)
    many = connection.executemany
    connection.isolation_level = None
    connection.execute("BEGIN")
    many("INSERT INTO user (id, username, password) VALUES (?, ?, 'x')", ((2 + n, f"author{n}") for n in range(AUTHORS)))
    created = [f"20{10 + n * 16 // posts:02}-{1 + n % 12:02}-{1 + n // 12 % 28:02} {n % 24:02}:{n % 60:02}:00" for n in range(posts)]
    many("INSERT INTO post (id, author_id, created, title, body) VALUES (?, ?, ?, ?, ?)",
         ((1 + n, 2 + chance.randrange(AUTHORS), created[n], f"post {n} {text(3)}", text(30)) for n in range(posts)))
    many("INSERT INTO tag (id, folded, name) VALUES (?, ?, ?)", ((1 + n, word, word) for n, word in enumerate(KOREAN)))
    many("INSERT INTO post_tag (tag_id, created, post_id) VALUES (?, ?, ?)",
         ((1 + n % len(KOREAN), created[n], 1 + n) for n in range(0, posts, 3)))
    many("INSERT INTO markdown_post (post_id, created) VALUES (?, ?)", ((1 + n, created[n]) for n in range(0, posts, 2)))
    many("INSERT INTO discussion (id, post_id, created, likes) VALUES (?, ?, ?, 1)", ((1 + n, 1 + n, created[n]) for n in range(0, posts, 10)))
    many("INSERT INTO post_like (discussion_id, user_id) VALUES (?, 2)", ((1 + n,) for n in range(0, posts, 10)))
    many("INSERT INTO comment (discussion_id, author_id, created, body) VALUES (?, 3, 1500000000, ?)",
         ((1 + n, text(8)) for n in range(0, posts, 10)))
    connection.execute("COMMIT")
    connection.execute("PRAGMA foreign_keys = on")  # which is nothing within a transaction
    connection.execute("DELETE FROM post WHERE id = ?", (posts,))  # whose number must not come again
    connection.close()


class Site:
    """A daemon on one of the databases."""

    def __init__(self, program, settings):
        self.daemon = Daemon(program, settings.place, environment=settings.environment).serving()

    def get(self, path, cookie=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port, timeout=60)
        connection.request("GET", path, headers={"Host": HOST} | ({"Cookie": cookie} if cookie else {}))
        answer = connection.getresponse()
        return answer.status, answer.read()

    def wait_until_indexed(self):
        """Until the oldest post is found: they are indexed from the newest on."""
        began = time.monotonic()
        while b"<article" not in self.get("/?q=" + urllib.parse.quote("post 0"))[1]:
            assert time.monotonic() - began < INDEXED_SECONDS_MAX
            time.sleep(1)
        return time.monotonic() - began

    def pages(self, posts):
        """Every kind of page that everybody sees: what each address answers."""
        lists = ["/", *(f"/tags/{urllib.parse.quote(tag)}" for tag in KOREAN[:5]), *(f"/users/author{n}" for n in range(5))]
        feeds = [f"{place}feed.{kind}" for place in ("/", "/users/author1/", f"/tags/{urllib.parse.quote(KOREAN[3])}/", "/comments/", "/1/comments/")
                 for kind in ("atom", "rss", "json")]
        others = [f"/{number}" for number in [*range(1, 60), posts // 2, posts - 1, posts, posts + 1]]
        found = {path: self.get(path) for path in [*feeds, *others, "/tags", "/sitemap.xml", "/sitemap-1.xml", "/api/v1/posts"]}
        found |= {words: (200, self.found(words)) for words in SEARCHES}
        for path in lists:
            for _ in range(PAGES):
                found[path] = self.get(path)
                more = re.search(rb'rel="next" href="(.*?)"', found[path][1])
                if not more:
                    break
                path = more[1].decode().replace("&amp;", "&")
        return found

    def found(self, words):
        """What a search finds first, wherever its pages end: that depends on how long an engine takes for them."""
        articles, path = [], "/?q=" + urllib.parse.quote(words)
        while path and len(articles) < FOUND:
            status, page = self.get(path)
            assert status == 200, (path, status)
            articles += re.findall(rb"<article.*?</article>", page, re.S)
            more = re.search(rb'rel="next" href="(.*?)"', page)
            path = more and more[1].decode().replace("&amp;", "&")
        return articles[:FOUND]


class Reader(threading.Thread):
    """Reads a site without a pause."""

    def __init__(self, site, posts):
        super().__init__()
        self.site, self.posts, self.ended, self.failed, self.times = site, posts, False, [], []

    def run(self):
        chance = random.Random(2)
        while not self.ended:
            began = time.monotonic()
            status, _ = self.site.get(f"/{chance.randrange(1, self.posts)}?{time.monotonic_ns()}")
            self.times.append(time.monotonic() - began)
            if status != 200:
                self.failed.append(status)
            time.sleep(0.01)


def differing(one, other):
    """The addresses that do not answer alike."""
    assert one.keys() >= {"/", "/1", "/feed.atom"}
    return [path for path in one | other if one.get(path) != other.get(path)]


def ended_amid(tests, program, settings, target, seconds, left, chance):
    """Copies that are killed, and copies that are asked to stop."""
    for name, number in (("kill -9", signal.SIGKILL), ("SIGINT", signal.SIGINT), ("SIGTERM", signal.SIGTERM)):
        faults, amid = [], 0
        for _ in range(KILLS):
            process = settings.begin(program, "copy", "--to", target)
            time.sleep(chance.uniform(0.05, 0.9) * seconds)
            process.send_signal(number)
            _, said = process.communicate()
            amid += process.returncode != 0
            if number != signal.SIGKILL and (process.returncode not in (0, 1) or process.returncode and "interrupted" not in said):
                faults.append(f"{process.returncode} {said}")
            if found := left(process.returncode == 0):
                faults.append(found)
        tests.check(f"{KILLS} times {name} amid a copy, {amid} of them before its end: nothing is left", not faults and amid, "\n".join(map(str, faults)))


def main(program, posts="100000"):
    program, posts = os.path.abspath(program), int(posts)
    tests, chance = Tests(), random.Random(3)
    directory = pathlib.Path(tempfile.mkdtemp(prefix="flaskr-copy."))
    server, daemons = Postgres(), []

    def begin(settings):
        daemons.append(Site(program, settings))
        return daemons[-1]

    def timed_copy(what, settings, target):
        began = time.monotonic()
        answer = settings.admin(program, "copy", "--to", target)
        seconds = time.monotonic() - began
        tests.check(f"{what}: {posts} posts in {seconds:.1f} s", answer.returncode == 0 and seconds < COPY_SECONDS_MAX * max(1, posts / 100_000), answer)
        print("\n".join(f"#   {line}" for line in answer.stdout.splitlines()))
        return seconds

    def none_there(copied):
        """What a copy has left on the server, where there was nothing."""
        found = server.ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        if copied:
            server.drop("flaskr")
            server.create("flaskr")
            return None
        return None if found == "0" else f"{found} relations"

    def none_here(copied):
        """What a copy has left of a file under its name, where there was none."""
        path = directory / "killed.sqlite"
        if copied:
            path.unlink()
        return str(path) if path.exists() else None

    try:
        old = Settings(directory / "old")
        for words in (["init-db"], ["secret-key", "generate"]):
            assert old.admin(program, *words).returncode == 0
        subprocess.run(**old.words(program, "user", "add", "ada") | {"stdin": None, "input": "kettle on monday\n"}, check=True, capture_output=True)
        fill(directory / "old" / "instance" / "flaskr.sqlite", posts)
        site = begin(old)
        print(f"# the index of {posts} posts took {site.wait_until_indexed():.0f} s in the file")
        visitor = Visitor(site.daemon).log_in()
        reader = Reader(site, posts)
        reader.start()
        seconds_there = timed_copy("from a file whose site is read, to a server", old, server.url())
        reader.ended = True
        reader.join()
        slowest = max(reader.times, default=0)
        tests.check(f"which answers all the while: {len(reader.times)} pages, the slowest after {slowest * 1000:.0f} ms", not reader.failed and len(reader.times) > 10,
                    reader.failed[:5])
        answer = old.admin(program, "copy", "--to", server.url())
        tests.check("a second time is refused", answer.returncode == 5 and "has rows already" in answer.stderr, answer)
        before = site.pages(posts)
        missing = sorted(path for path, (status, _) in before.items() if status != 200)
        empty = [words for words in SEARCHES if not before[words][1]]
        tests.check("every search finds some, but for the last", empty == SEARCHES[-1:], empty)
        tests.check("every page is there, but for that of the post that was deleted, and the next", missing == [f"/{posts}", f"/{posts + 1}"], missing)

        moved = Settings(directory / "moved", server.url())
        (directory / "moved" / "instance").mkdir(mode=0o700)
        shutil.copy(directory / "old" / "instance" / "secret_key", directory / "moved" / "instance" / "secret_key")
        site = begin(moved)
        print(f"# and on the server {site.wait_until_indexed():.0f} s")
        there = differing(before, site.pages(posts))
        tests.check(f"the server's site: {len(before)} pages, byte for byte", not there, there[:10])
        tests.check("who was logged in still is", b"ada" in site.get("/", visitor.cookie)[1])

        seconds_back = timed_copy("and back into a file", moved, directory / "back.sqlite")
        back = Settings(directory / "back")
        (directory / "back" / "instance").mkdir(mode=0o700)
        shutil.copy(directory / "old" / "instance" / "secret_key", directory / "back" / "instance" / "secret_key")
        (directory / "back.sqlite").rename(directory / "back" / "instance" / "flaskr.sqlite")
        site = begin(back)
        print(f"# the index took {site.wait_until_indexed():.0f} s once more")
        here = differing(before, site.pages(posts))
        tests.check(f"the site that came back: {len(before)} pages, byte for byte", not here, here[:10])
        tests.check("who was logged in still is", b"ada" in site.get("/", visitor.cookie)[1])
        answer = back.admin(program, "check", "--json")
        tests.check("a check finds nothing wrong with it", json.loads(answer.stdout)["faults"] == 0, answer.stdout)
        visitor = Visitor(site.daemon, visitor.cookie)
        assert visitor.create("the next")[0] == 303
        tests.check("and the next post has a number that none had", f'href="/{posts + 1}">the next' in visitor.get("/")[1])

        ended_amid(tests, program, moved, directory / "killed.sqlite", seconds_back, none_here, chance)
        answer = moved.admin(program, "copy", "--to", directory / "killed.sqlite")
        tests.check("and the next is whole, with nothing beside it", answer.returncode == 0 and [path.name for path in directory.glob("killed*")] == ["killed.sqlite"], answer)
        for daemon in daemons:
            daemon.daemon.discard()
        server.drop("flaskr")
        server.create("flaskr")
        ended_amid(tests, program, old, server.url(), seconds_there, none_there, chance)
    finally:
        for daemon in daemons:
            daemon.daemon.discard()
        server.stop()
        shutil.rmtree(directory)
    tests.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
