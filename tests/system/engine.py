"""Runs the tests that can have either engine on a server."""

import os
import subprocess
import sys

from postgres import Postgres

TESTS = ["web", "db", "search", "discussions", "copy"]
# Nobody here waits for a disk: tests/system/nodes and outage do.
OPTIONS = {"fsync": "off", "max_connections": 400}


def main():
    server = Postgres(**OPTIONS)
    try:
        tests = [word for name in TESTS for word in ("--test", name)]
        cargo = ["cargo", "test", "--locked", *tests, "--", "--test-threads", "4"]  # each waits 50 ms for each of its writes
        return subprocess.run(cargo, env=os.environ | {"TEST_POSTGRES": server.url()}).returncode
    finally:
        server.stop()


sys.exit(main())
