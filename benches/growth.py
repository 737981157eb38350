"""Whether the site slows down as the blog grows: all sizes at once take turns, so that noise does not look like growth."""

import html
import itertools
import random
import re
from urllib.parse import quote

import client
import servers
import sites
from measure import Load, interleaved, percentile, ratios
from words import Text

SECTION = "Growth"
SEARCH = "Search"
PAGES_DEEP = 300
# A walk that asks for every post once takes this many posts at least.
WALK_POSTS_MIN = 20_000
# A page of five posts has less.
PAGE_BYTES_MAX = 100_000
SAMPLE_WORDS = 100
TARGET = "at least 0.95"


def measure(run):
    asked = {}
    for posts in run.sizes:
        instance = run.sites.ours(posts)
        asked[posts] = servers.ours(run.tools, instance)
        sites.wait_until_indexed(instance)
    for label, paths, headers in kinds(run, asked):
        page(run, asked, label, paths, headers)
    cold(run, asked)
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


def page(run, asked, label, paths, headers):
    """One page at each size."""
    missing = [f"{posts:,} posts: {why}" for posts in asked if (why := unanswered(asked[posts], paths[posts], headers[posts]))]
    if missing:
        run.report.leave_out(label, "; ".join(missing))
        return
    loads = {
        posts: Load(server, path=paths[posts], headers=headers[posts], seconds=1) for posts, server in asked.items()
    }
    show(run, label, interleaved(run.rounds, {posts: load.rate for posts, load in loads.items()}), plot="logged in" in label)


def unanswered(server, path, headers):
    """Why a page cannot be measured, if it cannot."""
    if not path:
        return "no link to it"
    answer = client.ask(server.port, path, headers, status=None)
    if answer.status != 200:
        return f"{path} was answered {answer.status}"
    return "it shows all posts" if len(answer.body) > PAGE_BYTES_MAX else None


def show(run, label, rates, plot):
    """The rate at the largest size to that at the smallest, and all of them."""
    sizes = list(rates)
    run.report.ratio(f"{label}: {sizes[-1]:,} posts to {sizes[0]:,}", ratios(rates[sizes[-1]], rates[sizes[0]]), TARGET)
    for posts, values in rates.items():
        run.report.figure(SECTION, f"{label}, {posts:,} posts", values, "/s")
        if plot:
            run.report.line(label, posts, sorted(ratios(values, rates[sizes[0]]))[len(values) // 2])


def cold(run, asked):
    """Posts that nobody has asked for since the start, where there are enough of them."""
    label = "GET /<id>, each another one"
    large = {posts: server for posts, server in asked.items() if posts >= WALK_POSTS_MIN}
    if why := unanswered(asked[run.sizes[-1]], "/1", {}):
        run.report.leave_out(f"{label}, as the blog grows", why)
        return
    from pages import cold_rate, walk

    loads = {posts: walk(server, posts, 1) for posts, server in large.items()}
    cases = {posts: (lambda load=load, posts=posts: cold_rate(load, posts)) for posts, load in loads.items()}
    show(run, label, interleaved(run.rounds, cases), plot=False)


def search(run, server, posts):
    """How long one waits for what has a word in it, one search at a time, with nothing remembered from before."""
    cookie = client.log_in(server.port, sites.AUTHOR, run.password)
    nothing = client.ask(server.port, "/?q=" + quote("검색어가아닌것"), cookie)
    if nothing.body.count(b"<article"):
        run.report.leave_out("Search", "/?q= shows what has not the word in it")
        return
    text = Text()
    for (language, words), letters, rare in itertools.product(
        {"English": text.english, "Korean": text.korean}.items(), (1, 2, 3), (False, True)
    ):
        chosen = itertools.cycle(text.class_of(words, letters, rare, SAMPLE_WORDS))
        requests = (client.request("/?q=" + quote(next(chosen)), cookie) for _ in range(run.searches))
        milliseconds = [1000 * seconds for seconds in client.each(server.port, requests, 200)]
        label = f"{'rare' if rare else 'common'} {language} words of {letters}{'+' if letters == 3 else ''} letters, {posts:,} posts"
        run.report.figure(SEARCH, f"p50, {label}", percentile(milliseconds, 0.5), "ms")
        run.report.figure(SEARCH, f"p99, {label}", percentile(milliseconds, 0.99), "ms", "less than 50 ms")
