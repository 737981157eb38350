"""Several hundred attacks in each place that a user can write to, opened in Chromium. Run by tests/system/xss."""

import http.client
import http.server
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from daemon import Daemon, Tests, Visitor, until
from picture import picture
from xss_browser import Watcher
from xss_vectors import HTML, VECTORS

PASSWORD = "kettle on monday"
SETTINGS = {
    "FLASKR_THROTTLE_ACCOUNT": "0", "FLASKR_THROTTLE_ADDRESS": "0", "FLASKR_COMMENTS_PER_MINUTE": "0", "FLASKR_COMMENTS_MODE": "approve",
    "FLASKR_PAGES_POSTS_PER_PAGE": "50", "FLASKR_PAGES_FEED_POSTS": "600",
}
LINE_MAX, TAG_MAX, ALT_MAX = 200, 50, 300
TYPE = """
for (const [name, text] of Object.entries(arguments[0])) {
  const field = document.querySelector(`[name=${name}]`);
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
"""


def batches(things, size):
    return [things[at:at + size] for at in range(0, len(things), size)]


class Site:
    """The daemon with every attack in every place; who wrote what, and where it is."""

    def __init__(self, program, place):
        self.daemon = Daemon(program, place, environment=SETTINGS).serving()
        self.origin = f"http://127.0.0.1:{self.daemon.port}"
        self.moderator = Visitor(self.daemon).log_in("ada")
        subprocess.run([program, "admin", "user", "role", "ada", "moderator"], cwd=place, check=True, capture_output=True)
        self.users, self.posts, self.count = {}, {}, 0

    def post(self, visitor, path, **fields):
        """Sends a form that is to be taken."""
        status, page = visitor.post(path, **fields)
        assert status == 303 or 'role="status"' in page, (path, fields, status, page)

    def fill(self):
        self.create("The wall", "Everybody comments on this.", self.moderator)
        for vector in VECTORS:
            self.users[vector] = visitor = Visitor(self.daemon).log_in(vector, PASSWORD)
            self.post(visitor, "/account/profile", line=vector[:LINE_MAX])
            self.posts[vector] = self.create(vector, vector, visitor, tags=vector.replace(",", "‚")[:TAG_MAX])
            self.post(visitor, "/1/comments", body=vector, nonce="n")
            self.post(self.moderator, "/create", title=vector, body=vector, format="markdown", then="keep")
        for few in batches(VECTORS, 25):
            self.create("Plain", "\n".join(few), self.moderator, format="plain")
        self.moderate()
        for few in batches(VECTORS, 3):
            self.create_with_pictures(few)

    def create(self, title, body, visitor, **more):
        """Publishes a post; its number."""
        self.post(visitor, "/create", **({"title": title, "body": body, "format": "markdown", "nonce": title + body, "then": "publish"} | more))
        self.count += 1
        return self.count

    def moderate(self):
        """A third of the comments is approved, a third deleted for a reason, and a third waits."""
        for index, vector in enumerate(VECTORS):
            if index % 3 == 0:
                self.post(self.moderator, f"/comments/{index + 1}/approve")
            elif index % 3 == 1:
                self.post(self.moderator, f"/comments/{index + 1}/delete", reason=vector[:LINE_MAX])

    def create_with_pictures(self, descriptions):
        fields = {"title": "Pictures", "body": "x", "format": "markdown", "then": "publish", "nonce": repr(descriptions)[:64]}
        fields |= {f"image-{at}-alt": text[:ALT_MAX] for at, text in enumerate(descriptions, 1)}
        files = [(f"image-{at}", name, picture()) for at, name in enumerate(descriptions, 1)]
        status, page = self.moderator.upload("/create", fields, files)
        assert status == 303, (descriptions, status, page)
        self.count += 1


class Attack:
    """Opens pages, and says of each place what was found."""

    def __init__(self, tests, site, browser):
        self.tests, self.site, self.browser, self.pages = tests, site, browser, 0

    def check(self, place, visitor, looks):
        """Opens the pages of one place as somebody; each look is a function of the browser, with the heading it is to show."""
        self.browser.be(visitor and visitor.cookie, self.site.origin)
        began, found, count = time.monotonic(), [], 0
        for about, heading, look in looks:
            seen = look()
            count += 1
            found += [f"{about!r}: {kind}: {one}" for kind in ("ran", "refused", "faults") for one in seen[kind]]
            if heading is not None and words(seen["heading"]) != words(heading):
                found.append(f"{about!r}: the heading is {seen['heading']!r}")
        found += [f"console: {line}" for line in self.browser.refusals()]
        found += [f"asked elsewhere: {url}" for url in self.browser.elsewhere.asked if "evil" in url]
        self.browser.elsewhere.asked.clear()
        self.pages += count
        self.tests.check(f"{place}: {count} pages, {time.monotonic() - began:.0f} s", count and not found, "\n".join(found[:20]))

    def opened(self, paths, headings=None):
        for index, path in enumerate(paths):
            yield path, headings[index] if headings else None, lambda: self.browser.open(self.site.origin + path)

    def followed(self, path):
        """A list, page after page."""
        while path:
            yield path, None, lambda: self.browser.open(self.site.origin + path)
            path = self.browser.run("const next = document.querySelector('nav.pages a[rel=next]'); return next && next.getAttribute('href')")

    def sent(self, path, shows, forms):
        """Forms, each from a page of the site; what answers is to show something."""
        self.browser.open(self.site.origin + "/auth/login")
        for fields, files in forms:
            self.browser.send(fields.pop("path", path), fields, files)
            yield fields | {"file": files}, None, lambda: self.browser.shows(shows)


    def typed(self, forms):
        """What is typed into the form, with the preview that the script shows of it."""
        for fields in forms:
            self.browser.open(self.site.origin + "/create")
            self.browser.run(TYPE, fields)
            until(lambda: self.browser.run("return !!document.querySelector('.live .body')"))
            yield fields, None, lambda: self.browser.shows(".live .body")


def words(text):
    """A text as it can be compared: browsers leave out and replace control characters."""
    return re.sub(r"[\s\0\x00-\x1f\ufffd]+", "", text)


def quoted(text):
    return urllib.parse.quote(text, safe="")


def control(tests, browser):
    """On a site that escapes nothing all of it is seen: else what follows would prove nothing."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Unsafe)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ran, seen = set(), set()
    for policy in ("", "policy/"):
        for at in range(0, len(HTML), 70):
            browser.driver.get(f"http://127.0.0.1:{server.server_address[1]}/frames/{policy}{at}")
            time.sleep(0.7)
            looks = browser.run(
                "return [...document.querySelectorAll('iframe')].map(f => { try { return f.contentWindow.flaskrLook() } catch { return null } })")
            ran |= {(policy, at + index) for index, look in enumerate(looks) if look and look["ran"]}
            seen |= {at + index for index, look in enumerate(looks) if policy and (not look or look["refused"] or look["faults"])}
    asked = [url for url in browser.elsewhere.asked if "evil" in url]
    live, held = (sum(policy == which for policy, _ in ran) for which in ("", "policy/"))
    unseen = {index for policy, index in ran if not policy} - seen
    print(f"# {live} of {len(HTML)} pieces of HTML run by themselves where nothing is escaped, and ask elsewhere {len(asked)} times")
    tests.check("script that runs is seen", live >= len(HTML) // 3, f"{live} ran")
    tests.check("a request to another host is seen", asked)
    tests.check("the site's policy alone holds every one of them", held == 0, f"{sorted(ran)}")
    tests.check("each that would run is seen where the policy holds it", not unseen, "\n".join(HTML[index] for index in unseen))
    browser.driver.get("about:blank")
    server.shutdown()
    browser.console()
    browser.elsewhere.asked.clear()


class Unsafe(http.server.BaseHTTPRequestHandler):
    """A site that escapes nothing, with the policy of ours or without."""

    policy = ""

    def do_GET(self):
        way, *rest = self.path.strip("/").split("/")
        at = int(rest[-1]) if rest and rest[-1].isdigit() else -1
        if way == "frames":
            folder = "/".join(["/raw", *rest[:-1]])
            self.answer("".join(f"<iframe src={folder}/{n}></iframe>" for n in range(at, min(at + 70, len(HTML)))))
        elif way == "raw" and at >= 0:
            self.answer("<!doctype html><body><h1>x</h1>" + HTML[at], Unsafe.policy if len(rest) > 1 else "")
        elif way == "hello":
            self.answer("hello")
        else:
            self.send_error(404)

    def answer(self, page, policy=""):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_):
        pass


def policy_of(site):
    """The site's policy, but for the frames that the control needs."""
    connection = http.client.HTTPConnection("127.0.0.1", site.daemon.port, timeout=30)
    connection.request("GET", "/")
    return re.sub("frame-ancestors [^;]*", "frame-ancestors 'self'", connection.getresponse().getheader("Content-Security-Policy"))


def pages(attack, site):
    """The places in which what was stored is shown."""
    ada, vectors = site.moderator, VECTORS
    posts = [f"/{site.posts[vector]}" for vector in vectors]
    # Each attack is on a page of posts and on one of its own; of the others, each kind of page has a part of them.
    third, few = vectors[::3], vectors[1::6]
    for who, visitor in (("logged out", None), ("as a moderator", ada)):
        attack.check(f"the front page, and what is behind it, {who}", visitor, attack.followed("/"))
        attack.check(f"tags, {who}", visitor, attack.followed("/tags"))
        attack.check(f"comments, {who}", visitor, attack.followed("/1"))
    attack.check("posts, logged out", None, attack.opened(posts[::2], vectors[::2]))
    attack.check("posts, as a moderator", ada, attack.opened(posts[1::2], vectors[1::2]))
    attack.check("authors and their line", None, attack.opened([f"/users/{quoted(vector)}" for vector in third]))
    attack.check("tags' own pages", None, attack.opened([f"/tags/{quoted(vector.replace(',', '‚')[:TAG_MAX])}" for vector in few]))
    attack.check("searches", None, attack.opened([f"/?q={quoted(vector)}" for vector in third]))
    attack.check("paths that are not there", None, attack.opened([f"/{quoted(vector)}" for vector in few]))
    attack.check("drafts, and deleted posts", ada, attack.followed("/drafts"))
    attack.check("forms of drafts", ada, attack.opened([f"/drafts/{index + 1}" for index in range(0, len(vectors), 6)]))
    attack.check("the moderation log", ada, attack.followed("/moderation"))
    attack.check("comments that wait", ada, attack.followed("/comments/waiting"))
    attack.check("questions before something is deleted", ada, attack.opened(
        [f"/comments/{index + 1}/delete" for index in range(0, len(vectors), 9)] + [f"{post}/unpublish" for post in posts[::9]]))


def own_pages(attack, site):
    """What users see of their own, each logged in under an attack as a name."""
    browser = attack.browser

    def looks():
        for index, vector in enumerate(VECTORS[::3]):
            browser.be(site.users[vector].cookie, site.origin)
            for path in (["/account", f"/{site.posts[vector]}/update"][index % 2], f"/{site.posts[vector]}/delete")[:1 + (index % 8 == 0)]:
                yield path, None, lambda: browser.open(site.origin + path)

    attack.check("accounts and forms of posts, of users whose names are attacks", None, looks())


def sent_pages(attack, site):
    """What is shown again of a form, and never stored."""
    text = lambda few: {"title": few[0], "body": "\n\n".join(few), "tags": few[-1].replace(",", "‚")[:TAG_MAX], "format": "markdown"}
    few = batches(VECTORS, 12)
    # A control character makes the header of a part no header (400); browsers write line breaks in it as %0A.
    names = [vector for vector in VECTORS if not re.search("[\0-\x08\x0b\x0c\x0e-\x1f]", vector)]
    attack.check("previews", site.moderator, attack.sent("/create", ".preview", [(text(some) | {"then": "preview"}, ()) for some in few]))
    attack.check("previews that follow what is typed", site.moderator, attack.typed([text(some) for some in few]))
    attack.check("forms again, for no title", site.moderator, attack.sent("/create", ".flash", [(text(some) | {"title": ""}, ()) for some in few]))
    attack.check("two versions of one post", site.moderator, attack.sent("/1/update", ".stored", [(text(some) | {"base": "old"}, ()) for some in few]))
    attack.check("names of files that are no pictures", site.moderator, attack.sent(
        "/create", ".problem", [({"title": "x", "body": "x"}, [(f"image-{at}", name, b"no picture") for at, name in enumerate(some, 1)]) for some in batches(names, 3)]))
    attack.check("reasons, too long", site.moderator, attack.sent("/1/unpublish", "#reason-problem", [({"reason": some[0] + "x" * 1000}, ()) for some in few]))
    attack.check("lines about oneself, too long", site.moderator, attack.sent("/account/profile", ".flash", [({"line": some[0] + "x" * 201}, ()) for some in few]))
    attack.check("comments, too long", site.moderator, attack.sent("/1/comments", "#body-problem", [({"body": "\n\n".join(some) + "x" * 10_001, "nonce": "x"}, ()) for some in few]))
    attack.check("what is kept through a login", None, attack.sent("/create", "input[name^=kept-field]", [(text(some), ()) for some in few]))
    attack.check("registrations and logins that fail", None, attack.sent(
        None, ".flash", [({"username": some[0], "password": "x", "path": path}, ()) for some in few for path in ("/auth/register", "/auth/login")]))


def feeds(attack, site):
    """Feeds, as documents. What shows them is the browser's own."""
    folders = ["", "/comments", "/1/comments"] + [f"/users/{quoted(vector)}" for vector in VECTORS[::64]]

    def looks():
        for path in (f"{folder}/feed.{kind}" for folder in folders for kind in ("atom", "rss", "json")):
            yield path, None, lambda: attack.browser.open(site.origin + path) | {"faults": [], "refused": []}

    attack.check("feeds", None, looks())


def main(program):
    tests, began = Tests(), time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        site = Site(program, place)
        browser = None
        try:
            site.fill()
            print(f"# {len(VECTORS)} attacks are in place after {time.monotonic() - began:.0f} s")
            browser, Unsafe.policy = Watcher(), policy_of(site)
            control(tests, browser)
            attack = Attack(tests, site, browser)
            for part in (pages, own_pages, sent_pages, feeds):
                part(attack, site)
            print(f"# {attack.pages} pages in {time.monotonic() - began:.0f} s")
            tests.check("the daemon logged no error", "ERROR" not in site.daemon.log(), site.daemon.log()[-2000:])
        finally:
            if browser:
                browser.quit()
            site.daemon.discard()
    tests.finish()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
