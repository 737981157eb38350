"""Clients for tests/system/load: one that behaves and is timed, and those that do not.

usage: load.py URL_HOST measure SECONDS PATH      a new connection every 10 ms: milliseconds, and what did not go well
       load.py URL_HOST hold KIND COUNT SECONDS   so many connections that keep what they have taken
       load.py URL_HOST pages COUNT TIMES         the pages of so many posts, each in every coding
"""

import collections
import concurrent.futures
import http.client
import resource
import socket
import sys
import time

PORT = 8080
PATIENCE = 10  # seconds; whoever is not answered by then counts as failed

# The client that behaves has the first address; those that do not have the others, as many as a network has.
ADDRESSES = [f"192.0.2.{number}" for number in range(10, 80)]
FORM = "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1040000\r\n\r\n"


def connect(host, source=None, receive_buffer=None):
    stream = socket.socket()
    stream.settimeout(PATIENCE)
    if receive_buffer:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    if source and not host.startswith("127."):
        stream.setsockopt(socket.SOL_IP, getattr(socket, "IP_BIND_ADDRESS_NO_PORT", 24), 1)
        stream.bind((source, 0))
    stream.connect((host, PORT))
    return stream


def get(host, path, source):
    """The status of an answer that came whole."""
    with connect(host, source) as stream:
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while chunk := stream.recv(1 << 20):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    whole = f"content-length: {len(body)}".encode() in head.lower()
    return answer[9:12].decode() if whole else "cut"


def measure(host, seconds, path):
    times, results = [], collections.Counter()
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end:
        start = time.monotonic()
        try:
            result = get(host, path, "192.0.2.9")
        except OSError as error:
            result = type(error).__name__
        results[result] += 1
        times.append((time.monotonic() - start) * 1000)
        time.sleep(0.01)
    times.sort()
    failed = {result: count for result, count in results.items() if result != "200"}
    print(f"{times[len(times) // 2]:.1f} {times[int(len(times) * 0.99)]:.1f} {times[-1]:.1f} {len(times)} {failed or 'none'}")


def idle(host, source, number):
    stream = connect(host, source)
    if number % 2:
        stream.sendall(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        stream.recv(4096)
    return stream


def header(host, source, _):
    stream = connect(host, source)
    stream.sendall(b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (line, b"x" * 240) for line in range(60)))
    return stream


def body(host, source, _):
    stream = connect(host, source)
    stream.sendall(FORM.encode() + b"username=" + b"x" * 1_000_000)
    return stream


def reader(host, source, _):
    stream = connect(host, source, receive_buffer=4096)
    stream.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    return stream


def hold(host, kind, count, seconds):
    """Takes what there is, keeps it, and takes again what was taken away."""
    end = time.monotonic() + float(seconds)
    make, streams, number = {"idle": idle, "header": header, "body": body, "reader": reader}[kind], [], 0
    while time.monotonic() < end:
        try:
            streams.append(make(host, ADDRESSES[number % len(ADDRESSES)], number))
        except OSError:
            pass
        number += 1
        if number == int(count):
            print(f"holding {len(streams)}", flush=True)
        if len(streams) > int(count):
            streams.pop(0).close()
        if number >= int(count):
            time.sleep(0.002)


CODINGS = ["identity", "gzip", "br", "zstd"]
READERS = 8  # at a time


def pages(host, count, times):
    """Says how many answers came in each coding. Fails if one did not come, or in another."""
    def read(reader):
        connection, answers = http.client.HTTPConnection(host, PORT, timeout=PATIENCE), collections.Counter()
        for number in [*range(1, int(count) + 1)] * int(times):
            if number % READERS != reader:
                continue
            for coding in CODINGS:
                connection.request("GET", f"/{number}", headers={"Accept-Encoding": coding})
                answer = connection.getresponse()
                answer.read()
                answers[answer.status, answer.headers["Content-Encoding"] or "identity"] += 1
        return answers

    with concurrent.futures.ThreadPoolExecutor(READERS) as pool:
        answers = sum(pool.map(read, range(READERS)), collections.Counter())
    print("#", ", ".join(f"{count} answers {status} in {coding}" for (status, coding), count in sorted(answers.items())))
    sys.exit(answers != {(200, coding): int(count) * int(times) for coding in CODINGS})


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    _, host, command, *rest = sys.argv
    {"measure": measure, "hold": hold, "pages": pages}[command](host, *rest)
