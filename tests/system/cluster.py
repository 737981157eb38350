"""Machines with a network of their own: PostgreSQL, daemons, and what stands in front of them.

A machine is a network namespace with a cable to a bridge; the test itself sits at the bridge. All of it ends with the test,
which runs in namespaces of its own (tests/system/apart).
"""

import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import time

from daemon import PATIENCE, Daemon, every, until

PASSWORD = "pears & apples"  # of the user flaskr on the server; it has to be written otherwise in an address
PORT = 5432


def run(command, **options):
    """Runs a command line, which must not fail; what it says."""
    done = subprocess.run(command, shell=isinstance(command, str), capture_output=True, text=True, **options)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


class Network:
    """A bridge, to which the test is connected too, and an authority for certificates."""

    def __init__(self, place):
        self.place, self.machines = pathlib.Path(place), 1
        self.place.chmod(0o755)  # PostgreSQL runs as somebody else
        run("mkdir -p /run/netns && mount -t tmpfs none /run/netns && ip link set lo up && ip link add site type bridge && "
            "ip address add 10.7.0.1/24 dev site && ip link set site up")
        self.ca = self.place / "ca.pem"
        run(f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority "
            f"-keyout {self.place}/ca.key -out {self.ca}")

    def machine(self, name):
        self.machines += 1
        return Machine(self, name, f"10.7.0.{self.machines}")


class Machine:
    """A network namespace with one cable. Its files are everybody's."""

    def __init__(self, network, name, address):
        self.network, self.name, self.address, self.cable = network, name, address, f"to-{name}"
        run(f"ip netns add {name} && ip link add {self.cable} type veth peer name eth0 netns {name} && "
            f"ip link set {self.cable} master site up && ip -n {name} address add {address}/24 dev eth0 && "
            f"ip -n {name} link set eth0 up && ip -n {name} link set lo up")

    def inside(self):
        """What a command begins with to run there."""
        return ["nsenter", f"--net=/run/netns/{self.name}"]

    def unplug(self):
        """Takes the cable out at the far end: nobody there is told, and no packet says so."""
        run(f"ip link set {self.cable} down")

    def plug(self):
        run(f"ip link set {self.cable} up")

    def reaches(self, server):
        """Whether a server answers who asks from here."""
        ready = [*self.inside(), str(Server.binaries / "pg_isready"), "-q", "-t", "1", "-h", server.machine.address]
        return subprocess.run(ready).returncode == 0

    def certificate(self, stem):
        """A certificate for this address in STEM.pem, and its key in STEM.key."""
        ca = self.network.place / "ca"
        run(f"openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN={self.name} -keyout {stem}.key -out {stem}.csr && "
            f"echo subjectAltName=IP:{self.address} >{stem}.ext && "
            f"openssl x509 -req -in {stem}.csr -CA {ca}.pem -CAkey {ca}.key -days 2 -extfile {stem}.ext -out {stem}.pem")


class Server:
    """A PostgreSQL on a machine of its own."""

    binaries = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))

    def __init__(self, machine, size=None):
        self.machine, self.process, self.size = machine, None, size
        self.place = machine.network.place / machine.name
        self.place.mkdir()
        if size:
            run(f"mount -t tmpfs -o size={size} none {self.place}")
        self.data, self.log_path = self.place / "data", machine.network.place / f"{machine.name}.log"
        shutil.chown(self.place, "postgres")
        self.certify()

    def as_postgres(self, *command):
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--reset-env", *map(str, command)]

    def create(self, settings=""):
        """A new cluster with the user flaskr, who has the empty database flaskr."""
        run(self.as_postgres(self.binaries / "initdb", "-D", self.data, "-A", "trust", "--wal-segsize=1", "--no-sync"), cwd="/")
        (self.data / "pg_hba.conf").write_text("local all all trust\nhostssl all all 10.7.0.0/24 scram-sha-256\n"
                                               "hostssl replication all 10.7.0.0/24 scram-sha-256\n")
        (self.data / "postgresql.auto.conf").write_text(settings + "wal_keep_size = 64MB\nhot_standby_feedback = on\n")
        self.start()
        self.sql(f"CREATE ROLE flaskr LOGIN REPLICATION PASSWORD '{PASSWORD}'", database="postgres")
        self.sql("CREATE DATABASE flaskr OWNER flaskr", database="postgres")
        return self

    def follow(self, primary):
        """Becomes a standby of another, with a copy of what that has."""
        until(lambda: self.machine.reaches(primary))
        shutil.rmtree(self.data, ignore_errors=True)
        source = f"host={primary.machine.address} user=flaskr password='{PASSWORD}' application_name={self.machine.name}"
        run([*self.machine.inside(), *self.as_postgres(self.binaries / "pg_basebackup", "-d", source, "-D", self.data, "-R", "-c", "fast")], cwd="/")
        return self.start()

    def start(self):
        self.launch()
        until(lambda: self.answers())
        return self

    def launch(self):
        """Starts it, and does not wait until it answers."""
        settings = self.tls() | {
            "listen_addresses": self.machine.address, "unix_socket_directories": self.place, "cluster_name": self.machine.name,
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([*self.machine.inside(), *self.as_postgres(self.binaries / "postgres", "-D", self.data, *options)],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True)

    def certify(self):
        """Gives it a certificate for its address."""
        self.machine.certificate(self.place / "server")
        shutil.chown(self.place / "server.key", "postgres")

    def tls(self):
        """The settings with which it shows that."""
        return {"ssl": "on", "ssl_cert_file": f"{self.place}/server.pem", "ssl_key_file": f"{self.place}/server.key"}

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"PostgreSQL has ended:\n{self.log_path.read_text()[-2000:]}")
        return self.psql("SELECT 1").returncode == 0

    def psql(self, statement, database="postgres", **options):
        """Asks as the administrator, over the socket, whatever becomes of the network."""
        command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(self.place), "-U", "postgres", "-d", database]
        return subprocess.run(command, input=statement, capture_output=True, text=True, timeout=PATIENCE, **options)

    def sql(self, statement, database="flaskr"):
        """The rows of the answer, each a text."""
        done = self.psql(statement, database)
        if done.returncode:
            raise RuntimeError(f"{statement}: {done.stderr}")
        return done.stdout.splitlines()

    def holding(self, statements, seconds):
        """A psql that does this in a transaction, and then nothing for so long."""
        command = ["psql", "-XAtq", "-h", str(self.place), "-U", "postgres", "-d", "flaskr"]
        return subprocess.Popen([*command, "-c", f"BEGIN; {statements}; SELECT pg_sleep({seconds})"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def processes(self):
        """The postmaster and all it has started."""
        found, parents = [], self.first_processes()
        while parents:
            found += parents
            children = (pathlib.Path(f"/proc/{pid}/task/{pid}/children") for pid in parents)
            parents = [int(pid) for path in children if path.exists() for pid in path.read_text().split()]
        return found

    def first_processes(self):
        return [self.process.pid]

    def signal(self, number):
        for pid in self.processes():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass  # ended by itself meanwhile

    def kill(self):
        """kill -9, of all its processes: the postmaster first, so that it starts none anew."""
        self.signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def pause(self):
        self.signal(signal.SIGSTOP)

    def go_on(self):
        self.signal(signal.SIGCONT)

    def shut_down(self, how):
        """Smart (it waits for everybody to leave), fast, or immediate; not waited for."""
        self.process.send_signal({"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}[how])

    def promote(self):
        self.sql("SELECT pg_promote(true, 20)", database="postgres")

    def set(self, name, value):
        """Changes a setting of the server, as its administrator does."""
        for statement in (f"ALTER SYSTEM SET {name} = '{value}'", "SELECT pg_reload_conf()"):
            self.sql(statement, database="postgres")

    def discard(self):
        if self.process and self.process.poll() is None:
            self.kill()
        if self.size:
            run(f"umount -l {self.place}")


class Site:
    """What all nodes of a site have in common."""

    def __init__(self, program, network, servers, parameters=""):
        self.program, self.network = program, network
        hosts = ",".join(f"{server.machine.address}:{PORT}" for server in servers)
        self.key = secrets.token_hex(32)
        password = network.place / "password"
        password.write_text(PASSWORD + "\n")
        self.environment = {
            "FLASKR_DATABASE_URL": f"postgres://flaskr@{hosts}/flaskr{parameters}", "FLASKR_DATABASE_CA": str(network.ca),
            "FLASKR_DATABASE_PASSWORD_FILE": str(password),
            "FLASKR_THROTTLE_ADDRESS": "0", "FLASKR_COMMENTS_PER_MINUTE": "0",
        }

    def admin(self, *words):
        """What `flaskr admin` says, run on the test's own machine."""
        done = subprocess.run([self.program, "admin", *words], env=os.environ | self.environment, cwd=self.network.place,
                              capture_output=True, text=True, timeout=PATIENCE)
        return done.returncode, done.stdout + done.stderr

    def node(self, machine, **environment):
        return Node(self, machine, self.environment | environment)


class Node(Daemon):
    """A daemon on a machine of its own."""

    def __init__(self, site, machine, environment):
        self.machine, self.address = machine, machine.address
        place = site.network.place / machine.name
        place.mkdir(exist_ok=True)
        key = place / "secret_key"  # a copy for each
        key.write_text(site.key + "\n")
        key.chmod(0o600)
        environment = environment | {"FLASKR_SECRET_KEY_FILE": str(key)}
        super().__init__(site.program, place, machine.inside(), environment,
                         ("--listen", f"{machine.address}:8080"))

    def says_of_itself(self, kind="WARN|ERROR| again"):
        """What its log has of the database, without the time."""
        return [line.strip() for line in self.log().splitlines() if re.search(kind, line)]


class Proxy:
    """HAProxy on a machine of its own, with the example for several nodes. A visitor can ask it as if it were a daemon."""

    def __init__(self, machine, example, nodes):
        self.address, self.port = machine.address, 8000
        self.config = machine.network.place / "haproxy.cfg"
        self.config.write_text(self.adapted(example.read_text(), nodes))
        with open(machine.network.place / "haproxy.log", "wb") as log:
            self.process = subprocess.Popen([*machine.inside(), "haproxy", "-db", "-f", str(self.config)], stdout=log, stderr=log)

    def adapted(self, text, nodes):
        """Other addresses, and no https, which tests/system/proxies has."""
        for number, node in enumerate(nodes, 1):
            text = text.replace(f"192.0.2.{number}:8080", f"{node.address}:8080")
        drop = ("bind :443", "http-request redirect", "ssl-default", "log /dev/log")
        lines = [line for line in text.splitlines() if not line.strip().startswith(drop)]
        return "\n".join(lines).replace("bind :80", f"bind :{self.port}").replace("X-Forwarded-Proto https", "X-Forwarded-Proto http") + "\n"

    def discard(self):
        self.process.kill()
        self.process.wait()


def seconds_until(condition, pause=0.02):
    """How long it takes until something is true."""
    begun = time.monotonic()
    for _ in every(pause):
        if condition():
            return time.monotonic() - begun
    raise AssertionError("waited in vain")
