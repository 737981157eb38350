"""Every page there is: who opens it and how, and the status it has."""

import contextlib
import html
import re
import sqlite3
from dataclasses import dataclass
from typing import Callable

from content import ORDINARY, landscape
from pages_site import PASSWORD, one_time_code

LONG = "x" * 20_000


@dataclass
class Page:
    about: str
    who: str | None
    status: int
    open: Callable


class List:
    """Pages of one site, to be opened in a browser."""

    def __init__(self, site, browser):
        self.site, self.browser, self.pages, self.visited = site, browser, [], []

    def get(self, who, *paths, status=200):
        for path in paths:
            self.visited.append(path.split("?")[0])
            self.add(f"GET {path}", who, status, lambda path=path: self.browser.driver.get(self.site.origin + path))

    def post(self, who, path, about, status=200, files=(), **fields):
        """A form as from a page of the site, with the page that answers it."""
        self.add(f"POST {path}, {about}", who, status, lambda: self.sent(path, fields, files))

    def add(self, about, who, status, opened):
        self.pages.append(Page(f"{about}, as {who or 'nobody'}", who, status, opened))

    def sent(self, path, fields, files=(), kind="multipart/form-data"):
        self.browser.driver.get(self.site.origin + "/auth/login")
        self.browser.send(path, fields, files, kind)


def read(site, browser):
    """What everybody may read, as nobody and as those who see more of it."""
    pages = List(site, browser)
    older = html.unescape(re.search(r'rel="next" href="(.*?)"', site.mina.get("/")[1])[1])
    lists = ["/", "/tags", "/tags/work", "/users/mina", "/users/jun", "/?q=weather", "/?q=zzz", older]
    posts = [f"/{post}" for post in (site.EVERYTHING, site.PLAIN, site.NEWEST - 2, site.NEWEST)]
    pages.get(None, *lists, *posts, f"/comments/{site.own}", "/comments/102", f"/{site.NEWEST}-any-title")
    for who in ("mina", "jun", "sol"):
        pages.get(who, "/", *posts[:1], posts[-1], "/comments/102")
    return pages


def own(site, browser):
    """What its author, a reader and a moderator have for themselves."""
    pages = List(site, browser)
    new = site.NEWEST
    pages.get("mina", "/create", f"/{site.EVERYTHING}/update", f"/{new}/update", f"/{new}/delete", "/drafts", "/drafts/1", "/drafts/1/delete")
    pages.get("mina", "/account", "/account/delete", "/account/tokens", "/account/second-factor", "/comments/waiting")
    pages.get("mina", f"/comments/{site.answer}/update", f"/comments/{site.waiting}/delete")
    pages.get("jun", "/drafts", "/account/tokens", "/comments/waiting", f"/comments/{site.own}/update")
    pages.get("sol", "/account", "/moderation", "/comments/waiting", f"/{new}/unpublish", f"/comments/{site.own}/delete")
    pages.get("ada", "/account")
    pages.add("the list of keys", "mina", 200, lambda: list_of_keys(pages))
    return pages


def list_of_keys(pages):
    """What the script opens."""
    pages.browser.driver.get(pages.site.origin + "/")
    pages.browser.run("document.querySelector('.help-keys').click()")


def forms(site, browser):
    """Forms with what is wrong, and what was done."""
    pages, hills, title, body = List(site, browser), landscape(300, 200), *ORDINARY[0][:2]
    text = {"title": title, "body": body, "tags": "work", "format": "markdown"}
    pages.post("mina", "/create", "preview", **text, then="preview")
    pages.post("mina", "/create", "no title", **text | {"title": ""}, then="publish")
    pages.post("mina", "/create", "no picture", **text, files=[("image-1", "hills.png", b"none"), ("image-2", "hills.png", hills)])
    pages.post("mina", f"/{site.NEWEST}/update", "another version is stored", 409, **text, base="old", then="publish")
    pages.post("mina", "/drafts/1", "preview of a draft", **text, then="preview")
    pages.post("mina", "/account/profile", "done", line="Walks, bakes and measures.")
    pages.post("mina", "/account/profile", "too long", line=LONG)
    pages.post("mina", "/account/password", "wrong password", password="x", new_password="a new kettle today")
    pages.post("mina", "/account/password", "too short", password=PASSWORD, new_password="x")
    pages.post("mina", "/account/tokens", "made", name="script", scope="write", lifetime="30", password=PASSWORD)
    pages.post("mina", "/account/tokens", "wrong password", name="script", scope="write", lifetime="30", password="x")
    pages.post("mina", "/account/sessions", "wrong password", session="others", password="x")
    pages.post("mina", "/account/delete", "wrong password", posts="leave", password="x")
    pages.post("jun", f"/{site.NEWEST}/comments", "too long", body=LONG, nonce="n")
    pages.post("jun", f"/comments/{site.own}/update", "too long", body=LONG)
    pages.post("sol", f"/{site.NEWEST}/unpublish", "reason too long", reason=LONG)
    pages.post("sol", f"/comments/{site.own}/delete", "reason too long", reason=LONG)
    pages.add("second factor, wrong code", "lee", 200, lambda: second_factor(pages, "0"))
    pages.add("second factor, turned on", "lee", 200, lambda: second_factor(pages, None))
    return pages


def second_factor(pages, code):
    """Fills in the form to turn it on."""
    pages.browser.driver.get(pages.site.origin + "/account/second-factor")
    key, signed = pages.browser.run("return [document.querySelector('code').textContent, document.querySelector('[name=secret]').value]")
    pages.browser.send("/account/second-factor", {"secret": signed, "code": code or one_time_code(key), "password": PASSWORD})


def logins(site, browser):
    """The way in, and what is kept on it."""
    pages = List(site, browser)
    link = site.admin("user", "reset-link", "mina").removeprefix(site.origin)
    code = link.partition("=")[2]
    ada = {"username": "ada", "password": PASSWORD}
    pages.get(None, "/auth/register", "/auth/login", "/auth/code", link)
    pages.post(None, "/auth/reset", "too short", code=code, password="x")
    pages.post(None, "/auth/register", "taken", username="mina", password=PASSWORD)
    pages.post(None, "/auth/register", "too short", username="new", password="x")
    pages.post(None, "/auth/login", "unknown name", username="nobody", password=PASSWORD)
    pages.post(None, "/auth/login", "code", **ada)
    pages.add("POST /auth/code, wrong code", None, 200, lambda: wrong_code(pages, ada))
    written = {"kept-target": "/create", "kept-field-title": "A title", "kept-field-body": "A text"}
    pages.post(None, "/create", "without a session", 403, title="A title", body="A text")
    pages.post(None, "/auth/login", "with what was written", username="jun2", password=PASSWORD, **written)
    pages.visited.append("/auth/logout")
    pages.add("GET /auth/logout from elsewhere", "mina", 200, lambda: from_elsewhere(pages, "/auth/logout"))
    site.join("jun2")
    return pages


def wrong_code(pages, fields):
    pages.sent("/auth/login", fields)
    login = pages.browser.run("return document.querySelector('[name=login]').value")
    pages.browser.send("/auth/code", {"login": login, "code": "0"})


def from_elsewhere(pages, path):
    """As a link on another site leads here."""
    pages.browser.driver.get("about:blank")
    pages.browser.leave("location.href = arguments[0]", pages.site.origin + path)


def errors(site, browser):
    """What cannot be had."""
    pages = List(site, browser)
    pages.get(None, "/nothing", "/999", "/comments/999", status=404)
    pages.get(None, "/account/profile", status=405)
    pages.get(None, "/auth/reset?code=void", status=403)
    pages.get("jun", f"/{site.NEWEST}/update", status=403)
    pages.add("POST /auth/login, no form", None, 400, lambda: pages.sent("/auth/login", {"username": "x"}, kind="text/plain"))
    pages.post(None, "/auth/login", "too many fields", 413, **{f"field-{at}": "x" for at in range(1100)})
    pages.add("POST /create from elsewhere", "mina", 403, lambda: sent_from_elsewhere(pages, "/create"))
    pages.add("another name", None, 421, lambda: browser.driver.get(f"http://other.localhost:{site.port}/"))
    pages.add("POST /auth/login, again and again", None, 429, lambda: guess(pages))
    pages.add("POST /create while another program writes", "jun", 503, lambda: while_held(pages))
    pages.add("GET /drafts without their table", "jun", 500, lambda: without_drafts(pages))
    return pages


def sent_from_elsewhere(pages, path):
    pages.browser.driver.get("about:blank")
    pages.browser.send(pages.site.origin + path, {"title": "x", "body": "x"})


def guess(pages):
    """Tries more passwords than one may."""
    for _ in range(20):
        pages.sent("/auth/login", {"username": "sol", "password": "x"})
        if pages.browser.status() != 200:
            break


@contextlib.contextmanager
def database(site):
    connection = sqlite3.connect(next(site.daemon.place.glob("**/flaskr.sqlite")), isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def while_held(pages):
    with database(pages.site) as connection:
        connection.execute("BEGIN IMMEDIATE")
        pages.sent("/create", {"title": "x", "body": "x", "then": "publish"})
        connection.execute("ROLLBACK")


def without_drafts(pages):
    with database(pages.site) as connection:
        connection.execute("ALTER TABLE draft RENAME TO away")
        pages.browser.driver.get(pages.site.origin + "/drafts")
        connection.execute("ALTER TABLE away RENAME TO draft")


def empty(site, browser):
    """A site on which nobody has written anything, and which one may join when invited."""
    pages = List(site, browser)
    invites = [site.admin("invite").removeprefix(site.origin) for _ in range(2)]
    site.users["first"] = site.invited("first", invites[1])
    site.admin("user", "role", "first", "moderator")
    pages.get(None, "/", "/tags", "/auth/login", invites[0])
    pages.get(None, "/auth/register", status=403)
    pages.get("first", "/", "/users/first", "/drafts", "/account", "/account/tokens", "/moderation", "/comments/waiting")
    return pages


GROUPS = {"read": read, "own": own, "forms": forms, "logins": logins, "errors": errors}
