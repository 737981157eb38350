"""The front page of a blog with few posts and with many, which the original shows all."""

import servers
from measure import Load, interleaved, ratios

SECTION = "Front page by number of posts, in answers a second"
# Fewer connections for the largest: the original takes seconds for such a page.
SIZES = {5: 32, 100: 32, 10_000: 4}
LONGEST = 3  # runs are so many times as long for the largest


def measure(run):
    for posts, connections in SIZES.items():
        started = [servers.ours(run.tools, run.sites.ours(posts))]
        database = run.sites.original(posts)
        started += [servers.original(run.tools, kind, database) for kind in ("waitress", "gunicorn")]
        seconds = run.seconds * (LONGEST if posts == max(SIZES) else 1)
        loads = {server.name: Load(server, connections=connections, seconds=seconds) for server in started}
        rates = interleaved(run.rounds, {name: load.rate for name, load in loads.items()})
        for name in ("waitress", "gunicorn"):
            run.report.ratio(f"GET / of {posts:,} posts, to {name}", ratios(rates["flaskr"], rates[name]))
        run.report.across(SECTION, f"{posts:,} posts, {connections} connections", rates)
        for server in started:
            server.stop()
