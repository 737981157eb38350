"""The databases that are measured: as many posts as one likes, the same each time."""

import itertools
import os
import random
import sqlite3
import subprocess
import time

from words import Text

PASSWORD = "kettle-on-monday"
AUTHOR = "ada"
AUTHORS = 20
TAGS = ["coffee", "garden", "winter", "letters", "여행", "음악", "책", "요리"]
# Posts are spread over these years; the newest is the last.
OLDEST, NEWEST = 1_451_606_400, 1_767_225_600  # 2016-01-01 and 2026-01-01, in seconds since 1970
INDEXING_MAX = 1800  # seconds


def posts(count, characters):
    """The rows of so many posts."""
    text, chooser = Text(), random.Random(2)
    apart = (NEWEST - OLDEST) / count
    for number in range(count):
        title, body = text.post(characters)
        created = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(OLDEST + number * apart))
        yield min(int(chooser.paretovariate(1)), AUTHORS), created, title, body


def fill(path, count, characters):
    """Adds posts to a database that has AUTHOR, and the other authors, who never log in."""
    with sqlite3.connect(path) as database:
        for number in range(2, AUTHORS + 1):
            database.execute("INSERT INTO user (username, password) VALUES (?, 'none')", (f"author{number}",))
        rows = posts(count, characters)
        database.executemany("INSERT INTO post (author_id, created, title, body) VALUES (?, ?, ?, ?)", rows)
        if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'post_tag'").fetchone():
            tag(database)
    database.close()


def tag(database):
    """Puts each post under one tag."""
    database.executemany("INSERT INTO tag (id, folded, name) VALUES (?, ?, ?)", ((n, t, t) for n, t in enumerate(TAGS)))
    database.execute(
        "INSERT INTO post_tag (tag_id, created, post_id) SELECT id % ?, created, id FROM post", (len(TAGS),)
    )


class Sites:
    """Instances of ours and databases of the original, made when first asked for."""

    def __init__(self, tools):
        self.tools, self.made, self.number = tools, {}, itertools.count()

    def ours(self, count, characters=300, key=""):
        """The directory of an instance with so many posts; another key is another instance."""
        return self.once(("ours", count, characters, key), self.make_ours)

    def original(self, count, characters=300, key=""):
        """The path of a database of the original's with the same posts."""
        return self.once(("original", count, characters, key), self.make_original)

    def once(self, what, make):
        if what not in self.made:
            print(f"# making a database of {what[1]:,} posts for {what[0]}", flush=True)
            self.made[what] = make(os.path.join(self.tools.work, f"site-{next(self.number)}"), *what[1:3])
        return self.made[what]

    def make_ours(self, directory, count, characters):
        for words in (["init-db"], ["secret-key", "generate"], ["user", "add", AUTHOR]):
            command = [self.tools.admin, "--instance", directory, "--config", os.devnull, *words]
            subprocess.run(command, input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
        fill(os.path.join(directory, "flaskr.sqlite"), count, characters)
        return directory

    def make_original(self, path, count, characters):
        with (
            open(os.path.join(self.tools.original, "flaskr", "schema.sql")) as schema,
            sqlite3.connect(path) as database,
        ):
            database.executescript(schema.read())
            database.execute("INSERT INTO user (username, password) VALUES (?, ?)", (AUTHOR, self.werkzeug_hash()))
        database.close()
        fill(path, count, characters)
        return path

    def werkzeug_hash(self):
        program = "import sys, werkzeug.security as w; print(w.generate_password_hash(sys.argv[1]))"
        command = [os.path.join(self.tools.original, "venv/bin/python"), "-c", program, PASSWORD]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def database_of(instance):
    """A connection that reads the database of an instance."""
    path = os.path.join(instance, "flaskr.sqlite")
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)


def wait_until_indexed(instance):
    """Waits until the daemon, which runs, has put every post in its index of words, if it has one."""
    end = time.monotonic() + INDEXING_MAX
    database = database_of(instance)
    try:
        while time.monotonic() < end:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_queue'").fetchone():
                return
            if not database.execute("SELECT count(*) FROM search_queue").fetchone()[0]:
                return
            time.sleep(0.5)
    finally:
        database.close()
    raise TimeoutError("the index of words is not finished")
