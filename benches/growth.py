"""Whether the site slows down as the blog grows: all sizes at once take turns, so that noise does not look like growth."""

import contextlib
import html
import itertools
import random
import re
import statistics
import time
from urllib.parse import quote

import client
import servers
import sites
from measure import Load, interleaved, percentile, ratios
from words import Text

SECTION = "By number of posts, in answers a second"
ANEW = "First answer after a write, by number of posts, in milliseconds"
SEARCH = "Search, in milliseconds"
PAGES_DEEP = 300
# A second in which every post is asked for once takes this many posts at least.
WALK_POSTS_MIN = 100_000
# A page of five posts has less.
PAGE_BYTES_MAX = 100_000
SAMPLE_WORDS = 100
# Pages whose sizes differ by less show as much.
ALIKE = 0.9
TARGET = "at least 0.95"


def measure(run):
    asked = {}
    for posts in run.sizes:
        instance = run.sites.ours(posts)
        asked[posts] = servers.ours(run.tools, instance)
        sites.wait_until_indexed(instance)
    found = [kind for kind in kinds(run, asked) if is_there(run, asked, *kind)]
    for kind in found:
        page(run, asked, *kind)
    cold(run, asked)
    after_writes(run, asked, [kind for kind in found if "logged in" not in kind[0]])
    search(run, asked[run.sizes[-1]], run.sizes[-1])
    for server in asked.values():
        server.stop()


def kinds(run, asked):
    """Pages as (label, path for each size, header for each size)."""
    nobody = dict.fromkeys(asked, {})
    somebody = {posts: client.log_in(server.port, sites.AUTHOR, run.password) for posts, server in asked.items()}
    deep = {posts: deep_path(server) for posts, server in asked.items()}
    pages = {
        "/": dict.fromkeys(asked, "/"),
        "/<id>": {posts: f"/{random.Random(posts).randint(1, posts)}" for posts in asked},
        f"/?before=…, {PAGES_DEEP} pages deep": deep,
        "/tags/<tag>": {posts: tag_path(server) for posts, server in asked.items()},
        "/users/<name>": dict.fromkeys(asked, f"/users/{sites.AUTHOR}"),
    }
    for name, paths in pages.items():
        yield f"GET {name}", paths, nobody
        yield f"GET {name}, logged in", paths, somebody
    yield "GET /feed.atom", dict.fromkeys(asked, "/feed.atom"), nobody


def deep_path(server):
    """The target of the link to older posts, as many pages back as there are; None where pages have no such link."""
    path, found = "/", None
    for _ in range(PAGES_DEEP):
        answer = client.ask(server.port, path, status=None)
        path = link(answer, r'<a\b[^>]*\brel="?next\b[^>]*>') if answer.status == 200 else None
        if not path:
            return found
        found = path
    return found


def tag_path(server):
    """The first tag that the front page links to, if any."""
    return link(client.ask(server.port, "/", status=None), r'<a\b[^>]*\bhref="/tags/[^>]*>')


def link(answer, pattern):
    """Where the first link that looks so leads to, as a path of this site."""
    tag = re.search(pattern, answer.body.decode())
    target = tag and re.search(r'\bhref="([^"]*)"', tag[0])
    return target and re.sub(r"^https?://[^/]*", "", html.unescape(target[1])) or None


def is_there(run, asked, label, paths, headers):
    """Whether a page can be measured at each size."""
    missing = {why for posts in asked if (why := unanswered(asked[posts], paths[posts], headers[posts]))}
    if missing:
        run.report.leave_out(label, "; ".join(sorted(missing)))
    return not missing


def page(run, asked, label, paths, headers):
    """One page at each size."""
    loads = {
        posts: Load(server, path=paths[posts], headers=headers[posts], seconds=1) for posts, server in asked.items()
    }
    rates = interleaved(run.rounds, {posts: load.rate for posts, load in loads.items()})
    largest = loads[run.sizes[-1]].answer.bytes
    # A small blog has less to show: where it starts is the first that fills the page.
    base = next(posts for posts, load in loads.items() if load.answer.bytes > ALIKE * largest)
    show(run, label, rates, base, "logged in" not in label)


def unanswered(server, path, headers):
    """Why a page cannot be measured, if it cannot."""
    if not path:
        return "no link to it"
    answer = client.ask(server.port, path, headers, status=None)
    if answer.status != 200:
        return f"answered {answer.status}"
    return "it shows all posts" if len(answer.body) > PAGE_BYTES_MAX else None


def show(run, label, rates, base, plot):
    """The rate at the largest size to that at this one, and all of them."""
    largest = max(rates)
    if largest > base:
        run.report.ratio(f"{label}: {largest:,} posts to {base:,}", ratios(rates[largest], rates[base]), TARGET)
    run.report.across(SECTION, label, {f"{posts:,} posts": values for posts, values in rates.items()})
    for posts, values in rates.items():
        if plot and largest > base <= posts:
            run.report.line(label, posts, statistics.median(ratios(values, rates[base])))


def after_writes(run, asked, found):
    """How long one waits for a page just after a post was changed, when no page is ready: each time another size."""
    connections = {posts: client.Connection(server.port) for posts, server in asked.items()}
    changes = {posts: change(run, posts, server) for posts, server in asked.items()}
    for label, paths, _ in found:
        times = {posts: [] for posts in asked}
        for _ in range(run.searches // 5):
            for posts, connection in connections.items():
                client.expect(connection.ask(changes[posts]), 303)
                answer = client.expect(connection.ask(client.request(paths[posts])), 200)
                times[posts].append(1000 * answer.seconds)
        columns = {f"{posts:,} posts": statistics.median(values) for posts, values in times.items()}
        run.report.across(ANEW, label, columns)
    for connection in connections.values():
        connection.close()


def change(run, posts, server):
    """A request that changes a post of AUTHOR's, who is user 1."""
    with contextlib.closing(sites.database_of(run.sites.ours(posts))) as database:
        post = database.execute("SELECT max(id) FROM post WHERE author_id = 1").fetchone()[0]
    cookie = client.log_in(server.port, sites.AUTHOR, run.password)
    return client.request(f"/{post}/update", cookie, {"title": "Changed", "body": "It sings on tuesday, 화요일에."})


def cold(run, asked):
    """Posts that nobody has asked for since the start, where there are enough of them."""
    label = "GET /<id>, each another one"
    large = {posts: server for posts, server in asked.items() if posts >= WALK_POSTS_MIN}
    why = unanswered(asked[run.sizes[-1]], "/1", {})
    if why or not large:
        run.report.leave_out(f"{label}, as the blog grows", why or f"it takes {WALK_POSTS_MIN:,} posts")
        return
    from pages import cold_rate, walk

    loads = {posts: walk(server, posts) for posts, server in large.items()}
    cases = {posts: (lambda load=load, posts=posts: cold_rate(load, posts)) for posts, load in loads.items()}
    show(run, label, interleaved(run.rounds, cases), min(loads), plot=True)


def search(run, server, posts):
    """How long one waits for what has a word in it, one search at a time."""
    cookie = client.log_in(server.port, sites.AUTHOR, run.password)
    nothing = client.ask(server.port, "/?q=" + quote("검색어가아닌것"), cookie)
    if nothing.body.count(b"<article"):
        run.report.leave_out("Search", "/?q= shows what has not the word in it")
        return
    text = Text()
    for language, letters, rare in itertools.product(("English", "Korean"), (1, 2, 3), (False, True)):
        words = text.class_of(text.english if language == "English" else text.korean, letters, rare, SAMPLE_WORDS)
        if not rare:
            must_find(server, words[0])
        times = [1000 * seconds for seconds in search_times(run, server, cookie, words)]
        columns = {"p50": percentile(times, 0.5), "p99 (target: less than 50)": percentile(times, 0.99)}
        length = {1: "1 letter", 2: "2 letters", 3: "3 or more letters"}[letters]
        label = f"{'rare' if rare else 'common'} {language} words of {length}, {posts:,} posts"
        run.report.across(SEARCH, label, columns)


def must_find(server, word):
    """To search for what is not in the index would take no time."""
    if not client.ask(server.port, "/?q=" + quote(word)).body.count(b"<article"):
        raise client.Wrong(f"no post is found by {word}, which is common")


def search_times(run, server, cookie, words):
    """Seconds for each search; before a word is searched again a post is written, so that no answer is kept."""
    times = []
    while len(times) < run.searches:
        times += search_each(server, cookie, words[: run.searches - len(times)])
    return times


def search_each(server, cookie, words):
    """Seconds for the search for each of these words, after which a post is written."""
    times = client.each(server.port, (client.request("/?q=" + quote(word)) for word in words), 200)
    client.ask(server.port, "/create", cookie, {"title": "Meanwhile", "body": f"{time.time_ns()}"}, 303)
    return times
