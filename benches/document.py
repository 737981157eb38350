"""The words around the numbers in docs/performance.md, and what they were measured on."""

import os
import platform
import re
import subprocess

import servers
from report import items, joined

HEAD = """
# How fast it is

Written by `benches/run`, which says so again on any Debian 12. A figure is the median of {rounds} rounds, in which the
servers took turns; a ratio is of one round, and then the median of those.
"""
RATIOS = """
"to raw_hyper" is against hyper alone, which sends the daemon's very bytes and header from memory (`benches/raw_hyper.rs`):
what the daemon could do at best. nginx sends the page from a file. waitress and gunicorn serve the tutorial's own Flaskr,
waitress as it comes (four threads) and gunicorn with three workers. Targets are what we want of it, whatever it is today.
"""
FIGURES = """
Of requests a second (/s) more is better, of all else less. wrk asks in one thread, over connections that stay open, on the
same cores as the servers. Every answer measured has the status that it should have, or the whole run fails.
"""
ENGINES = """
## SQLite and PostgreSQL

The same daemon with the same 100,000 posts, in a file, and on a PostgreSQL server of the same machine to which `flaskr-admin copy`
has brought them, by `benches/run engines`. The server is Debian's, with its settings as they come, behind a Unix socket; both engines
wait for the disk (fsync). They took turns; ratios are PostgreSQL's to SQLite's, of one round, and then the median of {rounds},
of four times as many where a ratio is asked for.

On a server each write is answered 50 ms after its commit, by design: then every node shows it ([scaling.md](scaling.md)).
So one connection gets less than 20 answers a second from it, and 64 less than 1,280, however fast the server is. A login is such a write.
What a post costs PostgreSQL itself has the index of the search in it.
"""
ENGINES_TITLE = "## SQLite and PostgreSQL"
AGAIN = """
## Again

```
benches/run                 # as root, on Debian 12 with a Rust toolchain
benches/run --quick pages   # some of it, short, for trying
benches/run engines         # SQLite and PostgreSQL alone: that part of this document, and nothing else
```

Parts are `pages sizes growth writes logins start micro engines`. Load goes to 127.0.0.1 only.
"""


def text(run, machine, engines):
    """All of it; `engines` is the part of both engines."""
    frame = {"head": HEAD.format(rounds=run.rounds), "ratios": RATIOS, "figures": FIGURES, "again": AGAIN}
    return run.report.text(frame | {"engines": engines}, machine)


def engines(run, report):
    """The part of both engines, which says itself what it was measured on."""
    parts = [ENGINES.format(rounds=run.rounds), *report.figures(), "### Measured on", items(report.machine)]
    return joined(parts)


def with_engines(whole, engines):
    """The document with this part in the place of the one it has, or before the last."""
    before, _, rest = whole.partition(f"\n{ENGINES_TITLE}\n")
    if not rest:
        before, _, _ = whole.partition("\n## Again\n")
    return f"{before.rstrip()}\n\n{engines}\n{AGAIN.lstrip()}"


def machine(run):
    """What it is measured on and with."""
    settings = ", ".join(f"`{name}={value}`" for name, value in servers.SETTINGS.items())
    return {
        "Processor": f"{processor()}, {os.cpu_count()} cores",
        "Memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "Disk": said(["findmnt", "-n", "-o", "FSTYPE,OPTIONS", "--target", run.tools.work]),
        "System": f"{system()}, Linux {platform.release()}",
        "Load before the run": f"{os.getloadavg()[0]:.1f}",
        "Flaskr": said(["git", "-C", run.tools.root, "describe", "--always", "--dirty"])
        + f", {said(['rustc', '--version'])}",
        "wrk": said(["wrk", "-v"], r"wrk \S+"),
        "nginx": said([run.tools.nginx, "-v"], r"nginx/\S+"),
        "The tutorial's Flaskr": f"{packages(run)}, Python {platform.python_version()}",
        "Settings of the daemon": f"the defaults, but for {settings}: the login is not slowed",
    }


def processor():
    with open("/proc/cpuinfo") as file:
        found = re.search(r"model name\s*: (.*)", file.read())
    return found[1] if found else platform.machine()


def system():
    with open("/etc/os-release") as file:
        return re.search(r'PRETTY_NAME="(.*)"', file.read())[1]


def packages(run):
    listed = said([os.path.join(run.tools.original, "venv/bin/pip"), "list", "--format", "freeze"], r"[\s\S]*")
    return ", ".join(
        line for line in listed.splitlines() if re.match(r"(flask|gunicorn|waitress|werkzeug)==", line, re.I)
    )


def said(command, pattern=r".*"):
    """What a program says of itself."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    found = re.search(pattern, done.stdout)
    return found[0].strip() if found else ""
