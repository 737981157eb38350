"""Daemons that are started while their PostgreSQL is away, or does not let them in. Used by outage.py."""

import subprocess
import time

from cluster import run, seconds_until
from daemon import Visitor, until
from outage_bench import LASTING, tests


def away_at_start(bench):
    for how, begin, end in (("ended", lambda: (bench.server.shut_down("fast"), bench.server.process.wait(30)), bench.restart),
                            ("partitioned", bench.server.machine.unplug, bench.server.machine.plug)):
        bench.current = bench.server
        begin()
        node = bench.site.node(bench.machines[0])
        try:
            says = until(lambda: node.lines("waiting"))
            asked = time.monotonic()
            until(lambda: time.monotonic() > asked + 5)
            print(f"#   journal: {says[0]}")
            tests.check(f"started while the server is {how}: it waits, and says so once",
                        node.process.poll() is None and len(node.lines("WARN")) == 1 and len(node.lines("ERROR")) == 0, node.log())
            end()
            took = seconds_until(lambda: node.lines("serving "))
            tests.check(f"and serves {took:.1f} s after it is back", took < 5 and Visitor(node.serving()).get("/")[0] == 200, node.log())
        finally:
            node.discard()


def refused(bench):
    bench.server.sql("CREATE DATABASE foreign_one OWNER flaskr", database="postgres")
    bench.server.sql("CREATE TABLE theirs (x INT); ALTER TABLE theirs OWNER TO flaskr", database="foreign_one")
    bench.server.sql("CREATE DATABASE empty_one OWNER flaskr", database="postgres")
    wrong = bench.network.place / "wrong-password"
    wrong.write_text("wrong\n")
    url = bench.site.environment["FLASKR_DATABASE_URL"]
    other = lambda database: {"FLASKR_DATABASE_URL": f"{url.rpartition('/')[0]}/{database}"}
    run(f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=other -keyout /dev/null -out {bench.network.place}/other.pem")
    for what, expected, environment in (
        ("a wrong password", "password authentication failed", {"FLASKR_DATABASE_PASSWORD_FILE": str(wrong)}),
        ("no password file", "cannot read the password", {"FLASKR_DATABASE_PASSWORD_FILE": "/nowhere"}),
        ("no such database", "does not exist", other("nowhere")),
        ("no such user", "password authentication failed", {"FLASKR_DATABASE_URL": url.replace("flaskr@", "nobody@")}),
        ("tables of another program", "another program", other("foreign_one")),
        ("an empty database", "init-db", other("empty_one")),
        ("an authority of others", "certificate", {"FLASKR_DATABASE_CA": str(bench.network.place / "other.pem")}),
        ("no certificate wanted", "no pg_hba.conf entry", {"FLASKR_DATABASE_URL": url + "?sslmode=disable"}),
    ):
        node = bench.site.node(bench.machines[0], **environment)
        try:
            code = node.end()
            print(f"#   journal: {node.log().strip().splitlines()[-1]}")
            tests.check(f"{what}: it ends with {LASTING}, and says why", code == LASTING and expected in node.log() and "wrong\n" not in node.log(), node.log())
        except subprocess.TimeoutExpired:
            tests.check(f"{what}: it ends with {LASTING}, and says why", False, node.log())
        finally:
            node.discard()
