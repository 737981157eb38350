"""Runs the tests that can have either engine on a server, and tells an author's story there."""

import os
import pathlib
import subprocess
import sys

from postgres import Postgres

TESTS = ["web", "db", "search", "discussions", "copy"]
STORY = pathlib.Path(__file__).with_name("story")
# Nobody here waits for a disk: tests/system/nodes and outage do.
OPTIONS = {"fsync": "off", "max_connections": 400}


def main(program):
    server = Postgres(**OPTIONS)
    try:
        tests = [word for name in TESTS for word in ("--test", name)]
        cargo = ["cargo", "test", "--locked", *tests, "--", "--test-threads", "8"]  # each waits 50 ms for each of its writes
        done = [subprocess.run(cargo, env=os.environ | {"TEST_POSTGRES": server.url()}),
                subprocess.run([STORY, program], env=os.environ | {"FLASKR_DATABASE_URL": server.create("story")})]
        return max(one.returncode for one in done)
    finally:
        server.stop()


sys.exit(main(*sys.argv[1:]))
