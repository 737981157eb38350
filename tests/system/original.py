"""The original and ours, asked the same. Run by tests/system/original, with the original's package in the way."""

import http.client
import os
import re
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

from daemon import posts

USERS = {"ada": "lovelace", "한글 이름": "비밀번호", "<b>eve</b>": "correct horse battery staple " * 4}
OLD_USER, OLD_PASSWORD = "old", "from 2018"


class Page(HTMLParser):
    """What a person sees of a page, whatever the markup around it."""

    def __init__(self, html):
        super().__init__()
        self.h1, self.flashes, self.articles, self.fields, self.links = [], [], [], [], []
        self.stack, self.text = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        classes = (attributes.get("class") or "").split()
        if tag in ("h1", "article", "textarea") or "flash" in classes:
            self.stack.append((tag, classes, attributes))
            self.text.append("")
        # One without a name is never sent: it is the script's.
        if tag == "input" and attributes.get("name") and attributes.get("type") not in ("submit", "hidden"):
            self.fields.append((attributes["name"], attributes.get("value") or ""))
        if tag == "a" and "action" in classes:
            self.links.append(attributes["href"])

    def handle_data(self, data):
        for i in range(len(self.text)):
            self.text[i] += data

    def handle_endtag(self, tag):
        if not self.stack or self.stack[-1][0] != tag:
            return
        tag, classes, attributes = self.stack.pop()
        text = self.text.pop()
        if tag == "textarea":
            # The first line break is the markup's (HTML, 13.1.2.5).
            self.fields.append((attributes["name"], re.sub(r"^\r?\n", "", text)))
        elif tag == "article":
            self.articles.append(" ".join(text.split()))
        elif tag == "h1":
            self.h1.append(text)
        elif attributes.get("role") != "status":  # ours says what was done, too
            self.flashes.append(text)

    def seen(self):
        # The original has the site's name, and every post's title, in an h1 too.
        heading = [h for h in self.h1 if h != "Flaskr"][:1]
        return {"h1": heading, "flash": self.flashes, "posts": self.articles, "fields": self.fields, "links": self.links}


class Browser:
    """Keeps cookies, and nothing else."""

    def __init__(self, address):
        self.host, port = address.split(":")
        self.port = int(port)
        self.cookies = {}

    def send(self, method, target, body=None, headers=()):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        headers = dict(headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        for line in response.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies.pop(name, None)
            if value:
                self.cookies[name] = value
        connection.close()
        return response, text

    def post(self, target, **fields):
        return self.send("POST", target, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})

    def log_in(self, username, password):
        response, text = self.post("/auth/login", username=username, password=password)
        assert response.headers["Location"] == "/", (username, response.status, Page(text).flashes)


def original(instance, database=None):
    """Starts the original on waitress; its address, and what ends it."""
    port = free_port()
    program = (
        "import sys, waitress; from flaskr import create_app; import os\n"
        "app = create_app({'SECRET_KEY': os.urandom(16), 'DATABASE': sys.argv[2]})\n"
        "waitress.serve(app, listen='127.0.0.1:' + sys.argv[1])\n"
    )
    path = database or os.path.join(instance, "flaskr.sqlite")
    return started([sys.executable, "-c", program, str(port), path], port)


def ours(binary, directory):
    port = free_port()
    return started([binary, "--listen", f"127.0.0.1:{port}", "--instance", directory, "--config", os.devnull], port, WAYS)


# With these settings ours has the original's ways: any password, and as many attempts as one likes.
WAYS = {
    "FLASKR_PASSWORD_LENGTH_MIN": "1",
    "FLASKR_PASSWORD_REFUSE_COMMON": "false",
    "FLASKR_THROTTLE_ACCOUNT": "0",
    "FLASKR_THROTTLE_ADDRESS": "0",
    "FLASKR_PAGES_POSTS_PER_PAGE": "1000",
}


def started(command, port, more={}):
    environment = os.environ | more
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return f"127.0.0.1:{port}", server.terminate
        except OSError:
            assert server.poll() is None, f"{command[0]} ended"
            time.sleep(0.05)
    raise TimeoutError(command)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def init_db(path):
    from flaskr import create_app
    from flaskr.db import init_db as init

    app = create_app({"SECRET_KEY": "unused", "DATABASE": path})
    with app.app_context():
        init()


def make(instance):
    """A database with users and posts of several years and languages."""
    os.makedirs(instance)
    path = os.path.join(instance, "flaskr.sqlite")
    init_db(path)
    address, end = original(instance)
    for username, password in USERS.items():
        browser = Browser(address)
        browser.post("/auth/register", username=username, password=password)
        browser.log_in(username, password)
        browser.post("/create", title=f"{username}의 글 & more", body="line\r\n두 번째 줄 <script>")
    end()
    from werkzeug.security import generate_password_hash

    with sqlite3.connect(path) as database:
        database.execute(
            "INSERT INTO user (username, password) VALUES (?, ?)",
            (OLD_USER, generate_password_hash(OLD_PASSWORD, "pbkdf2:sha256:50000", 8)),
        )
        database.execute(
            "INSERT INTO post (author_id, created, title, body) VALUES (4, '2018-01-01 00:00:00', 'old post', 'old\nbody')"
        )


def use(url):
    """Every user logs in twice (the second time by the new hash); the old one edits the old post."""
    address = url.removeprefix("http://").rstrip("/")
    posts = Page(Browser(address).send("GET", "/")[1]).articles
    assert len(posts) == 4, posts
    assert posts[-1] == "old post by old on 2018-01-01 old body", posts
    for username, password in [*USERS.items(), (OLD_USER, OLD_PASSWORD)] * 2:
        browser = Browser(address)
        browser.log_in(username, password)
        assert Page(browser.send("GET", "/")[1]).links[0] == "/create"
    browser = Browser(address)
    browser.log_in(OLD_USER, OLD_PASSWORD)
    response, _ = browser.post("/4/update", title="old post, edited", body="new\nbody")
    assert response.status == 303, response.status
    browser = Browser(address)
    assert "old post, edited by old on 2018-01-01 new body" in Page(browser.send("GET", "/")[1]).articles


def again(instance):
    """The original on the file that ours has used."""
    address, end = original(instance)
    browser = Browser(address)
    assert "old post, edited by old on 2018-01-01 new body" in Page(browser.send("GET", "/")[1]).articles
    browser.post("/auth/register", username="later", password="later")
    browser.log_in("later", "later")
    browser.post("/create", title="written by the original", body="")
    assert "written by the original" in browser.send("GET", "/")[1]
    end()


def found(browser, words):
    """The titles that our search finds, in alphabetical order."""
    response, text = browser.send("GET", "/?" + urlencode({"q": words}))
    assert response.status == 200, response.status
    return sorted(posts(text))


def until_found(browser, words, *titles):
    """Waits until the search finds these, and nothing else."""
    for _ in range(100):
        if (seen := found(browser, words)) == sorted(titles):
            return
        time.sleep(0.05)
    raise AssertionError((words, seen, titles))


def together(binary, instance):
    """The original writes, changes and deletes while ours serves the file."""
    with open(os.path.join(instance, "secret_key"), "w", opener=lambda p, f: os.open(p, f, 0o600)) as key:
        key.write(secrets.token_hex(32))
    address, end_ours = ours(binary, instance)
    reader = Browser(address)
    until_found(reader, "written original", "written by the original")  # while ours was away
    until_found(reader, "edited", "old post, edited")
    address, end = original(instance)
    browser = Browser(address)
    browser.log_in("later", "later")
    browser.post("/create", title="written at once", body="두 번째 줄")
    time.sleep(0.1)
    assert posts(reader.send("GET", "/")[1])[0] == "written at once"
    until_found(reader, "번째", "written at once", *(f"{name}의 글 & more" for name in USERS))
    path = re.search(r'href="(/\d+/update)"', browser.send("GET", "/")[1])[1]
    browser.post(path, title="changed at once", body="")
    until_found(reader, "changed", "changed at once")
    until_found(reader, "번째", *(f"{name}의 글 & more" for name in USERS))
    browser.post(path.replace("update", "delete"))
    until_found(reader, "changed")
    time.sleep(0.1)
    assert "changed at once" not in reader.send("GET", "/")[1]
    end()
    end_ours()


def anew(binary, instance):
    """The original's init-db while ours is stopped: its tables are dropped, and our triggers with them."""
    path = os.path.join(instance, "flaskr.sqlite")
    init_db(path)
    address, end = original(instance)
    browser = Browser(address)
    browser.post("/auth/register", username="first", password="first")
    browser.log_in("first", "first")
    browser.post("/create", title="the first again", body="written anew")
    end()
    address, end = ours(binary, instance)
    reader = Browser(address)
    assert posts(reader.send("GET", "/")[1]) == ["the first again"]
    until_found(reader, "anew", "the first again")
    for gone in ("edited", "번째", "original"):
        until_found(reader, gone)
    writer = Browser(address)
    writer.log_in("first", "first")
    assert writer.post("/create", title="the second", body="")[0].status == 303
    until_found(reader, "second", "the second")
    end()
    address, end = original(instance)
    assert "the second" in Browser(address).send("GET", "/")[1]
    end()


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


def part(name, value, extra=""):
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n{value}\r\n'


def probes():
    """Requests in an order that matters: (who, method, target, body, headers)."""
    for target in ["/", "/hello", "/auth/register", "/auth/login", "/create", "/1/update", "/nope", "/create/", "/auth",
                   "/auth/", "/HELLO", "/static/style.css", "/static/", "/static/nope", "/static/../schema.sql",
                   "/static/%2e%2e/schema.sql", "/1", "/abc/update", "/-1/update", "/+1/update",
                   "/01/update", "/999/update", "/1/delete", "/auth/logout", "//", "/?page=2", "/%63reate", "/hello?x=1"]:
        for method in ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]:
            yield "nobody", method, target, None, {}
    for who in ["nobody", "test", "other"]:
        for target in ["/create", "/1/update", "/2/update", "/1/delete", "/999/delete", "/999/update", "/abc/delete",
                       "/auth/register", "/auth/login", "/", "/hello", "/nope"]:
            yield who, "POST", target, "", FORM
            yield who, "POST", target, "title=only", FORM
            yield who, "POST", target, "{}", {"Content-Type": "application/json"}
            yield who, "GET", target, None, {}
        yield who, "GET", "/", None, {}
    for body in ["username=&password=", "username=&password=x", "username=x&password=", "username=test&password=x",
                 "username=new&password=new", "username=new&password=new", "username=%20new&password=a",
                 "username=New&password=a", "username=%EC%95%88&password=a", "username=%FF%FE&password=a", "username&password",
                 "username=a+b%2Bc&password=a", "username=%3Cb%3E&password=a", "username=one&username=two&password=a",
                 "password=a", "username=a", "username=%00&password=a", "a=1"]:
        yield "nobody", "POST", "/auth/register", body, FORM
        yield "nobody", "POST", "/auth/login", body, FORM
    for title, body in [("A title", "A body"), (" ", ""), ("", "kept body"), ("<b>&\"'", "<i>&\"'</i>\r\n\r\nx"),
                        ("한글", "안녕\n하세요"), ("nul\0", "\0"), ("%", "100% + 1"), ("x" * 3000, "y" * 100_000),
                        ("\r\n", "\n\nleading"), ("tab\t", "\u202e\u2028")]:
        yield "test", "POST", "/create", urlencode({"title": title, "body": body}), FORM
        yield "test", "POST", "/2/update", urlencode({"title": title, "body": body}), FORM
        yield "test", "GET", "/2/update", None, {}
        yield "test", "GET", "/", None, {}
        yield "test", "POST", "/create", part("title", title) + part("body", body) + "--x--\r\n", MULTIPART
    yield "test", "POST", "/create", part("title", "t") + part("body", "b", '; filename="f"') + "--x--\r\n", MULTIPART
    yield "test", "POST", "/create", "title=t&body=b", {"Content-Type": "APPLICATION/X-WWW-Form-urlencoded; charset=x"}
    yield "test", "POST", "/create", "title=t&body=b", {}
    yield "test", "POST", "/create", "title=1&title=2&body=3&body=4", FORM
    yield "test", "GET", "/", None, {}
    yield "other", "POST", "/2/update", "title=t&body=b", FORM
    yield "other", "POST", "/2/delete", "", FORM
    yield "test", "POST", "/2/delete", "", FORM
    yield "test", "POST", "/2/delete", "", FORM
    yield "test", "GET", "/auth/logout", None, {}
    yield "test", "GET", "/create", None, {}


def answer(browser, method, target, body, headers):
    response, text = browser.send(method, target, body.encode("utf-8", "surrogatepass") if body else body, headers)
    page = Page(text).seen() if method != "HEAD" else None
    described = re.findall(r"<p>(.*?)</p>", text) if response.status >= 400 else None
    allow = response.headers["Allow"]
    return {
        "status": response.status,
        "location": response.headers["Location"],
        "allow": sorted(re.split(r",\s*", allow)) if allow else None,
        "type": response.headers["Content-Type"] if response.status == 200 and method != "OPTIONS" else None,
        "page": page if response.status == 200 and target != "/static/style.css" else None,
        "described": described,
    }


# What our form for a post has besides the original's fields.
IMAGES = [(f"image-{number}{field}", "") for number in (1, 2, 3) for field in ("", "-alt", "-decorative")]


def same(who, theirs, our, method, target, body):
    """Whether the answers are alike, but for what ours does on purpose."""
    theirs, our = dict(theirs), dict(our)
    if method == "POST" and theirs["status"] == 302:
        theirs["status"] = 303  # after a POST the next request is a GET, whatever the browser (RFC 9110, 15.4.4)
    if target == "/auth/logout" and theirs["allow"]:
        theirs["allow"] = sorted([*theirs["allow"], "POST"])  # our pages log out by POST
    if our["page"] and method in ("GET", "POST"):
        # Ours has a field to search in every list of posts, and more where a post is written.
        more = [("q", "")] if our["page"]["h1"] == ["Posts"] else []
        more = [("tags", ""), *IMAGES] if target == "/create" or target.endswith("/update") else more
        our["page"] = our["page"] | {"fields": without(our["page"]["fields"], more)}
    if theirs["page"] and our["page"]:
        # The original's textarea loses a line break that the text begins with.
        lost = {(name, value.lstrip("\n")) for name, value in theirs["page"]["fields"]}
        if lost == {(name, value.lstrip("\n")) for name, value in our["page"]["fields"]}:
            theirs["page"]["fields"] = our["page"]["fields"]
    if target == "/1":
        return our["status"] == {"GET": 200, "HEAD": 200, "OPTIONS": 200}.get(method, 405)  # ours has a page for each post
    if re.fullmatch(r"/\d+/delete", target) and method != "POST":
        # Ours asks on a page before it deletes, whoever may.
        shown = {"nobody": [302], "test": [200, 404], "other": [403, 404]}[who]
        return our["status"] in {"GET": shown, "HEAD": shown, "OPTIONS": [200]}.get(method, [405, 404])
    if who == "nobody" and body == "title=only" and target.endswith(("/create", "/update")):
        return our["status"] == 403  # ours is the login page, which keeps what was written
    return theirs == our


def without(fields, more):
    """The fields but for these, each of which must be there once."""
    assert all(fields.count(one) == 1 for one in more), (fields, more)
    return [field for field in fields if field not in more]


def compare(binary, directory):
    path = os.path.join(directory, "compare.sqlite")
    init_db(path)
    with sqlite3.connect(path) as database:
        from werkzeug.security import generate_password_hash

        for user in ["test", "other"]:
            password = generate_password_hash(user, "pbkdf2:sha256:1000")
            database.execute("INSERT INTO user (username, password) VALUES (?, ?)", (user, password))
        for author, title in [(1, "test title"), (1, "second"), (2, "other's")]:
            database.execute(
                "INSERT INTO post (author_id, created, title, body) VALUES (?, '2018-01-0' || ?, ?, 'test\nbody')",
                (author, len(title) % 9 + 1, title),
            )
    instance = os.path.join(directory, "compare")
    os.makedirs(instance)
    shutil.copy(path, os.path.join(instance, "flaskr.sqlite"))
    with open(os.path.join(instance, "secret_key"), "w", opener=lambda p, f: os.open(p, f, 0o600)) as key:
        key.write(secrets.token_hex(32))
    sides = [original(directory, path), ours(binary, instance)]
    browsers = [{who: Browser(address) for who in ["nobody", "test", "other"]} for address, _ in sides]
    for side in browsers:
        side["test"].log_in("test", "test")
        side["other"].log_in("other", "other")
    asked = differences = 0
    for who, method, target, body, headers in probes():
        theirs, our = (answer(side[who], method, target, body, headers) for side in browsers)
        # The original lists posts of one second oldest first: a mistake, which ours has not.
        for seen in (theirs["page"], our["page"]):
            if seen:
                seen["posts"].sort()
                seen["links"].sort()
        asked += 1
        if not same(who, theirs, our, method, target, body):
            differences += 1
            print(f"{who} {method} {target} {quote(body or '')[:60]}")
            for key in theirs:
                if theirs[key] != our[key]:
                    print(f"   {key}: original {str(theirs[key])[:400]}\n   {' ' * len(key)}  ours     {str(our[key])[:400]}")
    for _, end in sides:
        end()
    print(f"{asked} requests, {differences} answers differ")
    assert asked > 300 and differences == 0


if __name__ == "__main__":
    {"make": make, "use": use, "again": again, "together": together, "anew": anew, "compare": compare}[sys.argv[1]](*sys.argv[2:])
