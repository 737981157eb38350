"""What programs read in the pages of a site of odd posts, with mf2py (https://microformats.org/wiki/microformats2). Run by tests/system/feeds."""

import pathlib
import sys
import tempfile
import time

import mf2py

from daemon import Daemon, Tests, Visitor

ORIGIN = "https://blog.example.org"
NAME = "o<d>d \"&' 한"
TITLE = "A <b>title</b> & \"more\""
SETTINGS = {"FLASKR_BASE_URL": ORIGIN, "FLASKR_COMMENTS_PER_MINUTE": "0"}


def read(visitor, path):
    """The items of a page, by their type."""
    status, page = visitor.get(path)
    assert status == 200, (path, status)
    return {item["type"][0]: item for item in mf2py.parse(doc=page, url=ORIGIN + path)["items"]}


def first(item, name):
    return item["properties"].get(name, [None])[0]


def card(item):
    """Who wrote it, as a card says: name and address."""
    author = first(item, "author")
    return author if isinstance(author, str) else (first(author, "name"), first(author, "url"))


def fill(daemon):
    ann, odd = Visitor(daemon).log_in("ann"), Visitor(daemon).log_in(NAME)
    assert ann.post("/account/profile", line="I garden.")[0] == 200
    ann.post("/create", title="First", body="one\ntwo", nonce="1")
    odd.post("/create", title=TITLE, body="# Head\n\nSome *words*.", format="markdown", tags="web, 한 <국>", nonce="2")
    time.sleep(1.1)
    odd.post("/2/update", title=TITLE, body="# Head\n\nSome *words*.", format="markdown", tags="web, 한 <국>")
    for visitor in (ann, odd):
        visitor.post("/2/comments", body="I *agree*.", nonce="c")
    return ann, odd


def check_post(tests, visitor, user):
    entry = read(visitor, "/2")["h-entry"]
    tests.check("a post is an entry with its title and address", (first(entry, "name"), first(entry, "url"), first(entry, "uid")) == (TITLE, f"{ORIGIN}/2", f"{ORIGIN}/2"), entry)
    tests.check("its author is a card", card(entry) == (NAME, ORIGIN + user), entry)
    content = first(entry, "content")
    tests.check("its text is there as HTML and as words", "<em>words</em>" in content["html"] and content["value"].split() == ["Head", "Some", "words."], content)
    tests.check("its tags are there", entry["properties"]["category"] == ["web", "한 <국>"], entry)
    published, updated = first(entry, "published"), first(entry, "updated")
    tests.check("it says when it was written and changed", published.endswith("Z") and published < updated, entry)
    comments = entry["properties"]["comment"]
    tests.check("each comment is a citation", [comment["type"] for comment in comments] == [["h-cite"], ["h-cite"]], comments)
    tests.check("with its author", [card(comment) for comment in comments] == [("ann", f"{ORIGIN}/users/ann"), (NAME, ORIGIN + user)], comments)
    tests.check("its address", [first(comment, "url") for comment in comments] == [f"{ORIGIN}/comments/1", f"{ORIGIN}/comments/2"], comments)
    tests.check("its text and its time", all("<em>agree</em>" in first(comment, "content")["html"] and first(comment, "published") for comment in comments), comments)


def check_lists(tests, visitor, user):
    for path, heading, names in (
        ("/", "Posts", [TITLE, "First"]), (user, f"Posts by {NAME}", [TITLE]), ("/tags/web", "Posts tagged web", [TITLE]), ("/users/ann", "Posts by ann", ["First"]),
    ):
        feed = read(visitor, path)["h-feed"]
        entries = feed["children"]
        tests.check(f"{path} is a feed of its posts", (first(feed, "name"), [first(entry, "name") for entry in entries]) == (heading, names), feed)
        complete = all(card(entry)[1] and first(entry, "published") and first(entry, "content") and first(entry, "url") == first(entry, "uid") for entry in entries)
        tests.check(f"each entry of {path} has author, time, text and address", complete, entries)
    author = first(read(visitor, "/users/ann")["h-feed"], "author")
    said = [first(author, name) for name in ("name", "url", "uid", "note")]
    tests.check("the page of an author has their card", said == ["ann", f"{ORIGIN}/users/ann", f"{ORIGIN}/users/ann", "I garden."], author)


def main(program):
    tests = Tests()
    with tempfile.TemporaryDirectory() as place:
        daemon = Daemon(program, pathlib.Path(place), environment=SETTINGS).serving()
        try:
            _, odd = fill(daemon)
            user = "/users/o%3Cd%3Ed%20%22%26%27%20%ED%95%9C"
            for visitor in (Visitor(daemon), odd):
                check_post(tests, visitor, user)
                check_lists(tests, visitor, user)
        finally:
            daemon.discard()
    tests.finish()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
