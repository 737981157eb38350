"""A PostgreSQL of this machine's packages, in a directory of its own, for as long as a test runs."""

import glob
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

USER = NAME = "flaskr"


def programs():
    """Where the newest of the servers that are installed has its programs."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    if not found:
        raise SystemExit("there is no PostgreSQL: apt-get install postgresql")
    return pathlib.Path(found[-1])


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Postgres:
    """One server, with a database that is empty. `options` are settings of postgresql.conf, `parent` is where its files are to be."""

    def __init__(self, parent=None, **options):
        self.programs = programs()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="flaskr-postgres.", dir=parent))
        if os.geteuid() == 0:  # as whom it does not run
            shutil.chown(self.directory, "postgres", "postgres")
        self.data, self.port = self.directory / "data", free_port()
        self.options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.directory, **options}
        self.run("initdb", "--pgdata", self.data, "--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        self.start()
        self.create(NAME)

    def run(self, program, *words):
        """Runs one of its programs, as who the server runs as; what it says."""
        other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        words = [*other, str(self.programs / program), *map(str, words)]
        done = subprocess.run(words, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout}")
        return done.stdout

    def start(self):
        options = " ".join(f"-c {name}={value}" for name, value in self.options.items())
        # Its own log is a file: whoever waits for the end of a pipe would wait for the server's.
        self.run("pg_ctl", "start", "--pgdata", self.data, "--wait", "--log", self.directory / "log", "--options", options)

    def halt(self, mode="fast"):
        """Stops it; `immediate` is as if its machine had failed. It can be started again."""
        self.run("pg_ctl", "stop", "--pgdata", self.data, "--wait", "--mode", mode)

    def url(self, name=NAME):
        return f"postgres://{USER}@127.0.0.1:{self.port}/{name}"

    def create(self, name):
        self.run("createdb", "--host", self.directory, "--port", self.port, "--username", USER, name)
        return self.url(name)

    def drop(self, name):
        self.run("dropdb", "--force", "--host", self.directory, "--port", self.port, "--username", USER, name)

    def ask(self, sql, name=NAME):
        """What a statement finds: a line for each row, with a bar between two values."""
        return self.run("psql", "--host", self.directory, "--port", self.port, "--username", USER, "--no-psqlrc", "--quiet",
                        "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--command", sql, name).strip()

    def stop(self):
        """Ends it, and nothing of it is left."""
        try:
            self.halt("immediate")
        except RuntimeError:
            pass  # it was stopped
        shutil.rmtree(self.directory, ignore_errors=True)
