"""A site with something of everything, for tests/system/pages."""

import base64
import hmac
import re
import socket
import struct
import subprocess
import time

from content import EVERYTHING, ORDINARY, landscape
from daemon import Daemon, Visitor

PASSWORD = "kettle on monday"
# Whoever looks at every page does much in little time, from one address.
SETTINGS = {"FLASKR_THROTTLE_ADDRESS": "0", "FLASKR_COMMENTS_PER_MINUTE": "0", "FLASKR_COMMENTS_MODE": "approve", "FLASKR_PAGES_POSTS_PER_PAGE": "5"}


class Site:
    """A daemon that knows its own name, as one that is shipped does."""

    def __init__(self, program, place, **settings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.program, self.place, self.origin = program, place, f"http://127.0.0.1:{self.port}"
        self.settings = SETTINGS | {"FLASKR_BASE_URL": self.origin} | settings
        self.daemon = Daemon(program, place, environment=self.settings, arguments=("--listen", f"127.0.0.1:{self.port}")).serving()
        self.users = {None: None}

    def admin(self, *words):
        """What the administrator's command says."""
        environment = {"PATH": "/usr/bin:/bin", **self.settings}
        return subprocess.run([self.program, "admin", *words], cwd=self.place, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    def join(self, name):
        """Somebody registers and logs in."""
        self.users[name] = Visitor(self.daemon).log_in(name, PASSWORD)
        return self.users[name]

    def invited(self, name, link):
        """Somebody registers with an invite, and logs in."""
        visitor = Visitor(self.daemon)
        visitor.post("/auth/register", username=name, password=PASSWORD, invite=link.partition("=")[2])
        assert visitor.post("/auth/login", username=name, password=PASSWORD)[0] == 303
        return visitor

    def cookie(self, name):
        return self.users[name] and self.users[name].cookie

    def discard(self):
        self.daemon.discard()


class FullSite(Site):
    """Posts, drafts, comments, images, people, and what a moderator did. The posts by what they are for:"""

    EVERYTHING, PLAIN, WITHDRAWN, UNPUBLISHED, NEWEST = 1, 2, 3, 4, 9

    def __init__(self, program, place):
        super().__init__(program, place)
        self.comments = 0
        self.mina, self.jun, self.sol, self.ada, _ = (self.join(name) for name in ("mina", "jun", "sol", "ada", "lee"))
        self.admin("user", "role", "sol", "moderator")
        Visitor(self.daemon).log_in("mina", PASSWORD)  # a second session
        self.write()
        self.discuss()
        self.done(self.mina, f"/{self.WITHDRAWN}/delete")
        self.done(self.sol, f"/{self.UNPUBLISHED}/unpublish", reason="It is an advertisement.")
        self.done(self.mina, "/account/profile", line="Walks, bakes and measures.")
        self.done(self.mina, "/account/tokens", name="backup", scope="read", lifetime="30", password=PASSWORD)
        self.turn_on_second_factor()
        for visitor in filter(None, self.users.values()):
            visitor.leave()  # else the daemon does, while Chromium is looked at

    def done(self, visitor, path, **fields):
        """Sends a form that is to be taken; the page that answers it, if one does."""
        status, page = visitor.post(path, **fields)
        assert status == 303 or (status == 200 and 'role="alert"' not in page), (path, fields, status, page)
        return page

    def write(self):
        fields = {"title": "Above the village", "body": EVERYTHING, "tags": "walks", "format": "markdown", "then": "publish", "image-1-alt": "Hills at dawn"}
        status, page = self.mina.upload("/create", fields, [("image-1", "hills.png", landscape())])
        assert status == 303, page
        plain = "No formatting here:\n  just lines,\n    and the spaces before them.\n\n보통 글도 있다."
        self.create(self.jun, "Plain words", plain, "", format="plain")
        self.create(self.mina, "A second thought", "I take this back.", "")
        self.create(self.jun, "Buy my kettle", "It is cheap.", "")
        for title, body, tags in ORDINARY:
            self.create(self.mina, title, body, tags)
        for title in ("Unfinished", "초안"):
            self.create(self.mina, title, "Some of it.", "", then="keep")

    def create(self, visitor, title, body, tags, **more):
        self.done(visitor, "/create", **({"title": title, "body": body, "tags": tags, "format": "markdown", "then": "publish", "nonce": title} | more))

    def discuss(self):
        """Two pages of comments under one post, of which some wait, and a few under the newest. Likes."""
        for number in range(1, 103):
            self.comment(self.mina, self.EVERYTHING, f"What I saw at kilometre {number}: *nothing* but `fog`.")
        self.own = self.comment(self.jun, self.NEWEST, "Is rye harder?\n\n> Weigh everything.\n\n고마워요!")
        self.done(self.sol, f"/comments/{self.own}/approve")
        self.answer = self.comment(self.mina, self.NEWEST, "It is only stickier. See [this](https://example.org/rye).")
        self.waiting = self.comment(self.jun, self.NEWEST, "Thank you, I will try.")
        self.comment(self.jun, self.EVERYTHING, "Where does the path begin?")
        spam = self.comment(self.jun, self.NEWEST, "Cheap kettles!")
        self.done(self.sol, f"/comments/{spam}/delete", reason="An advertisement too.")
        for visitor in (self.jun, self.sol):
            self.done(visitor, f"/{self.NEWEST}/like")

    def comment(self, visitor, post, body):
        """Its number."""
        self.done(visitor, f"/{post}/comments", body=body, nonce=body[:60])
        self.comments += 1
        return self.comments

    def turn_on_second_factor(self):
        """Ada does."""
        page = self.ada.get("/account/second-factor")[1]
        key, signed = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1], re.search(r'name="secret" value="(.*?)"', page)[1]
        codes = self.done(self.ada, "/account/second-factor", secret=signed, code=one_time_code(key), password=PASSWORD)
        assert 'class="codes"' in codes, codes


def one_time_code(key):
    """What an authenticator app shows (RFC 6238)."""
    secret = base64.b32decode(key.replace(" ", ""))
    digest = hmac.digest(secret, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06}"
