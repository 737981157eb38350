"""The same site twice: in a file, and on a PostgreSQL server that `flaskr-admin copy` has brought it to."""

import contextlib
import os
import shutil
import subprocess
import sys
import time

import client
import servers
import sites

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "system"))
from postgres import USER, Postgres  # noqa: E402 it stands there

SQLITE, POSTGRES = "SQLite", "PostgreSQL"


class Side:
    """A site on one engine: its instance, what the daemon is told of the database, and what is asked of that."""

    def __init__(self, run, name, instance, settings):
        self.run, self.name, self.instance, self.settings = run, name, instance, settings

    def start(self):
        """Starts the daemon, which stays as `self.server`."""
        self.server = servers.ours(self.run.tools, self.instance, self.settings)
        return self.server

    def posts(self):
        return self.ask("SELECT count(*) FROM post")

    def wait_until_indexed(self):
        """Waits until the daemon, which runs, has put every post in its index."""
        end = time.monotonic() + sites.INDEXING_MAX
        while self.ask("SELECT count(*) FROM search_queue"):
            if time.monotonic() > end:
                raise client.Wrong(f"{self.name}: the index of words is not finished")
            time.sleep(0.2)


class InFile(Side):
    def __init__(self, run, posts, key):
        super().__init__(run, SQLITE, run.sites.ours(posts, key=key), {})

    def ask(self, sql):
        with contextlib.closing(sites.database_of(self.instance)) as database:
            return database.execute(sql).fetchone()[0]


class OnServer(Side):
    """A copy of a site, in a database of its own."""

    def __init__(self, run, postgres, file, database):
        self.postgres, self.database = postgres, database
        postgres.create(database)
        url = f"postgres://{USER}@/{database}?host={postgres.directory}&port={postgres.port}"
        self.copy_seconds = copy(run, file, url)
        instance = f"{file.instance}-on-server"
        os.makedirs(instance)
        shutil.copy2(os.path.join(file.instance, "secret_key"), instance)
        super().__init__(run, POSTGRES, instance, {"FLASKR_DATABASE_URL": url})

    def ask(self, sql):
        return int(self.postgres.ask(sql, self.database))

    def settle(self):
        """What the server does by itself in its first minutes with so many new rows, and would do while others are measured."""
        for sql in ("VACUUM ANALYZE", "CHECKPOINT"):
            self.postgres.ask(sql, self.database)


def copy(run, file, url):
    """Seconds that it took."""
    begun = time.monotonic()
    command = [run.tools.admin, "--instance", file.instance, "--config", os.devnull, "copy", "--to", url]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise client.Wrong(f"the site was not copied: {done.stderr}")
    return time.monotonic() - begun


@contextlib.contextmanager
def postgres():
    """A server of its own, as Debian has it; on the disk that all of this is measured on."""
    server = Postgres(parent="/var/tmp")
    try:
        yield server
    finally:
        server.stop()


def processes(postgres):
    """The server's first process, and those that it has begun."""
    with open(postgres.data / "postmaster.pid") as file:
        first = file.readline().strip()
    with open(f"/proc/{first}/task/{first}/children") as file:
        return [first, *file.read().split()]


def cpu_seconds(postgres):
    """What all of the server's processes have used of the cores so far, those that have ended too."""
    return sum(map(used_seconds, processes(postgres)))


def used_seconds(process):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{process}/stat") as stat:
        return sum(map(int, stat.read().rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0  # it has ended, and the first process has its time


def memory_mb(postgres):
    """What the server's processes have in memory, of what they share each its part."""
    return sum(map(proportional_mb, processes(postgres)))


def proportional_mb(process):
    try:
        with open(f"/proc/{process}/smaps_rollup") as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith("Pss:"))
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it has ended
