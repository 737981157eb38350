"""A daemon on two PostgreSQLs of which Patroni makes one the primary: nobody promotes anything by hand here.

usage: patroni.py FLASKR     (run by tests/system/patroni)
"""

import functools
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time

import daemon
from cluster import PASSWORD, PORT, Network, Server, Site, run
from daemon import Tests, Visitor
from watchers import Load, Reader, Writer

PAGES = ("/", "/1", "/feed.atom")
TTL = 20  # seconds after which a primary that says nothing is none; Patroni takes no less
FAILOVER_SECONDS_MAX = 10  # from a promotion to a form that is stored

tests = Tests()
until = functools.partial(daemon.until, patience=TTL + daemon.PATIENCE)  # Patroni itself may wait for that long first


class Etcd:
    """What the servers agree through."""

    def __init__(self, machine):
        self.machine, self.url = machine, f"http://{machine.address}:2379"
        place = machine.network.place / machine.name
        with open(f"{place}.log", "wb") as log:
            self.process = subprocess.Popen(
                [*machine.inside(), "etcd", "--data-dir", place, "--listen-client-urls", self.url, "--advertise-client-urls", self.url],
                stdout=log, stderr=log, start_new_session=True)


class Governed(Server):
    """A PostgreSQL that Patroni makes, starts and stops, and a Patroni that does so."""

    def __init__(self, machine, etcd):
        super().__init__(machine)
        self.config = self.place / "patroni.json"  # which is YAML too
        self.config.write_text(json.dumps(self.settings(etcd)))
        self.launch()

    def settings(self, etcd):
        address = self.machine.address
        account = {"password": PASSWORD}
        return {
            "scope": "flaskr", "name": self.machine.name,
            "restapi": {"listen": f"{address}:8008", "connect_address": f"{address}:8008"},
            "etcd3": {"hosts": [etcd.url.removeprefix("http://")]},
            "bootstrap": {
                "dcs": {"ttl": TTL, "loop_wait": 2, "retry_timeout": 3, "synchronous_mode": True,
                        "postgresql": {"use_pg_rewind": True, "parameters": {"hot_standby_feedback": "on"}}},
                "initdb": ["data-checksums", "no-sync"],
            },
            "postgresql": {
                "listen": f"{address}:{PORT}", "connect_address": f"{address}:{PORT}", "use_unix_socket": True,
                "data_dir": str(self.data), "bin_dir": str(self.binaries), "pgpass": str(self.place / "pgpass"),
                "authentication": {"superuser": account | {"username": "postgres"}, "replication": account | {"username": "standby"}},
                "parameters": {"unix_socket_directories": str(self.place)} | self.tls(),
                "pg_hba": ["local all all trust", "hostssl all all 10.7.0.0/24 scram-sha-256", "hostssl replication all 10.7.0.0/24 scram-sha-256"],
            },
        }

    def launch(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([*self.machine.inside(), *self.as_postgres("patroni", self.config)],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True)

    def first_processes(self):
        """PostgreSQL is no child of Patroni's."""
        file = self.data / "postmaster.pid"
        return [self.process.pid, *([int(file.read_text().split()[0])] if file.exists() else [])]

    def is_primary(self):
        return self.psql("SELECT 1 WHERE NOT pg_is_in_recovery()").stdout == "1\n"

    def has_all(self):
        """Whether Patroni knows that what the primary acknowledges is here too: else it does not make this one the primary."""
        patroni = http.client.HTTPConnection(self.machine.address, 8008, timeout=1)
        try:
            patroni.request("GET", "/synchronous")
            return patroni.getresponse().status == 200
        except OSError:
            return False


class Town:
    """The whole site."""

    def __init__(self, program, place):
        network = Network(place)
        self.etcd = Etcd(network.machine("etcd"))
        self.primary = Governed(network.machine("db1"), self.etcd)
        until(self.primary.is_primary)
        self.standby = Governed(network.machine("db2"), self.etcd)
        until(self.standby.has_all)
        self.primary.sql(f"CREATE ROLE flaskr LOGIN PASSWORD '{PASSWORD}'", database="postgres")
        self.primary.sql("CREATE DATABASE flaskr OWNER flaskr", database="postgres")
        site = Site(program, network, [self.primary, self.standby])
        status, said = site.admin("init-db")
        assert status == 0, said
        self.node = site.node(network.machine("n1")).serving()
        Visitor(self.node).log_in("ada").create("first")

    def swap(self):
        self.primary, self.standby = self.standby, self.primary

    def switch_over(self):
        """As an administrator does it who wants to mend the primary's machine."""
        run(["patronictl", "-c", self.primary.config, "switchover", "flaskr", "--leader", self.primary.machine.name,
             "--candidate", self.standby.machine.name, "--force"], env=os.environ | {"LC_ALL": "C.UTF-8"})


def come(town, name):
    """Readers and writers, all the while."""
    writers = [Writer(town.node, Visitor(town.node).log_in(f"writer {number}").cookie, f"{name} {number}") for number in range(3)]
    return Load(tests, name, [Reader(town.node, PAGES, 0.02) for _ in range(2)], writers)


def leave(town, load):
    load.leave()
    load.check_pages()
    load.check_rows(town.primary, "post", "title", load.writers)


def primary_lost(town):
    """All that runs on its machine is killed. When that is back, it follows the other."""
    load = come(town, "primary lost")
    lost = time.monotonic()
    town.primary.kill()
    until(town.standby.is_primary)
    promoted = time.monotonic()
    town.swap()
    until(lambda: load.all_write_since(promoted))
    back = max(writer.acknowledged_since(promoted) for writer in load.writers) - promoted
    tests.check(f"primary lost: another is the primary after {promoted - lost:.0f} s, and forms are stored {back:.1f} s later", back < FAILOVER_SECONDS_MAX, back)
    town.standby.launch()
    until(town.standby.has_all)
    joined = time.monotonic()
    until(lambda: load.all_write_since(joined))
    leave(town, load)


def switched_over(town):
    """The administrator has them change places."""
    load = come(town, "switchover")
    begun = time.monotonic()
    town.switch_over()
    town.swap()
    until(town.primary.is_primary)
    until(town.standby.has_all)
    done = time.monotonic()
    until(lambda: load.all_write_since(done))
    refused = load.refused()
    took = max((one.at + one.took for one in refused), default=begun) - begun
    tests.check(f"switchover: forms are refused for {took:.1f} s, {len(refused)} of them, each with a 503", took < FAILOVER_SECONDS_MAX and {one.status for one in refused} <= {503}, refused[:3])
    leave(town, load)


def nothing_to_agree_through(town):
    """Without etcd no server may be the primary. It comes back, and one is."""
    load = come(town, "etcd lost")
    town.etcd.machine.unplug()
    until(lambda: not town.primary.is_primary())
    demoted = time.monotonic()
    until(lambda: all(writer.since(demoted) and writer.since(demoted)[-1].status == 503 for writer in load.writers))
    town.etcd.machine.plug()
    until(lambda: town.primary.is_primary() or town.standby.is_primary())
    promoted = time.monotonic()
    if town.standby.is_primary():
        town.swap()
    until(lambda: load.all_write_since(promoted))
    back = max(writer.acknowledged_since(promoted) for writer in load.writers) - promoted
    tests.check(f"etcd lost: with it back forms are stored {back:.1f} s after there is a primary", back < FAILOVER_SECONDS_MAX, back)
    leave(town, load)


def main(program):
    with tempfile.TemporaryDirectory(prefix="flaskr-patroni.") as place:
        town = Town(os.path.abspath(program), place)
        for part in (primary_lost, switched_over, nothing_to_agree_through):
            print(f"# {part.__name__.replace('_', ' ')}", flush=True)
            try:
                part(town)
            except Exception as error:  # one part that fails keeps none of the others from being tried
                tests.check(part.__name__, False, repr(error))
                for server in (town.primary, town.standby):
                    print(f"{server.machine.name}: {server.log_path.read_text()[-3000:]}")
        for line in town.node.says_of_itself():
            print(f"#   {line}")
        tests.check("the daemon was never started anew", town.node.process.poll() is None)
    tests.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
