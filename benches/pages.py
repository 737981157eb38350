"""The front page and the page of a post, ours against the same bytes from hyper alone and others."""

import client
import servers
import sites
import strace
from measure import Load, interleaved, ratios
from report import rounded

# About five kilobytes of page.
POSTS, CHARACTERS = 5, 300
MANY_POSTS = 100_000
TRACED_REQUESTS = 6400

RATES = "Pages, in answers a second"
KERNEL = "What an answer costs"


def measure(run):
    flaskr = servers.ours(run.tools, run.sites.ours(POSTS, CHARACTERS))
    front = client.ask(flaskr.port, "/")
    run.report.figure(RATES, f"size of the front page, of {POSTS} posts", len(front.body), "bytes")
    raw, nginx = servers.raw_hyper(run.tools, front), servers.nginx(run.tools, front.body)
    database = run.sites.original(POSTS, CHARACTERS)
    waitress, gunicorn = (servers.original(run.tools, kind, database) for kind in ("waitress", "gunicorn"))
    for connections in (32, 256):
        front_page(run, [flaskr, raw, nginx, waitress, gunicorn], connections)
    for server in (nginx, waitress, gunicorn, raw):
        server.stop()
    system_calls(run, flaskr)
    variants(run, flaskr)
    flaskr.stop()
    cold(run)


def front_page(run, asked, connections):
    """The page as everybody gets it, from everybody who can send it."""
    loads = {server.name: Load(server, connections=connections, seconds=run.seconds) for server in asked}
    rates = interleaved(run.rounds, {name: load.rate for name, load in loads.items()})
    targets = {
        "raw_hyper": "at least 0.95",
        "nginx": "at least 1.3",
        "waitress": "at least 120",
        "gunicorn": "at least 50",
    }
    for name, target in targets.items():
        run.report.ratio(f"GET /, {connections} connections, to {name}", ratios(rates["flaskr"], rates[name]), target)
    run.report.across(RATES, f"GET /, {connections} connections", rates)
    if connections == 32:
        ours, raw = loads["flaskr"].cpu_micros, loads["raw_hyper"].cpu_micros
        run.report.ratio("CPU time of GET /, to raw_hyper", ratios(ours, raw), "at most 1.2")
        run.report.figure(KERNEL, "CPU time of GET /, flaskr", ours, "µs")
        run.report.figure(KERNEL, "CPU time of GET /, raw_hyper", raw, "µs")


def system_calls(run, flaskr):
    for connections in (1, 32):
        counts = strace.counted(run, flaskr, client.request("/"), connections, TRACED_REQUESTS)
        target = "at most 2.1" if connections == 32 else ""
        kinds = ", ".join(f"{name} {rounded(count)}" for name, count in counts.items() if count >= 0.01)
        run.report.figure(
            KERNEL, f"system calls for GET /, {connections} connections ({kinds})", sum(counts.values()), "", target
        )


def variants(run, flaskr):
    """The front page in other forms, each against hyper with just these bytes."""
    tag = client.field(client.ask(flaskr.port, "/"), "etag")
    if tag:
        against_raw(run, flaskr, "GET /, answered 304", {"If-None-Match": tag}, "at least 0.95", status=304)
    else:
        run.report.leave_out("GET /, answered 304", "the page has no ETag")
    for encoding in ("gzip", "br", "zstd"):
        asked = {"Accept-Encoding": encoding}
        if client.field(client.ask(flaskr.port, "/", asked), "content-encoding") == encoding:
            against_raw(run, flaskr, f"GET /, {encoding}", asked, "at least 0.95")
        else:
            run.report.leave_out(f"GET /, {encoding}", "the page is not compressed")
    cookie = client.log_in(flaskr.port, "ada", run.password)
    against_raw(run, flaskr, "GET /, logged in", cookie, "at least 0.50")


def against_raw(run, flaskr, label, headers, target, **more):
    load = Load(flaskr, headers=headers, seconds=run.seconds, **more)
    raw = servers.raw_hyper(run.tools, load.answer)
    theirs = Load(raw, headers=headers, seconds=run.seconds, **more)
    show(run, label, interleaved(run.rounds, {"flaskr": load.rate, "raw_hyper": theirs.rate}), target)
    raw.stop()


def show(run, label, rates, target):
    run.report.ratio(f"{label}, to raw_hyper", ratios(rates["flaskr"], rates["raw_hyper"]), target)
    run.report.across(RATES, label, rates)


def cold(run):
    """Pages of posts that nobody has asked for since the start, each another one."""
    site = run.sites.ours(MANY_POSTS)
    flaskr = servers.ours(run.tools, site)
    sites.wait_until_indexed(site)
    page = client.ask(flaskr.port, "/1", status=None)
    if page.status != 200:
        run.report.leave_out("GET /<id>, each another one", f"answered {page.status}")
        flaskr.stop()
        return
    raw = servers.raw_hyper(run.tools, page)
    # Both walk, so that wrk has the same to do.
    loads = {server.name: walk(server, MANY_POSTS) for server in (flaskr, raw)}
    cases = {"flaskr": lambda: cold_rate(loads["flaskr"], MANY_POSTS), "raw_hyper": loads["raw_hyper"].rate}
    show(run, "GET /<id>, each another one", interleaved(run.rounds, cases), "at least 0.15")
    flaskr.stop()
    raw.stop()


def walk(server, posts):
    """Every post once: for a second, before which they must not run out."""
    return Load(server, path="/1", seconds=1, script=("walk.lua", str(posts)))


def cold_rate(load, posts):
    """The rate with nothing cached, which is so only until every post was asked for."""
    load.server.restart()
    rate = load.rate()
    if load.requests > posts:
        raise client.Wrong(f"{load.requests} pages were asked for, of {posts} posts: some of them twice")
    return rate
