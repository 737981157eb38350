"""The servers that are measured: each a process on a loopback port of its own, ended with the benchmark."""

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import time

import client

HERE = os.path.dirname(os.path.abspath(__file__))
START_MAX = 60  # seconds until a server must answer
STOP_MAX = 20  # seconds; a server that has not ended by then is killed
RUNNING = []
PORTS = iter(range(20_000, 32_000))

# Failed logins are never slowed here, and there is room for every client.
SETTINGS = {"FLASKR_THROTTLE_ACCOUNT": "0", "FLASKR_THROTTLE_ADDRESS": "0"}


class Server:
    """A process, started when it is made; "{port}" in its command is its port."""

    def __init__(self, name, command, directory, environment=None, port=None):
        self.name, self.command, self.directory = name, command, directory
        self.environment = os.environ | (environment or {})
        self.port = port or free_port()
        self.start()

    def start(self):
        # It ends with this process, however that ends.
        command = ["setpriv", "--pdeathsig", "TERM", *(part.replace("{port}", str(self.port)) for part in self.command)]
        self.log = os.path.join(self.directory, f"{self.name}-{self.port}.log")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.directory,
                start_new_session=True,
            )
        RUNNING.append(self)
        self.wait()

    def wait(self):
        end = time.monotonic() + START_MAX
        while time.monotonic() < end:
            try:
                socket.create_connection((client.ADDRESS, self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise client.Wrong(f"{self.name} ended") from None
                time.sleep(0.02)
        raise client.Wrong(f"{self.name} does not answer")

    def stop(self):
        RUNNING.remove(self)
        self.process.terminate()
        try:
            self.process.wait(STOP_MAX)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def restart(self):
        self.stop()
        self.start()

    @property
    def pid(self):
        return self.process.pid

    def cpu_seconds(self):
        """What the process and the children it has waited for have used of the cores so far."""
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self, what="VmRSS"):
        """What is resident in memory now, or was at most ("VmHWM")."""
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith(what + ":"))


def say_last_words():
    """What servers that have ended by themselves wrote last."""
    for server in RUNNING:
        if server.process.poll() is not None:
            with open(server.log) as log:
                print(f"{server.name} ended with {server.process.returncode}: {log.read()[-2000:]}", flush=True)


@atexit.register
def stop_all():
    for server in list(RUNNING):
        server.stop()


def free_port():
    """A port that nobody has, below those that the kernel gives to clients, which could take it before a server does."""
    for port in PORTS:
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind((client.ADDRESS, port))
            return port
    raise client.Wrong("no port is free")


def ours(tools, instance, settings=None):
    """The daemon on this instance."""
    command = [tools.daemon, "--listen", f"{client.ADDRESS}:{{port}}", "--instance", instance, "--config", os.devnull]
    return Server("flaskr", command, tools.work, SETTINGS | (settings or {}))


# What a server says for itself, of itself and of the connection.
OF_THE_SERVER = {"date", "content-length", "connection"}


def raw_hyper(tools, answer):
    """hyper alone, with this answer to everything."""
    fields = "".join(f"{name}: {value}\n" for name, value in answer.fields if name.lower() not in OF_THE_SERVER)
    path = os.path.join(tools.work, f"recorded-{len(os.listdir(tools.work))}")
    with open(path, "wb") as recorded:
        recorded.write(f"{answer.status}\n{fields}\n".encode() + answer.body)
    server = Server("raw_hyper", [tools.raw_hyper, "{port}", path], tools.work)
    again = client.ask(server.port, "/", status=answer.status)
    if dates_apart(again) != dates_apart(answer) or again.body != answer.body:
        raise client.Wrong(f"raw hyper's answer is another: {again.fields}, not {answer.fields}")
    return server


def dates_apart(answer):
    return sorted((name.lower(), value) for name, value in answer.fields if name.lower() != "date")


NGINX = """
daemon off;
worker_processes auto;
worker_rlimit_nofile 65536;
user root;
pid {directory}/nginx.pid;
error_log {directory}/nginx.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    default_type "text/html; charset=utf-8";
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_requests 1000000000;
    open_file_cache max=1000 inactive=60s;
    open_file_cache_valid 60s;
    {temporary}
    server {{
        listen 127.0.0.1:{{port}} reuseport backlog=4096;
        root {directory}/pages;
        location = / {{ try_files /page =404; }}
    }}
}}
"""
TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]


def nginx(tools, page):
    """nginx with this page as a file."""
    directory = os.path.join(tools.work, "nginx")
    os.makedirs(os.path.join(directory, "pages"))
    with open(os.path.join(directory, "pages", "page"), "wb") as file:
        file.write(page)
    temporary = " ".join(f"{kind}_temp_path {directory}/{kind};" for kind in TEMPORARY)
    port, path = free_port(), os.path.join(directory, "nginx.conf")
    with open(path, "w") as config:
        config.write(NGINX.format(directory=directory, temporary=temporary).replace("{port}", str(port)))
    return Server("nginx", [tools.nginx, "-p", directory, "-c", path, "-e", "stderr"], directory, port=port)


APPLICATION = """
import os
from flaskr import create_app

app = create_app({"SECRET_KEY": "a key for the benchmark alone", "DATABASE": os.environ["FLASKR_DATABASE"]})
"""


def original(tools, kind, database):
    """The tutorial's Flaskr on this database, on waitress or on gunicorn, both as they come."""
    with open(os.path.join(tools.work, "application.py"), "w") as file:
        file.write(APPLICATION)
    program = {
        "waitress": ["waitress-serve", f"--listen={client.ADDRESS}:{{port}}", "application:app"],
        "gunicorn": ["gunicorn", "--workers", "3", "--bind", f"{client.ADDRESS}:{{port}}", "application:app"],
    }[kind]
    environment = {"FLASKR_DATABASE": database, "PYTHONPATH": f"{tools.original}:{tools.work}"}
    command = [os.path.join(tools.original, "venv/bin", program[0]), *program[1:]]
    return Server(kind, command, tools.work, environment)
