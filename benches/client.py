"""A client that asks one thing at a time on each of its connections, and keeps how long each answer took."""

import collections
import selectors
import socket
import time
from urllib.parse import urlencode

ADDRESS = "127.0.0.1"
PATIENCE = 60  # seconds; an answer that takes longer fails the benchmark

Answer = collections.namedtuple("Answer", "status fields body bytes seconds")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Wrong(Exception):
    """Something was not answered as it should: what was measured would mean nothing."""


def request(path, headers=None, form=None):
    """The bytes of a request: a GET, or a POST of a form."""
    body = None if form is None else urlencode(form).encode()
    fields = {"Host": ADDRESS} | (headers or {})
    if body is not None:
        fields |= FORM | {"Content-Length": str(len(body))}
    method = "GET" if body is None else "POST"
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + (body or b"")


class Connection:
    """One connection, which asks again when it has the answer."""

    def __init__(self, port):
        self.socket = socket.create_connection((ADDRESS, port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, asked):
        self.read, self.total = bytearray(), None
        self.start = time.perf_counter()
        self.socket.sendall(asked)

    def receive(self):
        """Reads what is there; the answer, once it is whole."""
        chunk = self.socket.recv(1 << 20)
        if not chunk:
            raise Wrong(f"a connection was closed in an answer: {bytes(self.read[:200])}")
        self.read += chunk
        if self.total is None and (end := self.read.find(b"\r\n\r\n")) >= 0:
            self.take_head(end)
        if self.total is None or len(self.read) < self.total:
            return None
        seconds = time.perf_counter() - self.start
        return Answer(self.status, self.fields, bytes(self.read[self.head :]), self.total, seconds)

    def take_head(self, end):
        lines = self.read[:end].decode("latin-1").split("\r\n")
        self.status, self.head = int(lines[0].split()[1]), end + 4
        self.fields = [tuple(line.split(": ", 1)) for line in lines[1:]]
        length = dict((name.lower(), value) for name, value in self.fields).get("content-length")
        if length is None and self.status != 304:
            raise Wrong(f"an answer of no known length: {lines}")
        self.total = self.head + (int(length) if length and self.status != 304 else 0)

    def ask(self, asked):
        self.send(asked)
        while not (answer := self.receive()):
            pass
        return answer

    def close(self):
        self.socket.close()


def ask(port, path, headers=None, form=None, status=200):
    """One answer on a connection of its own, which must have this status."""
    connection = Connection(port)
    try:
        answer = connection.ask(request(path, headers, form))
    finally:
        connection.close()
    return answer if status is None else expect(answer, status)


def expect(answer, status):
    """The answer, which must have this status."""
    if answer.status != status:
        raise Wrong(f"an answer was {answer.status}, not {status}: {answer.fields} {answer.body[:300]}")
    return answer


def field(answer, name):
    """The value of a field of the header, or None."""
    return next((value for field, value in answer.fields if field.lower() == name), None)


def log_in(port, username, password):
    """The header of somebody who is logged in."""
    answer = ask(port, "/auth/login", form={"username": username, "password": password}, status=None)
    cookies = [value.split(";")[0] for name, value in answer.fields if name.lower() == "set-cookie"]
    if answer.status not in (302, 303) or not cookies:
        raise Wrong(f"the login of {username} was answered {answer.status}: {answer.body[:300]}")
    return {"Cookie": "; ".join(cookies)}


def each(port, requests, status, connections=1):
    """Asks all of these, so many at a time; the seconds that each took."""
    requests, seconds = iter(requests), []
    with selectors.DefaultSelector() as selector:
        for asked in (asked for _, asked in zip(range(connections), requests)):
            connection = Connection(port)
            connection.send(asked)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        while selector.get_map():
            for key, _ in selector.select(PATIENCE):
                answered(selector, key.data, requests, status, seconds)
    return seconds


def answered(selector, connection, requests, status, seconds):
    """Takes what came on a connection; asks the next thing on it, or closes it."""
    answer = connection.receive()
    if not answer:
        return
    seconds.append(expect(answer, status).seconds)
    asked = next(requests, None)
    if asked is None:
        selector.unregister(connection.socket)
        connection.close()
    else:
        connection.send(asked)


def paced(port, asked, per_second, seconds, status=200):
    """Asks one thing so many times a second on one connection; the seconds from when each was due to its answer."""
    connection, times = Connection(port), []
    start = time.perf_counter()
    for number in range(int(per_second * seconds)):
        due = start + number / per_second
        time.sleep(max(0, due - time.perf_counter()))
        expect(connection.ask(asked), status)
        times.append(time.perf_counter() - due)
    connection.close()
    return times
