"""What a server asks of the kernel, seen with strace."""

import os
import re
import signal
import subprocess

import client


class Trace:
    """strace on a process that runs, for as long as the block does."""

    def __init__(self, run, server, *options):
        self.path = os.path.join(run.tools.work, "strace.out")
        self.command = ["strace", "-f", "-o", self.path, *options, "-p", str(server.pid)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True)
        said = self.process.stderr.readline()
        if "attached" not in said:
            raise client.Wrong(f"strace cannot attach: {said}")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate()

    def counts(self):
        """How often each system call was made (with -c)."""
        with open(self.path) as table:
            rows = [line.split() for line in table if re.match(r" *[\d.]+ +[\d.]+ ", line)]
        return {row[-1]: int(row[3]) for row in rows if row[-1] != "total"}

    def lines(self):
        with open(self.path) as lines:
            return list(lines)


def counted(run, server, asked, connections, count):
    """System calls for each of so many answers on so many connections that stay open; by kind, the most first."""
    with Trace(run, server, "-c") as trace:
        client.each(server.port, (asked for _ in range(count)), 200, connections)
    counts = trace.counts()
    return {name: counts[name] / count for name in sorted(counts, key=counts.get, reverse=True)}


REQUEST = re.compile(r'(recv|read).*"POST /create')
SYNC = re.compile(r"(\d+) +f(data)?sync\(\d+<[^>]*-wal>")
SYNCED = re.compile(r"(\d+) +(f(data)?sync\(.*|<\.\.\. f(data)?sync resumed>)\) += 0")
ANSWER = re.compile(r'(send|write).*"HTTP/1.1 303')


def answers_before_fsync(lines):
    """Of answers to posts on one connection (traced with -y): how many there are, and how many were not preceded by an
    fsync of the log that began after their request and was done."""
    asked = synced = False
    syncing = set()  # the threads that are at it, since the request
    answers = early = 0
    for line in lines:
        if REQUEST.search(line):
            asked, synced, syncing = True, False, set()
        elif ANSWER.search(line):
            answers, early, asked = answers + 1, early + (not synced), False
        if asked and (began := SYNC.match(line)):
            syncing.add(began[1])
        if (done := SYNCED.match(line)) and done[1] in syncing:
            synced = True
    return answers, early
