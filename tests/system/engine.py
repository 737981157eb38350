"""Runs the tests that can have either engine on a server."""

import os
import pathlib
import subprocess
import sys

from postgres import Postgres

HERE = pathlib.Path(__file__).parent
TESTS = ["web", "db", "search", "discussions", "copy"]
# Nobody here waits for a disk: tests/system/nodes and outage do.
OPTIONS = {"fsync": "off", "max_connections": 400}


def main(program):
    server = Postgres(**OPTIONS)
    try:
        tests = [word for name in TESTS for word in ("--test", name)]
        cargo = ["cargo", "test", "--locked", *tests, "--", "--test-threads", "4"]  # each waits 50 ms for each of its writes
        done = subprocess.run(cargo, env=os.environ | {"TEST_POSTGRES": server.url()}).returncode
        story = os.environ | {"FLASKR_DATABASE_URL": server.create("story")}
        subprocess.run([program, "admin", "init-db"], env=story, cwd=server.directory, check=True)
        told = subprocess.run([HERE / "story", program], env=story).returncode
        return done or told
    finally:
        server.stop()


sys.exit(main(os.path.realpath(sys.argv[1])))
