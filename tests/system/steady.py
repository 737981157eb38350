"""A steady load of readers and writers that counts every request that was lost.

usage: steady.py [https://]ADDRESS REQUESTS_PER_SECOND FOLDER
It runs until there is a file named "end" in the folder, and leaves three others there: "failed", a line for each request that
was, "stored", the titles of the posts that were acknowledged, and "summary". Each thread has a client of its own: half of
them keep their connection, and half open one for each request.
"""

import http.client
import pathlib
import select
import ssl
import sys
import threading
import time
import urllib.parse

THREADS = 8
TIMEOUT = 30
PASSWORD = "kettle-on-monday"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Client:
    def __init__(self, address, keeps):
        self.address, self.keeps, self.connection = address, keeps, None

    def is_closed(self):
        """Whether the other side has closed the connection, as clients look before they use one again."""
        return bool(select.select([self.connection.sock], [], [], 0)[0])

    def connect(self):
        scheme, _, name = self.address.rpartition("://")
        if scheme == "https":
            return http.client.HTTPSConnection(name, timeout=TIMEOUT, context=ssl._create_unverified_context())
        return http.client.HTTPConnection(name, timeout=TIMEOUT)

    def send(self, method, path, body=None, headers=()):
        kept = self.connection
        if kept is None or kept.sock is None or self.is_closed():
            self.connection = self.connect()
        self.connection.request(method, path, body, dict(headers))
        answer = self.connection.getresponse()
        text = answer.read()
        if not self.keeps:
            self.connection.close()
            self.connection = None
        return answer, text

    def drop(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class Load:
    def __init__(self, address, rate, folder):
        self.address, self.pause, self.folder = address, THREADS / rate, folder
        self.lock, self.ended = threading.Lock(), threading.Event()
        self.answered, self.slowest, self.failed, self.stored = 0, 0.0, [], []

    def log_in(self):
        client = Client(self.address, False)
        form = urllib.parse.urlencode({"username": "steady", "password": PASSWORD})
        client.send("POST", "/auth/register", form, FORM.items())
        answer, _ = client.send("POST", "/auth/login", form, FORM.items())
        cookies = [field.split(";")[0] for field in answer.headers.get_all("Set-Cookie")]
        return "; ".join(cookie for cookie in cookies if "flaskr=" in cookie)

    def run(self):
        cookie = self.log_in()
        threads = [threading.Thread(target=self.client, args=(number, cookie)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        while not (self.folder / "end").exists():
            time.sleep(0.1)
        self.ended.set()
        for thread in threads:
            thread.join()

    def client(self, number, cookie):
        client = Client(self.address, number % 2 == 0)
        due = time.monotonic() + number * self.pause / THREADS
        count = 0
        while not self.ended.wait(max(0, due - time.monotonic())):
            due = max(due + self.pause, time.monotonic() - 1)
            count += 1
            if count % 4 == 0:
                self.write(client, cookie, f"steady {self.folder.name} {number} {count}")
            else:
                self.request(client, "GET", "/", None, {} if count % 2 else {"Cookie": cookie})

    def write(self, client, cookie, title):
        form = urllib.parse.urlencode({"title": title, "body": "", "nonce": title.replace(" ", "-")})
        if self.request(client, "POST", "/create", form, {"Cookie": cookie, **FORM}):
            self.stored.append(title)

    def request(self, client, method, path, body, headers):
        began = time.time()
        try:
            answer, _ = client.send(method, path, body, headers.items())
            good = answer.status == (303 if method == "POST" else 200)
            why = str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            good, why = False, repr(error)
            client.drop()
        took = time.time() - began
        with self.lock:
            if good:
                self.answered += 1
                self.slowest = max(self.slowest, took)
            else:
                who = "a user" if "Cookie" in headers else "a stranger"
                self.failed.append(f"{began:.3f} {took:.3f} {method} {path} as {who} {why}")
        return good


def main():
    folder = pathlib.Path(sys.argv[3])
    load = Load(sys.argv[1], float(sys.argv[2]), folder)
    load.run()
    (folder / "failed").write_text("".join(line + "\n" for line in load.failed))
    (folder / "stored").write_text("".join(line + "\n" for line in load.stored))
    summary = f"{load.answered} answered, {len(load.failed)} failed, {len(load.stored)} posts stored, "
    (folder / "summary").write_text(f"{summary}the slowest took {load.slowest:.2f} s\n")


main()
