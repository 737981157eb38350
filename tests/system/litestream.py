"""Litestream beside the daemon, with the set-up of docs/examples/litestream.yml.

People write; the daemon and Litestream are killed in the middle; what is restored has all that was acknowledged before
Litestream was last seen to have everything.

usage: litestream.py FLASKR TITLES LITESTREAM
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

from backup import Site, WRITERS, Writer, p99
from daemon import Tests, until

SYNC_SECONDS = 3  # Litestream's interval is 1; three times that on a busy machine
LOAD_SECONDS = 15
ROUNDS = 2
EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "examples" / "litestream.yml"


class Litestream:
    def __init__(self, program, site):
        text = EXAMPLE.read_text()
        self.replica = site.place / "replica"
        for path, mine in (("/var/lib/flaskr/flaskr.sqlite", site.database), ("/mnt/backup/flaskr", self.replica)):
            assert f"path: {path}" in text, path
            text = text.replace(path, str(mine))
        self.program, self.config, self.log = program, site.place / "litestream.yml", site.place / "litestream.log"
        self.config.write_text(text)
        self.start()

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.program, "replicate", "-config", self.config], stdout=log, stderr=log)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def restore(self, database, target):
        target.unlink(missing_ok=True)
        command = [self.program, "restore", "-config", self.config, "-o", target, database]
        return subprocess.run(command, capture_output=True, text=True)


def round_(site, stream, tests, number):
    writers = [Writer(site.daemon, site.visitor.cookie, f"l{number}w{index}") for index in range(WRITERS)]
    began = time.monotonic()
    for writer in writers:
        writer.start()
    time.sleep(LOAD_SECONDS)
    synced = {title for writer in writers for title in list(writer.acknowledged)}
    for writer in writers:
        writer.ended = True
    for writer in writers:
        writer.join()
    time.sleep(SYNC_SECONDS)
    # What is stored from now on may be lost.
    tail = [Writer(site.daemon, site.visitor.cookie, f"l{number}tail")]
    tail[0].start()
    time.sleep(0.5)
    synced |= {title for writer in writers for title in writer.acknowledged}
    stream.kill()
    tail[0].ended = True
    tail[0].join()
    site.daemon.kill()
    took = [time_ for writer in writers for time_ in writer.times]
    ninety_nine, slowest = p99(took, [(began, time.monotonic())])
    print(f"# round {number}: {len(synced)} posts, p99 {ninety_nine:.0f} ms, slowest {slowest:.0f} ms; "
          f"the log has {os.path.getsize(f'{site.database}-wal') / 2**20:.0f} MiB")
    answer = stream.restore(site.database, site.place / "restored.sqlite")
    tests.check("Litestream restores", answer.returncode == 0, answer.stderr)
    state, titles = site.found(site.place / "restored.sqlite")
    tests.check(f"what it restores is whole, with all that was acknowledged {SYNC_SECONDS} s before", state == "ok" and synced <= titles,
                f"{state}, {len(synced - titles)} of {len(synced)} lost")
    tests.check("flaskr-admin takes it for a backup", site.admin("verify", site.place / "restored.sqlite").returncode == 0)
    tests.check("the database itself is whole, with all that was acknowledged", site.found(site.database)[0] == "ok"
                and synced | set(tail[0].acknowledged) <= site.found(site.database)[1])
    faults = [fault for writer in writers for fault in writer.failed]
    tests.check("no write failed, or took 3 s", not faults and slowest < 3000, faults[:3])
    tests.check("the daemon has nothing to say of it", not site.daemon.lines("ERROR"), site.daemon.lines("ERROR")[:3])


def main(program, titles, litestream):
    from daemon import Daemon

    tests = Tests()
    with tempfile.TemporaryDirectory(prefix="flaskr-litestream.") as directory:
        site = Site(os.path.abspath(program), os.path.abspath(titles), f"{directory}/place")
        stream = Litestream(os.path.abspath(litestream), site)
        try:
            until(lambda: stream.replica.exists())
            for number in range(ROUNDS):
                if number:  # both are started again, on what the kill has left
                    site.daemon = Daemon(site.program, site.place).serving()
                    stream.start()
                round_(site, stream, tests, number)
        finally:
            stream.process.kill()
            site.daemon.discard()
            if tests.failed:
                print(stream.log.read_text()[-3000:])
    tests.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
