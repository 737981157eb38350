"""Every feed there is, of a site of odd posts, against the formats' own rules. Run by tests/system/feeds."""

import email.utils
import http.client
import io
import itertools
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
from datetime import datetime, timezone

import feedparser
import jsonschema
import lxml.etree
import lxml.html

from daemon import Daemon, Tests, Visitor
from picture import picture

HERE = pathlib.Path(__file__).parent
ORIGIN = "https://blog.example.org"  # what ids begin with, wherever the daemon listens
SETTINGS = {"FLASKR_BASE_URL": ORIGIN, "FLASKR_PAGES_FEED_POSTS": "1000", "FLASKR_COMMENTS_PER_MINUTE": "0"}
TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
ATOM = "{http://www.w3.org/2005/Atom}"

LINKS = (
    "[page](/1) [relative](1) [up](../1) [query](?q=a) [comments](#comments) [empty]() [other](//host.example/x) [web](https://host.example/?a=b&c=d)\n\n"
    "![gone](/images/gone.jpg) ![elsewhere](https://host.example/p.png) note[^1] and[^b \"<c>]\n\n[^1]: why\n\n[^b \"<c>]: [because](2)"
)
ODD_TEXTS = (
    "plain", "a]]>b", "<![CDATA[x]]>", "<!-- x -- y -->", "<?xml version='1.0'?>", "a & b < c > d \" e ' f", "&amp; &lt; &#0; &nbsp; &unknown;",
    "\0nul\0", "".join(map(chr, range(1, 32))), "\x7f\x80\x85\x9f", "\ufffe\uffff\ufeff", "\U0001fffe\U0010ffff", "\u2028\u2029\u202e", "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "한국어 블로그", "cafe\u0301", "</content></entry></feed>", "]]></description></item>", "{{ title }}", "<?user 1?>x<?everybody?>", "x" * 20_000, " ", "\n\n", LINKS,
    "```rust\nfn main() { a < b && c; }\n```", "|a|b|\n|-|:-:|\n|<|>|", "- [x] done\n- [ ] open", "<script>alert(1)</script>", "[x](javascript:alert(1))",
)
ODD_TAGS = ("C++", "a/b", "?x=1&y", "<b>", "\"q\"", "한국어", "%2f", "..", "emoji \U0001f600", "'", "]]>", "100%", "a#b")
ODD_TIMES = ("", "yesterday", "2018-13-45 00:00:00", "2018-01-01", "9999-12-31 23:59:59", "0000-01-01 00:00:00", "2018-01-01 00:00:00.123456", "2018-01-01T00:00:00Z", -1, 1514764800, 1e300, b"\0\xff")


class Site:
    """The daemon, what was written, and how many entries each feed is to have."""

    def __init__(self, program, place):
        self.program, self.place = program, place
        self.start()
        self.ada = Visitor(self.daemon).log_in("ada")
        self.odd = Visitor(self.daemon).log_in("o<d>d \"&' \x01\0 \U0001f600/../한", "kettle on monday")
        self.entries = {}

    def start(self):
        self.daemon = Daemon(self.program, self.place, environment=SETTINGS).serving()

    def restart(self):
        assert self.daemon.stop() == 0
        self.start()

    def post(self, visitor, title, body, form, tags=""):
        status, page = visitor.post("/create", title=title, body=body, format=form, tags=tags, nonce=f"{form}{title[:20]}{len(self.entries)}")
        assert status == 303, (title, page)

    def fill(self):
        titled = [text for text in ODD_TEXTS if text.strip()]
        for text, form in itertools.product(ODD_TEXTS, ("markdown", "plain")):
            self.post(self.ada, text if text.strip() else "blank", text, form, tags="every")
        for tag in ODD_TAGS:
            self.post(self.odd, f"under {tag}", LINKS, "markdown", tags=tag)
        self.upload()
        self.insert()
        comments = 0
        for text in titled:
            for visitor in (self.ada, self.odd):
                status, page = visitor.post("/1/comments", body=text[:9000], nonce=f"{comments}")
                assert status == 303, (text, page)
                comments += 1
        ours, odd = 2 * len(ODD_TEXTS) + 1, len(ODD_TAGS)
        name = urllib.parse.quote("o<d>d \"&' \x01\0 \U0001f600/../한", safe="")
        self.entries = {"": ours + odd + self.inserted, "/users/ada": ours + self.inserted, f"/users/{name}": odd, "/tags/every": 2 * len(ODD_TEXTS)}
        self.entries |= {f"/tags/{urllib.parse.quote(tag, safe='')}": 1 for tag in ODD_TAGS}
        self.entries |= {"/comments": comments, "/1/comments": comments, "/2/comments": 0}

    def upload(self):
        """A picture, as a browser sends it."""
        fields = {"title": "Picture", "body": "See:", "format": "markdown", "nonce": "picture", "image-1-alt": "a <cat> & \"dog\""}
        body = b"".join(f'--line\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items())
        body += b'--line\r\nContent-Disposition: form-data; name="image-1"; filename="x.png"\r\n\r\n' + picture() + b"\r\n--line--\r\n"
        answer = ask(self, "POST", "/create", {"Content-Type": "multipart/form-data; boundary=line", "Cookie": self.ada.cookie}, body)
        assert answer.status == 303, answer.text

    def insert(self):
        """What the tutorial's Flaskr can write: no title, and any time."""
        database = sqlite3.connect(self.place / "instance" / "flaskr.sqlite", timeout=10)
        rows = [("", "no title", "2018-01-01 00:00:00"), ("\x01", "\x02", "2018-01-01 00:00:00"), ("", "", "2018-01-01 00:00:00")]
        rows += [(f"at {time!r}", "odd", time) for time in ODD_TIMES]
        database.executemany("INSERT INTO post (author_id, title, body, created) VALUES (1, ?, ?, ?)", rows)
        database.commit()
        database.close()
        self.inserted = len(rows)
        time.sleep(0.3)  # others' rows show within 100 ms

    def feeds(self):
        return [(f"{folder}/feed.{kind}", kind, count) for folder, count in self.entries.items() for kind in TYPES]


class Answer:
    def __init__(self, response):
        self.status, self.field, self.body = response.status, response.getheader, response.read()
        self.text = self.body.decode()


def ask(site, method, path, fields=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", site.daemon.port, timeout=30)
    connection.request(method, path, body, fields or {})
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def problems_of_http(site, path, kind, answer):
    """The type, a validator, and what a reader asks for that has it already."""
    tag, same = answer.field("ETag"), {}
    if answer.status != 200 or answer.field("Content-Type") != f"{TYPES[kind]}; charset=utf-8":
        yield f"{answer.status} {answer.field('Content-Type')}"
    head, again = ask(site, "HEAD", path), ask(site, "GET", path, {"If-None-Match": tag or "none"})
    if not tag or again.status != 304 or again.body:
        yield f"ETag {tag}: {again.status}"
    for name in ("Content-Type", "ETag", "Content-Length"):
        same[name] = head.field(name) == answer.field(name)
    if head.status != 200 or head.body or not all(same.values()):
        yield f"HEAD: {head.status} {same}"


def problems_of_address(url, about):
    parts = urllib.parse.urlsplit(url or "")
    if parts.scheme not in ("http", "https", "mailto") or not (parts.netloc or parts.scheme == "mailto") or re.search(r"[\s<>\"\x00-\x1f]", url):
        yield f"{about} is no absolute address: {url!r}"


def problems_of_content(html):
    """A reader shows it under an address of its own: no link in it may need ours to be whole, nor may it run anything."""
    if not html.strip():
        return
    tree = lxml.html.fromstring(f"<div>{html}</div>")
    ids = {element.get("id") for element in tree.iter() if element.get("id")}
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "iframe", "object", "embed", "form"):
            yield f"{element.tag} in {html[:200]!r}"
            continue
        yield from (f"{name} in {html[:200]!r}" for name in element.keys() if name.startswith("on") or name == "style")
        links = [element.get(name) for name in ("href", "src") if element.get(name) is not None]
        links += [part.split()[0] for part in (element.get("srcset") or "").split(",") if part.strip()]
        for link in links:
            if not (link.startswith("#") and urllib.parse.unquote(link[1:]) in ids):
                yield from problems_of_address(link, "a link in a content")


def problems_of_atom(tree, url):
    """What RFC 4287 says beside its grammar."""
    root = tree.getroot()
    links = {(link.get("rel"), link.get("href")) for link in root.findall(f"{ATOM}link")}
    if ("self", url) not in links or root.findtext(f"{ATOM}id") != url:
        yield f"it is {url} and says {links}"
    for parent in (root, *root.findall(f"{ATOM}entry")):
        if parent is not root and parent.find(f"{ATOM}author") is None:
            yield "an entry without an author"
        alternates = [link.get("href") for link in parent.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        if len(alternates) != 1:
            yield f"{len(alternates)} alternates"
        for address in [*alternates, parent.findtext(f"{ATOM}id"), *[uri.text for uri in parent.findall(f"{ATOM}author/{ATOM}uri")]]:
            yield from problems_of_address(address, "an address")
    for name in root.iter(f"{ATOM}author"):
        if not name.findtext(f"{ATOM}name"):
            yield "an author without a name"
    for content in root.iter(f"{ATOM}content"):
        yield from problems_of_content(content.text or "")


def problems_of_rss(tree, url):
    """The rules of RSS 2.0 that feedvalidator.org holds feeds to."""
    channel = tree.find("channel")
    if tree.getroot().tag != "rss" or tree.getroot().get("version") != "2.0":
        yield "no RSS 2.0"
    for name in ("title", "link", "description"):
        if len(channel.findall(name)) != 1 or not channel.findtext(name):
            yield f"{len(channel.findall(name))} {name} of the channel"
    link = channel.find(f"{ATOM}link")
    if link is None or (link.get("rel"), link.get("href"), link.get("type")) != ("self", url, TYPES["rss"]):
        yield "no link to itself"
    yield from problems_of_address(channel.findtext("link"), "the channel's link")
    for item in channel.findall("item"):
        if not (item.findtext("title") or item.findtext("description")):
            yield f"neither title nor description: {item.findtext('guid')}"
        if item.find("guid").get("isPermaLink") != "true" or item.findtext("guid") != item.findtext("link"):
            yield "guid is no permanent link"
        yield from problems_of_address(item.findtext("guid"), "a guid")
        yield from problems_of_date(item.findtext("pubDate"))
        yield from problems_of_content(item.findtext("description") or "")


def problems_of_date(date):
    """RFC 822 with four digits of a year, as RSS asks for; the day of the week is the date's."""
    if not re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})", date or ""):
        yield f"pubDate {date!r}"
    elif email.utils.parsedate_to_datetime(date).strftime("%a") != date[:3]:
        yield f"pubDate {date!r}: another day of the week"


def problems_of_json(feed, url):
    schema = json.loads((HERE / "jsonfeed.json").read_text())
    for error in jsonschema.Draft202012Validator(schema).iter_errors(feed):
        yield f"{list(error.absolute_path)}: {error.message[:300]}"
    if feed["feed_url"] != url:
        yield f"feed_url {feed['feed_url']}"
    for item in feed["items"]:
        yield from problems_of_address(item["id"], "an id")
        yield from problems_of_content(item["content_html"])


def entries(kind, answer):
    """Of each entry: its id, its title, and when it was changed, if the format says so."""
    if kind == "json":
        return [(item["id"], item["title"], item["date_modified"]) for item in json.loads(answer.text)["items"]]
    root = lxml.etree.fromstring(answer.body)
    if kind == "rss":
        return [(item.findtext("guid"), item.findtext("title"), None) for item in root.iter("item")]
    return [tuple(entry.findtext(ATOM + name) for name in ("id", "title", "updated")) for entry in root.iter(f"{ATOM}entry")]


def problems(site, path, kind, count):
    answer = ask(site, "GET", path)
    yield from problems_of_http(site, path, kind, answer)
    url = ORIGIN + path
    if kind == "json":
        yield from problems_of_json(json.loads(answer.text), url)
    else:
        tree = lxml.etree.parse(io.BytesIO(answer.body))
        yield from (problems_of_atom if kind == "atom" else problems_of_rss)(tree, url)
        read = feedparser.parse(answer.body, response_headers={"content-type": answer.field("Content-Type"), "content-location": url})
        if read.bozo or len(read.entries) != count:
            yield f"feedparser: {read.get('bozo_exception')}, {len(read.entries)} entries"
    found = entries(kind, answer)
    if len(found) != count or len({name for name, *_ in found}) != count:
        yield f"{len(found)} entries, {len({name for name, *_ in found})} ids; {count} were written"


def check_grammar(tests, site):
    """RFC 4287's grammar; and that jing would have said so."""
    files = []
    for index, (path, kind, _) in enumerate(site.feeds()):
        if kind == "atom":
            files.append(site.place / f"{index}.atom")
            files[-1].write_bytes(ask(site, "GET", path).body)
    wrong = site.place / "wrong.atom"
    wrong.write_bytes(files[0].read_bytes().replace(b"<updated>", b"<updated>at ", 1))
    jing = lambda *files: subprocess.run(["jing", "-c", HERE / "atom.rnc", *files], capture_output=True, text=True)
    result = jing(*files)
    tests.check(f"{len(files)} Atom feeds are in the grammar of RFC 4287", result.returncode == 0, result.stdout[:3000])
    tests.check("and one with a time that is none is not", "updated" in jing(wrong).stdout)


def names(site):
    return {path: [name for name, *_ in entries(kind, ask(site, "GET", path))] for path, kind, _ in site.feeds()}


def check_stability(tests, site):
    """Ids stay; the time of a change is when it was made."""
    before = names(site)
    site.restart()
    tests.check("ids are the same after a restart", names(site) == before)
    time.sleep(1.1)
    site.ada.daemon = site.daemon
    site.ada.leave()
    began = datetime.now(timezone.utc).replace(microsecond=0)
    assert site.ada.post("/1/update", title="Edited", body="Edited.", format="markdown", tags="every")[0] == 303
    assert site.ada.post("/comments/1/update", body="Edited.")[0] == 303
    ended = datetime.now(timezone.utc)
    tests.check("ids are the same after an edit", names(site) == before)
    for folder, name in (("", "/1"), ("/users/ada", "/1"), ("/tags/every", "/1"), ("/comments", "/comments/1"), ("/1/comments", "/comments/1")):
        for kind in ("atom", "json"):
            times = {name: changed for name, _, changed in entries(kind, ask(site, "GET", f"{folder}/feed.{kind}"))}
            changed = datetime.fromisoformat(times[ORIGIN + name].replace("Z", "+00:00"))
            others = [other for other in times if other != ORIGIN + name and began <= datetime.fromisoformat(times[other].replace("Z", "+00:00")) <= ended]
            tests.check(f"{folder}/feed.{kind} says when {name} was edited, and no other", began <= changed <= ended and not others, f"{changed}, {others}")


def check_titles(tests, site):
    """The three formats say the same, and what was typed, but for what XML cannot write."""
    said = {kind: [(name, title or "") for name, title, _ in entries(kind, ask(site, "GET", f"/feed.{kind}"))] for kind in TYPES}
    writable = lambda text: re.sub("[^\t\n\r\x20-\ufffd\U00010000-\U0010ffff]", "", text).replace("\r\n", "\n").replace("\r", "\n")
    said["json"] = [(name, writable(title)) for name, title in said["json"]]
    differ = [each for each in zip(*said.values()) if len(set(each)) > 1]
    tests.check("Atom, RSS and JSON have the same titles", not differ, f"{differ}"[:1000])
    titles = {title for _, title in said["json"]}
    lost = [text for text in ODD_TEXTS if text.strip() and writable(text) not in titles]
    tests.check("every title is what was typed, but for what XML cannot write", not lost, f"{lost}"[:1000])


def main(program):
    tests, began = Tests(), time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        site = Site(program, pathlib.Path(place))
        try:
            site.fill()
            for path, kind, count in site.feeds():
                found = list(dict.fromkeys(problems(site, path, kind, count)))
                tests.check(f"{path}: {count} entries", not found, "\n".join(found[:10]))
            check_grammar(tests, site)
            check_titles(tests, site)
            check_stability(tests, site)
            print(f"# {len(site.feeds())} feeds, {sum(count for *_, count in site.feeds())} entries, {time.monotonic() - began:.0f} s")
            tests.check("the daemon logged no error", "ERROR" not in site.daemon.log(), site.daemon.log()[-2000:])
        finally:
            site.daemon.discard()
    tests.finish()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
