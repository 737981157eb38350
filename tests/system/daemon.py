"""A Flaskr daemon under test: the program as it is shipped, its log, and visitors."""

import html
import http.client
import itertools
import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.parse

PATIENCE = 30  # seconds that anything may take
POSTS_PER_PAGE = 100  # more than a test wants to see at a time
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def emptied(program, place):
    """A place for a site of its own: no file is there yet, and what another left on a server goes."""
    if "FLASKR_DATABASE_URL" in os.environ:
        subprocess.run([program, "admin", "init-db", "--clear", "--yes"], cwd=place, check=True, stdout=subprocess.DEVNULL)
    return pathlib.Path(place)


class Daemon:
    """One process. Its log goes to a file, in the place of the journal."""

    address = "127.0.0.1"

    def __init__(self, program, place, wrapper=(), environment=None, arguments=("--listen", "127.0.0.1:0")):
        self.place = pathlib.Path(place)
        self.place.mkdir(exist_ok=True)
        self.log_path = self.place / f"log-{time.monotonic_ns()}"
        variables = {"FLASKR_PASSWORD_MEMORY_KIB": "128", "FLASKR_PAGES_POSTS_PER_PAGE": str(POSTS_PER_PAGE)}
        variables |= environment or {}
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [*wrapper, program, *arguments], cwd=self.place, env=os.environ | variables, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=log, start_new_session=True,
            )
        self.port = None

    def serving(self):
        """Waits until it serves."""
        self.port = int(re.search(rf"http://{re.escape(self.address)}:(\d+)", self.says("serving "))[1])
        return self

    def log(self):
        return re.sub(r"\x1b\[[0-9;]*m|^\S+Z +", "", self.log_path.read_text(), flags=re.M)

    def lines(self, text):
        return [line.strip() for line in self.log().splitlines() if text in line]

    def says(self, text):
        """The first line of its log with this in it."""
        for _ in every(0.02):
            if found := self.lines(text):
                return found[0]
            if self.process.poll() is not None and not self.lines(text):
                break
        raise AssertionError(f"the log does not say {text!r}:\n{self.log()}")

    def pid(self):
        """The daemon's own process, not its wrapper's."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else self.process.pid

    def kill(self):
        """kill -9, of the daemon; whatever it runs under ends by itself."""
        os.kill(self.pid(), signal.SIGKILL)
        return self.end()

    def end(self):
        """Waits for its end; its exit code."""
        return self.process.wait(PATIENCE)

    def stop(self):
        os.kill(self.pid(), signal.SIGTERM)
        return self.end()

    def busy_seconds(self):
        """How long its threads have been on a core."""
        fields = pathlib.Path(f"/proc/{self.pid()}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def discard(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Visitor:
    """A browser, more or less: one connection, and the cookie of its session."""

    def __init__(self, daemon, cookie=None):
        self.daemon = daemon
        self.cookie = cookie
        self.connection = None

    def ask(self, method, path, form=None):
        """The answer's status and text. A connection that breaks is an OSError or an HTTPException."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.daemon.address, self.daemon.port, timeout=PATIENCE)
        fields = FORM | ({"Cookie": self.cookie} if self.cookie else {})
        body = urllib.parse.urlencode(form) if form is not None else None
        try:
            self.connection.request(method, path, body, fields)
            answer = self.connection.getresponse()
            text = answer.read().decode()
        except BaseException:
            self.leave()
            raise
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            if cookie.startswith(("flaskr=", "__Host-flaskr=")):
                self.cookie = cookie.split(";")[0]
        self.headers = answer.headers
        self.retry_after = answer.getheader("Retry-After")
        if answer.will_close:
            self.leave()
        return answer.status, text

    def upload(self, path, fields, files):
        """Sends a form with files, each a field, a name and bytes. The answer's status and text."""
        parts = [f'--line\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
        for field, name, data in files:
            name = urllib.parse.quote(name, safe=" <>()=/'")
            parts.append(f'--line\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n")
        connection = http.client.HTTPConnection(self.daemon.address, self.daemon.port, timeout=PATIENCE)
        kind = {"Content-Type": "multipart/form-data; boundary=line", "Cookie": self.cookie or ""}
        connection.request("POST", path, b"".join(parts) + b"--line--\r\n", kind)
        answer = connection.getresponse()
        status, text = answer.status, answer.read().decode()
        connection.close()
        return status, text

    def leave(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, **form):
        return self.ask("POST", path, form)

    def log_in(self, name="ada", password="kettle on monday"):
        self.post("/auth/register", username=name, password=password)
        assert self.post("/auth/login", username=name, password=password)[0] == 303
        return self

    def create(self, title, body="", nonce=None):
        return self.post("/create", title=title, body=body, nonce=nonce or title)

    def found(self, words):
        """The titles of all posts that the search finds."""
        titles, path = [], "/?" + urllib.parse.urlencode({"q": words})
        while path:
            status, page = self.get(path)
            assert status == 200, (status, page)
            titles += posts(page)
            more = re.search(r'rel="next" href="(.*?)"', page)
            path = more and html.unescape(more[1])
        return titles


def posts(page):
    """The titles in a list of posts, each of them with the link to its page."""
    linked = re.findall(r'<article.*?<h2><a [^>]*href="/\d+">(.*?)</a></h2>', page, re.S)
    return [html.unescape(re.sub("</?mark>", "", title)) for title in linked]


def shown(page):
    """What a page of an error says to the visitor."""
    found = re.search(r"<p>(.*?)</p>", page, re.S)
    return " ".join(found[1].split()) if found else page[:200]


def every(seconds, patience=PATIENCE):
    """Counts until patience is at its end."""
    end = time.monotonic() + patience
    for count in itertools.count():
        if time.monotonic() > end:
            return
        yield count
        time.sleep(seconds)


def until(condition, seconds=0.05, patience=PATIENCE):
    """Waits for something to be true."""
    for _ in every(seconds, patience):
        if found := condition():
            return found
    raise AssertionError("waited in vain")


class Tests:
    """Counts and names what was promised, in the words of tests/system/bed."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, promise, holds, detail=""):
        if holds:
            self.passed += 1
            print(f"ok      {promise}", flush=True)
        else:
            self.failed += 1
            print(f"FAILED  {promise}\n{detail}", flush=True)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        raise SystemExit(0 if self.passed and not self.failed else 1)
