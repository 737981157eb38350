"""People who log in with the right password, many at once: the password's hash is what they wait for."""

import client
import micro
import servers
import sites
from measure import Load, interleaved, percentile, ratios
from writes import running

SECTION = "Logins"
CONNECTIONS = 16
SECONDS = 4  # of a run: the original answers a few a second
THREADS = 1  # of the daemon's that hash passwords, by default
READS_PER_SECOND = 100


def measure(run):
    right = {"username": sites.AUTHOR, "password": run.password}
    flaskr = servers.ours(run.tools, run.sites.ours(5, key="writes"))
    waitress = servers.original(run.tools, "waitress", run.sites.original(5, key="writes"))
    seconds = SECONDS
    ours = Load(flaskr, "/auth/login", {}, CONNECTIONS, seconds, status=303, form=right)
    theirs = Load(waitress, "/auth/login", {}, CONNECTIONS, seconds, status=302, form=right)
    cases = {"hashes": lambda: hashes_per_second(run), "flaskr": ours.rate, "waitress": theirs.rate}
    found = interleaved(run.rounds, cases)
    possible = [THREADS * rate for rate in found["hashes"]]
    run.report.ratio("logins, to what hashing alone allows", ratios(found["flaskr"], possible), "at least 0.9")
    run.report.ratio("logins, to waitress", ratios(found["flaskr"], found["waitress"]))
    run.report.figure(SECTION, "one argon2id hash, alone", [1000 / rate for rate in found["hashes"]], "ms")
    run.report.figure(SECTION, f"{CONNECTIONS} connections, flaskr", found["flaskr"], "/s")
    run.report.figure(SECTION, f"{CONNECTIONS} connections, waitress (scrypt)", found["waitress"], "/s")
    reads(run, {"flaskr": ours, "waitress": theirs})
    flaskr.stop()
    waitress.stop()


def hashes_per_second(run):
    return 1 / micro.medians(run, "argon2id", seconds=run.seconds)["argon2id"]


def reads(run, loads):
    """What a reader waits for the front page, without logins and under them."""
    cases = {}
    for name, load in loads.items():
        cases[f"without logins, {name}"] = lambda load=load: p99(run, load.server)
        cases[f"under logins, {name}"] = lambda load=load: p99_under(run, load)
    for name, values in interleaved(run.rounds, cases).items():
        run.report.figure(SECTION, f"p99 of GET / {name}", values, "ms")


def p99(run, server):
    return 1000 * percentile(client.paced(server.port, client.request("/"), READS_PER_SECOND, 2 * run.seconds), 0.99)


def p99_under(run, load):
    with running(load, 2 * run.seconds + 1):
        return p99(run, load.server)
