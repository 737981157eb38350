"""From the start of the daemon until it serves, and what it takes: of memory, and of disk."""

import glob
import itertools
import os
import socket
import subprocess
import time

import client
import servers
import sites

SECTION = "Start and size"
PAGES = 20_000
ENCODINGS = ("identity", "gzip", "br", "zstd")


def measure(run):
    for posts in (5, run.sizes[-1]):
        instance = run.sites.ours(posts)
        finish_indexing(run, instance)
        found = [started(run, instance) for _ in range(run.starts)]
        run.report.figure(
            SECTION, f"from the start to READY=1, {posts:,} posts", [ms for ms, _ in found], "ms", "at most 50"
        )
        run.report.figure(
            SECTION, f"resident after the start, {posts:,} posts", [mb for _, mb in found], "MB", "less than 12"
        )
    full_cache(run)
    sizes(run)


def finish_indexing(run, instance):
    """A start that has something left to do is no usual one. It also warms the disk's cache."""
    server = servers.ours(run.tools, instance)
    sites.wait_until_indexed(instance)
    server.stop()


def started(run, instance, settings=None):
    """Milliseconds until it says that it serves, and megabytes then."""
    path = os.path.join(run.tools.work, "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(path)
        notified.settimeout(servers.START_MAX)
        command = [run.tools.daemon, "--listen", f"{client.ADDRESS}:0", "--instance", instance, "--config", os.devnull]
        begun = time.perf_counter()
        environment = os.environ | {"NOTIFY_SOCKET": path} | (settings or {})
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            while b"READY=1" not in notified.recv(4096):
                pass
            milliseconds = 1000 * (time.perf_counter() - begun)
            with open(f"/proc/{process.pid}/status") as status:
                resident = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS:"))
        finally:
            process.terminate()
            process.wait(servers.STOP_MAX)
    os.remove(path)
    return milliseconds, resident


def full_cache(run):
    """Memory when thousands of pages were asked for, each as it is and in all the ways to compress it."""
    server, posts = servers.ours(run.tools, run.sites.ours(run.sizes[-1])), run.sizes[-1]
    if client.ask(server.port, "/1", status=None).status == 200:
        pages = min(PAGES, posts)
        ask_for_pages(server, pages)
        what = f"after {pages:,} pages in {len(ENCODINGS)} encodings, {posts:,} posts"
        run.report.figure(SECTION, f"resident {what}", server.memory_mb(), "MB", "less than 64")
        run.report.figure(SECTION, f"resident at most {what}", server.memory_mb("VmHWM"), "MB", "less than 64")
    else:
        run.report.leave_out("memory with a full cache", "posts have no pages")
    server.stop()


def ask_for_pages(server, pages):
    """Each of so many posts, in each encoding."""
    asked = itertools.product(range(1, pages + 1), ENCODINGS)
    requests = (client.request(f"/{number}", {"Accept-Encoding": encoding}) for number, encoding in asked)
    client.each(server.port, requests, 200, connections=32)


def sizes(run):
    for name in (run.tools.daemon, run.tools.admin):
        run.report.figure(SECTION, f"size of {os.path.basename(name)}", megabytes(name), "MB")
    packages = glob.glob(os.path.join(run.tools.root, "target/packages/flaskr_*.deb"))
    for name in packages:
        run.report.figure(SECTION, f"size of {os.path.basename(name)}", megabytes(name), "MB", "less than 4")
    if not packages:
        run.report.leave_out("size of the package", "there is none in target/packages: .ci/package makes it")


def megabytes(path):
    return os.path.getsize(path) / 1e6
