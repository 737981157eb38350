"""Rates: wrk asks, its answers are checked, and the servers take turns so that noise is shared."""

import itertools
import os
import re
import subprocess
from urllib.parse import urlencode

import client

HERE = os.path.dirname(os.path.abspath(__file__))
TIMES = {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60}
UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
# Answers may differ by the digits of a number in them; a page that is none differs more.
BYTES_TOLERANCE = 0.02
# A form that was sent before is not done again: no two runs have one in common.
RUNS = itertools.count()


class Load:
    """What wrk asks of a server, and what must be answered."""

    def __init__(self, server, path="/", headers=None, connections=32, seconds=2.0, status=200, script=None, form=None):
        self.server, self.path, self.headers, self.status = server, path, headers or {}, status
        self.connections, self.seconds, self.script = connections, seconds, script
        self.form = form
        self.requests = 0  # answers of the last run
        self.cpu_micros, self.p99_seconds = [], []  # of each run: time on the cores for an answer; what 99 of 100 did not exceed
        self.answer = client.ask(
            server.port, path, self.headers, form and dict(form, nonce=f"probe-{next(RUNS)}"), status
        )

    def rate(self):
        """Answers a second of one run."""
        before = self.server.cpu_seconds()
        output = subprocess.run(self.command(self.seconds), capture_output=True, text=True, check=True).stdout
        used = self.server.cpu_seconds() - before
        rate = self.checked(output)
        self.cpu_micros.append(used / self.requests * 1e6)
        p99, unit = re.search(r"^ +99% +([\d.]+)([a-z]+) *$", output, re.M).groups()
        self.p99_seconds.append(float(p99) * TIMES[unit])
        return rate

    def command(self, seconds):
        """wrk, for so long."""
        # wrk counts whole seconds only.
        command = [
            "wrk",
            "-t1",
            f"-c{self.connections}",
            f"-d{max(1, round(seconds))}s",
            "--latency",
            "--timeout",
            f"{client.PATIENCE}s",
        ]
        # As client.py asks, since a feed names the host.
        headers = {"Host": client.ADDRESS} | self.headers | (client.FORM if self.form else {})
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        return command + self.arguments()

    def arguments(self):
        url = f"http://{client.ADDRESS}:{self.server.port}{self.path}"
        if self.form:
            nonce = f"run-{next(RUNS)}-@@@@@@@@"  # form.lua puts a number in
            form = urlencode(self.form) + f"&nonce={nonce}"
            return ["-s", os.path.join(HERE, "form.lua"), url, "--", form, "0"]
        if self.script:
            name, *arguments = self.script
            return ["-s", os.path.join(HERE, name), url, "--", *arguments]
        return [url]

    def checked(self, output):
        """The rate, if all was answered as it should be."""
        requests, bytes_read, unit = re.search(r"(\d+) requests in .*?, ([\d.]+)([KMG]?B) read", output).groups()
        self.requests = int(requests)
        wrong = re.search(r"Non-2xx.*|Socket errors.*", output)
        if wrong or not self.requests:
            raise client.Wrong(f"{self.server.name} {self.path}: {output}")
        self.check_size(float(bytes_read) * UNITS[unit])
        return float(re.search(r"Requests/sec: +([\d.]+)", output)[1])

    def check_size(self, bytes_read):
        """A page of another size than the one that was looked at is another page."""
        if self.script:
            return
        expected = self.answer.bytes * self.requests
        in_flight = self.answer.bytes * self.connections  # read in part when the time was over
        if abs(bytes_read - expected) > expected * BYTES_TOLERANCE + in_flight:
            raise client.Wrong(
                f"{self.server.name} {self.path}: {bytes_read:.0f} bytes for {self.requests} answers of {self.answer.bytes}"
            )


def interleaved(rounds, cases):
    """Measures each case once a round, back and forth; for each name the figures, in the order of the rounds."""
    figures = {name: [] for name in cases}
    for number in range(rounds):
        names = list(cases) if number % 2 == 0 else list(reversed(cases))
        for name in names:
            figures[name].append(cases[name]())
    return figures


def ratios(ours, theirs):
    """Round by round, ours to theirs."""
    return [our / their for our, their in zip(ours, theirs)]


def percentile(times, share):
    """The smallest of these that so large a share of them do not exceed."""
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * share))]
