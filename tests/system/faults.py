"""What breaks around the daemon, what the visitor and the journal see of it, and whether it passes.

usage: faults.py FLASKR     (as root: file systems of its own are mounted)
"""

import contextlib
import http.client
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from daemon import PATIENCE, Daemon, Tests, Visitor, posts, shown, until

MEBIBYTE = 1024 * 1024

# The exit code of a daemon that somebody has to help first; systemd does not try it again.
LASTING = 78
tests = Tests()
SEEN = "WARN|ERROR|INFO can |INFO the database"


def report(daemon, answer=None):
    """Shows what both sides saw."""
    if answer:
        print(f"#   visitor: {answer[0]} {shown(answer[1])}")
    for line in dict.fromkeys(line for line in daemon.log().splitlines() if re.search(SEEN, line)):
        print(f"#   journal: {line.strip()}")
    sys.stdout.flush()


def has(visitor, *titles):
    status, page = visitor.get("/")
    return status == 200 and set(titles) <= set(posts(page))


def run(command):
    subprocess.run(command, shell=True, check=True)


class Site:
    """A place with one database, on a file system of its own if there is a `mount` for it."""

    def __init__(self, program, directory, mount=None):
        self.program, self.place, self.daemons = program, pathlib.Path(directory), []
        self.instance = self.place / "instance"
        self.database = self.instance / "flaskr.sqlite"
        self.log = self.instance / "flaskr.sqlite-wal"
        if mount:
            self.instance.mkdir()
            run(mount.format(image=self.place / "image", instance=self.instance))

    def start(self, **options):
        # As the service does it: nothing is made that is missing.
        if self.database.parent.exists() and list(self.instance.glob("*key")):
            (self.place / "config.toml").write_text('listen = "127.0.0.1:0"')
            options = {"arguments": ("--config", "config.toml")} | options
        self.daemons.append(Daemon(self.program, self.place, **options))
        return self.daemons[-1]

    def begin(self, **options):
        """A daemon, and a visitor who is logged in and has written a post; it is indexed, so that nothing is under way."""
        daemon = self.start(**options).serving()
        visitor = Visitor(daemon).log_in()
        assert visitor.create("before")[0] == 303
        until(lambda: visitor.found("before"))
        return daemon, visitor

    def again(self, visitor, **options):
        """The next daemon, and the same visitor."""
        daemon = self.start(**options).serving()
        return daemon, Visitor(daemon, visitor.cookie)


@contextlib.contextmanager
def site(program, mount=None):
    with tempfile.TemporaryDirectory(prefix="flaskr-fault.") as directory:
        made = Site(program, directory, mount)
        try:
            yield made
        finally:
            for daemon in made.daemons:
                daemon.discard()
            if mount:
                subprocess.run(["umount", made.instance], check=True)


EXT4 = "truncate -s 16M {image} && mkfs.ext4 -q {image} && mount -o loop {image} {instance}"
TMPFS = "mount -t tmpfs -o size=8m none {instance}"


@contextlib.contextmanager
def failing(daemon, calls, error, path=None):
    """These system calls of the daemon fail meanwhile, those on one file if there is a path."""
    command = ["strace", "-f", "-p", str(daemon.pid()), "-e", f"trace={calls}", "-e", f"inject={calls}:error={error}"]
    command += ["-P", str(path)] if path else []
    with tempfile.NamedTemporaryFile() as said:
        strace = subprocess.Popen([*command, "-o", "/dev/null"], stderr=said)
        threads = len(os.listdir(f"/proc/{daemon.pid()}/task"))
        until(lambda: len(re.findall(rb"attached", pathlib.Path(said.name).read_bytes())) >= threads or
              b"attached with" in pathlib.Path(said.name).read_bytes())
        try:
            yield
        finally:
            strace.terminate()
            strace.wait(PATIENCE)


# ---- the disk takes nothing ----

def fill(path):
    with open(path, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def full_disk(program):
    with site(program, TMPFS) as place:
        daemon, visitor = place.begin()
        filler = place.instance / "filler"
        fill(filler)
        answer = visitor.create("refused", "x" * 100_000)
        report(daemon, answer)
        tests.check("full disk: a post is refused with 503, and told to try again",
                    answer[0] == 503 and visitor.retry_after and "Nothing that you sent was stored" in answer[1], answer)
        tests.check("what is there shows", has(visitor, "before") and not has(visitor, "refused"))
        tests.check("the journal says it once", len(daemon.lines("ERROR cannot write")) == 1, daemon.log())
        visitor.create("refused too", "x" * 100_000)
        tests.check("and not again", len(daemon.lines("ERROR cannot write")) == 1, daemon.log())
        filler.unlink()
        tests.check("with space again, the same form is stored, without a restart",
                    visitor.create("refused", "x" * 100_000)[0] == 303 and has(visitor, "before", "refused"))
        tests.check("which the journal says", daemon.lines("can write to the database"), daemon.log())
        daemon.kill()
        _, visitor = place.again(visitor)
        tests.check("and nothing acknowledged is lost", has(visitor, "before", "refused"))


def full_disk_at_start(program):
    for how in ("stop", "kill"):
        with site(program, TMPFS) as place:
            daemon, visitor = place.begin()
            getattr(daemon, how)()
            filler = place.instance / "filler"
            fill(filler)
            daemon, visitor = place.again(visitor)
            answer = visitor.create("refused", "x" * 100_000)
            report(daemon, answer)
            tests.check(f"started on a full disk after {how}: what is there shows", has(visitor, "before"))
            tests.check("a post is refused with 503", answer[0] == 503, answer)
            filler.unlink()
            until(lambda: visitor.create("refused", "x" * 100_000)[0] == 303)
            tests.check("with space again, it is stored, without a restart", has(visitor, "before", "refused"))
            tests.check("and ends well", daemon.stop() == 0 and not place.log.exists())


def read_only_at_run(program):
    with site(program, EXT4) as place:
        daemon, visitor = place.begin()
        # What the kernel does by itself when a disk fails. It refuses to at the wish of a person, as long as files are
        # open for writing.
        run(f"mount -o remount,abort {place.instance} 2>/dev/null")
        answer = visitor.create("refused")
        report(daemon, answer)
        tests.check("file system made read-only: a post is refused with 503", answer[0] == 503, answer)
        tests.check("what is there shows", has(visitor, "before"))
        tests.check("the daemon stays", daemon.process.poll() is None)
        daemon.kill()
        run(f"umount {place.instance} && mount -o loop {place.place}/image {place.instance}")
        _, visitor = place.again(visitor)
        tests.check("and after a repair nothing acknowledged is lost", has(visitor, "before"))
        tests.check("and posts are stored", visitor.create("after")[0] == 303)


def read_only_at_start(program):
    for how in ("stop", "kill"):
        with site(program, EXT4) as place:
            daemon, visitor = place.begin()
            getattr(daemon, how)()
            run(f"mount -o remount,ro {place.instance}")
            daemon, visitor = place.again(visitor)
            answer = visitor.create("refused")
            report(daemon, answer)
            tests.check(f"started on a read-only file system after {how}: what is there shows, and who is logged in",
                        has(visitor, "before") and "Log Out" in visitor.get("/")[1])
            tests.check("a post is refused with 503", answer[0] == 503, answer)
            run(f"mount -o remount,rw {place.instance}")
            if how == "stop":
                until(lambda: daemon.lines("can write to the database"))
                promise = "made writable, it stores posts, without a restart"
            else:
                tests.check("made writable, it ends with exit code 1, at which systemd starts it anew", daemon.end() == 1)
                report(daemon)
                daemon, visitor = place.again(visitor)
                promise = "and stores posts"
            tests.check(promise, visitor.create("refused")[0] == 303 and has(visitor, "before", "refused"))
            tests.check("and ends well", daemon.stop() == 0 and not place.log.exists())


def read_only_with_half_a_log(program):
    with site(program, EXT4) as place:
        daemon, visitor = place.begin()
        daemon.kill()
        (place.instance / "flaskr.sqlite-shm").unlink()
        run(f"mount -o remount,ro {place.instance}")
        daemon = place.start()
        code = daemon.end()
        report(daemon)
        tests.check("a log that cannot be read there: it refuses to start, and says what to do",
                    code == LASTING and daemon.lines("let it be written once"), daemon.log())
        run(f"mount -o remount,rw {place.instance}")
        _, visitor = place.again(visitor)
        tests.check("written once, nothing is lost", has(visitor, "before"))


def input_output_errors(program):
    with site(program) as place:
        daemon, visitor = place.begin()
        with failing(daemon, "pwrite64", "EIO"):
            answer = visitor.create("refused")
            tests.check("EIO of a write: 503", answer[0] == 503 and "Nothing that you sent" in answer[1], answer)
            tests.check("what is there shows", has(visitor, "before"))
        report(daemon, answer)
        tests.check("afterwards it is stored, without a restart", visitor.create("refused")[0] == 303)
        visitor.create("big", "x" * 900_000)
        with failing(daemon, "pread64", "EIO"):
            answer = visitor.get("/")
            tests.check("EIO of a read: 503", answer[0] == 503, answer)
        report(daemon, answer)
        tests.check("afterwards it shows, without a restart", has(visitor, "before", "refused", "big"))
        tests.check("and posts are stored", until(lambda: visitor.create("after")[0] == 303))


def failed_fsync(program):
    with site(program) as place:
        daemon, visitor = place.begin()
        # Only the first: one that is tried again would be well, and prove nothing.
        with failing(daemon, "fsync,fdatasync", "EIO:when=1"):
            answer = visitor.create("unknown")
            code = daemon.end()
        report(daemon, answer)
        tests.check("a failed fsync: 503, which says that nobody knows", answer[0] == 503 and "not certain" in answer[1],
                    answer)
        tests.check("the daemon ends with exit code 1, at which systemd starts it anew", code == 1)
        tests.check("and leaves the log as it is", place.log.stat().st_size > 0)
        _, visitor = place.again(visitor)
        tests.check("the same form sent again is there once, and nothing acknowledged is lost",
                    visitor.create("unknown")[0] == 303 and has(visitor, "before") and
                    posts(visitor.get("/")[1]).count("unknown") == 1)


def failed_fsync_of_index(program):
    with site(program) as place:
        daemon, visitor = place.begin()
        with failing(daemon, "fsync,fdatasync", "EIO:when=1"):
            insert(place.database, "elsewhere", "")
            code = daemon.end()
        report(daemon)
        tests.check("an fsync fails while posts are indexed: the daemon ends with exit code 1", code == 1)
        _, visitor = place.again(visitor)
        tests.check("nothing is lost, and all is found",
                    has(visitor, "before", "elsewhere") and until(lambda: visitor.found("elsewhere") == ["elsewhere"]) and
                    visitor.found("before") == ["before"])


def failed_fsync_of_checkpoint(program):
    with site(program) as place:
        daemon, visitor = place.begin()
        with failing(daemon, "fsync,fdatasync", "EIO:when=1", place.database):
            for number in range(6):  # the log becomes long enough to be copied into the database
                with contextlib.suppress(OSError, http.client.HTTPException):
                    visitor.create(f"long {number}", "x" * 900_000)
            code = daemon.end()
        report(daemon)
        tests.check("a failed fsync of the database, after the answers: the daemon ends with exit code 1", code == 1)
        _, visitor = place.again(visitor)
        tests.check("and nothing acknowledged is lost", has(visitor, "before", *(f"long {number}" for number in range(5))))


def failed_checkpoint(program):
    with site(program) as place:
        daemon, visitor = place.begin()
        with failing(daemon, "pwrite64", "ENOSPC", place.database):
            answers = [visitor.create(f"long {number}", "x" * 900_000)[0] for number in range(10)]
            tests.check("the log cannot be copied into the database: posts are stored", set(answers) == {303}, answers)
        visitor.create("short")
        until(lambda: daemon.lines("into the database again"))
        report(daemon)
        tests.check("the journal says it once, and once that it is over", len(daemon.lines("ERROR cannot copy")) == 1 and
                    len(daemon.lines("into the database again")) == 1, daemon.log())


# ---- the index of the search cannot be written ----

def insert(database, title, body):
    """A post by another process, such as the tutorial's Flaskr."""
    with sqlite3.connect(database) as other:
        other.execute("INSERT INTO post (author_id, title, body) VALUES (1, ?, ?)", (title, body))
    other.close()


def words(count):
    return " ".join(f"word{number}" for number in range(count))


def index_fails(place, daemon, visitor, how, title):
    """What is true as long as it fails."""
    until(lambda: daemon.lines("ERROR"))
    busy, begun = daemon.busy_seconds(), time.monotonic()
    time.sleep(8)
    busy, passed = daemon.busy_seconds() - busy, time.monotonic() - begun
    report(daemon)
    print(f"#   {busy:.2f} s on a core in {passed:.0f} s; log of {place.log.stat().st_size} bytes")
    tests.check(f"{how} while posts are indexed: the daemon does not spin", busy < 0.5, busy)
    tests.check("pages show, also the post, and the search finds what it found",
                has(visitor, "before", title) and visitor.found("before") == ["before"])
    tests.check("what is not indexed is not found", title not in visitor.found(title))
    tests.check("the journal says it once", len(daemon.lines("ERROR")) == 1 and not daemon.lines("WARN"), daemon.log())


def index_writes_fail(program):
    for error in ("ENOSPC", "EIO"):
        with site(program) as place:
            daemon, visitor = place.begin()
            with failing(daemon, "pwrite64", error):
                insert(place.database, "elsewhere", words(2000))
                index_fails(place, daemon, visitor, f"{error} of a write", "elsewhere")
            tests.check("afterwards it is found, without a restart", until(lambda: visitor.found("word1999") == ["elsewhere"]))
            tests.check("which the journal says once", len(daemon.lines("can write to the database")) == 1, daemon.log())
            tests.check("posts are stored, and found",
                        visitor.create("after")[0] == 303 and until(lambda: visitor.found("after") == ["after"]))


def full_disk_while_indexing(program):
    with site(program, TMPFS) as place:
        daemon, visitor = place.begin()
        # Room for the post, and none for what the index makes of it.
        filler = place.instance / "filler"
        fill(filler)
        for _ in range(200):
            if visitor.create("large", words(5_000))[0] == 303:
                break
            os.truncate(filler, filler.stat().st_size - 4096)
        free = os.statvfs(place.instance)
        print(f"#   stored, with {free.f_bavail * free.f_bsize} bytes left for the index")
        already = len(daemon.lines("ERROR")) + len(daemon.lines("INFO can"))
        until(lambda: len(daemon.lines("ERROR cannot write")) == 2)
        busy = daemon.busy_seconds()
        time.sleep(8)
        report(daemon)
        tests.check("full disk while a post is indexed: the daemon does not spin", daemon.busy_seconds() - busy < 1)
        tests.check("the journal has few lines of it", len(daemon.lines("ERROR")) + len(daemon.lines("INFO can")) - already <= 2,
                    daemon.log())
        tests.check("what is there shows, and is found", has(visitor, "before", "large") and
                    visitor.found("before") == ["before"])
        daemon.kill()
        daemon, visitor = place.again(visitor)
        tests.check("killed meanwhile, and started again: what is there shows", has(visitor, "before", "large"))
        filler.unlink()
        tests.check("with space again, it is found, without a restart", until(lambda: visitor.found("word4999") == ["large"]))
        tests.check("and posts are stored", visitor.create("after")[0] == 303 and has(visitor, "before", "large", "after"))


# ---- what is on the disk is not ours any more ----

def damaged(program):
    with site(program) as place:
        daemon, visitor = place.begin()
        for number in range(40):
            visitor.create(f"post {number}", "x" * 3000)
        daemon.stop()
        shutil.copy(place.database, place.place / "backup")
        with sqlite3.connect(place.place / "backup") as copy:
            root = copy.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'post'").fetchone()[0]
        copy.close()
        with open(place.database, "r+b") as file:
            file.seek((root - 1) * 4096)
            file.write(b"\xff" * 4096)
        daemon, visitor = place.again(visitor)
        answer = visitor.create("refused")
        report(daemon, answer)
        tests.check("a damaged page: a post is refused with 503", answer[0] == 503 and "damaged" in answer[1], answer)
        tests.check("pages that need it are 503, others show",
                    visitor.get("/")[0] == 503 and visitor.get("/create")[0] == 200 and visitor.get("/hello")[0] == 200)
        tests.check("nothing is written any more, not even elsewhere",
                    visitor.post("/auth/register", username="eve", password="kettle on monday")[0] == 503)
        tests.check("the journal says once what to do", len(daemon.lines("put a backup in its place")) == 1, daemon.log())
        daemon.stop()
        shutil.copy(place.place / "backup", place.database)
        _, visitor = place.again(visitor)
        tests.check("with the backup in its place all is well", has(visitor, "before", "post 39"))


def damaged_header(program):
    with site(program) as place:
        daemon, visitor = place.begin()
        daemon.stop()
        with open(place.database, "r+b") as file:
            file.write(b"x" * 100)
        daemon = place.start()
        code = daemon.end()
        report(daemon)
        tests.check("a damaged header: it refuses to start, and says why",
                    code == LASTING and daemon.lines("is not an SQLite database: nothing was changed"), daemon.log())


def damaged_log(program):
    with site(program) as place:
        daemon, visitor = place.begin()
        for number in range(20):
            visitor.create(f"post {number}")
        daemon.kill()
        with open(place.log, "r+b") as file:
            file.seek(place.log.stat().st_size // 2)
            file.write(b"\xff" * 100)
        damaged_log = place.log.read_bytes()
        daemon, visitor = place.again(visitor)
        report(daemon)
        tests.check("a damaged log: what is before the damage is taken over, and the database is whole",
                    has(visitor, "before", "post 1") and visitor.create("after")[0] == 303)
        tests.check("the journal says that there was more, and where it is", daemon.lines("flaskr.sqlite-wal was damaged"))
        kept = place.instance / "flaskr.sqlite-wal.damaged"
        tests.check("and there it is", kept.read_bytes() == damaged_log and kept.stat().st_mode & 0o777 == 0o600)
        daemon.kill()
        with open(place.log, "r+b") as file:
            file.truncate(place.log.stat().st_size - 100)
        daemon, visitor = place.again(visitor)
        tests.check("a log that ends in the middle of a write is in order",
                    has(visitor, "before") and not daemon.lines("ERROR"), daemon.log())


def deleted(program):
    for suffix in ("", "-wal", "-shm"):
        with site(program) as place:
            daemon, visitor = place.begin()
            (place.instance / f"flaskr.sqlite{suffix}").unlink()
            try:
                answer = visitor.create("unknown")
            except (OSError, http.client.HTTPException):
                answer = 503, "no answer: it has noticed before"
            begun = time.monotonic()
            code = daemon.end()
            report(daemon, answer)
            tests.check("it ends at once", time.monotonic() - begun < 5)
            tests.check(f"flaskr.sqlite{suffix} is deleted: nothing is acknowledged any more, the daemon ends",
                        answer[0] == 503 and code == 1, answer)
            if suffix == "":
                daemon = place.start()
                code = daemon.end()
                report(daemon)
                tests.check("no empty database takes its place", code == LASTING and daemon.lines("there is no database at"))
                copies = list(place.instance.glob("*.backup-*"))
                tests.check("what it held was kept", len(copies) == 1, os.listdir(place.instance))
                copies[0].rename(place.database)
            _, visitor = place.again(visitor)
            tests.check("and nothing acknowledged is lost", has(visitor, "before"))
            tests.check("and the same form is there once", visitor.create("unknown")[0] == 303 and
                        posts(visitor.get("/")[1]).count("unknown") == 1)


def replaced(program):
    with site(program) as place:
        daemon, visitor = place.begin()
        daemon.stop()
        shutil.copy(place.database, place.place / "backup")
        daemon, visitor = place.again(visitor)
        visitor.create("later")
        os.rename(place.place / "backup", place.database)
        code = daemon.end()  # nobody has to come by
        report(daemon)
        tests.check("the database is replaced: the daemon notices by itself, and ends", code == 1)
        tests.check("its log is not left for the other file", place.log.stat().st_size == 0)
        daemon, visitor = place.again(visitor)
        tests.check("the next one serves the new file", has(visitor, "before") and not has(visitor, "later"))
        kept = list(place.instance.glob("*.backup-*"))
        with sqlite3.connect(kept[0]) as copy:
            tests.check("what the old one held was kept", len(kept) == 1 and
                        copy.execute("SELECT count(*) FROM post WHERE title = 'later'").fetchone()[0] == 1)
        copy.close()


# ---- others use the database ----

def lock_of_another(program):
    with site(program) as place:
        daemon, visitor = place.begin()
        other = sqlite3.connect(place.database, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        answer = visitor.create("later")
        waited = time.monotonic() - begun
        report(daemon, answer)
        tests.check("another process holds the database: a post is refused with 503, after a wait",
                    answer[0] == 503 and visitor.retry_after and 4 < waited < 10, (answer, waited))
        tests.check("what is there shows", has(visitor, "before"))
        other.execute("ROLLBACK")
        other.close()
        tests.check("when it lets go, the same form is stored", visitor.create("later")[0] == 303)
        daemon.stop()
        other = sqlite3.connect(place.database, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        daemon = place.start()
        tests.check("at the start: it waits, and says for what",
                    until(lambda: daemon.lines("another process holds the database")), daemon.log())
        report(daemon)
        other.close()
        tests.check("when it lets go, it is served", until(lambda: daemon.lines("serving ")), daemon.log())
        daemon.stop()


def long_reader(program):
    with site(program) as place:
        daemon, visitor = place.begin()
        reader = sqlite3.connect(place.database, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM post").fetchone()
        for number in range(75):
            assert visitor.create(f"long {number}", "x" * 1_000_000)[0] == 303
        grown = place.log.stat().st_size
        report(daemon)
        tests.check("another process reads on and on: posts are stored", grown > 64 * MEBIBYTE, grown)
        tests.check("the journal says once that the log grows", len(daemon.lines("WARN")) == 1, daemon.log())
        reader.close()
        for number in range(3):
            visitor.create(f"short {number}", "x" * 1_000_000)
        tests.check("when that ends the log gives its space back, without a restart",
                    place.log.stat().st_size <= 20 * MEBIBYTE, place.log.stat().st_size)


# ---- the system ----

def no_file_descriptors(program):
    with site(program) as place:
        daemon, visitor = place.begin(wrapper=["prlimit", "--nofile=40"])
        others = [socket.create_connection(("127.0.0.1", daemon.port)) for _ in range(60)]
        until(lambda: daemon.lines("cannot accept"))
        time.sleep(2)
        tests.check("no file descriptors: a connection that is open is served, and posts are stored",
                    visitor.create("during")[0] == 303 and has(visitor, "before", "during"))
        report(daemon)
        tests.check("the journal says it, and is not flooded", len(daemon.lines("cannot accept")) == 1, daemon.log())
        for other in others:
            other.close()
        tests.check("with descriptors again, new ones are accepted", has(Visitor(daemon), "before", "during"))


def clock_jumps(program):
    with site(program) as place:
        now = place.place / "now"
        def it_is(time):
            now.write_text(time)
        it_is("2026-05-01 12:00:00")
        library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        daemon, visitor = place.begin(environment={
            "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(now), "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        })
        # Linux lets nobody set a clock before 1970 or after 2232.
        for count, time_ in enumerate(("2026-04-01 12:00:00", "2016-01-01 00:00:00", "1970-01-01 00:00:01")):
            it_is(time_)
            tests.check(f"the clock jumps back to {time_}: people stay logged in, and post",
                        visitor.create(f"back {count}")[0] == 303 and has(visitor, "before", f"back {count}"))
        it_is("2200-01-01 00:00:00")
        tests.check("on to 2200: a session is over, pages show", has(visitor, "before") and
                    visitor.create("over")[0] == 403 and not has(visitor, "over"))
        visitor.log_in()
        tests.check("who logs in again can post", visitor.create("2200")[0] == 303 and has(visitor, "2200"))
        it_is("2026-05-01 12:00:01")
        tests.check("and back: all is well", visitor.create("now")[0] == 303 and has(visitor, "now", "2200"))
        report(daemon)
        tests.check("nothing is wrong in the journal", not daemon.lines("ERROR") and not daemon.lines("WARN"))


FAULTS = (
    full_disk, full_disk_at_start, read_only_at_run, read_only_at_start, read_only_with_half_a_log,
    input_output_errors, failed_fsync, failed_fsync_of_checkpoint, failed_checkpoint,
    index_writes_fail, failed_fsync_of_index, full_disk_while_indexing,
    damaged, damaged_header, damaged_log, deleted, replaced,
    lock_of_another, long_reader, no_file_descriptors, clock_jumps,
)


def main(program, *names):
    for fault in FAULTS:
        if names and fault.__name__ not in names:
            continue
        print(f"# {fault.__name__.replace('_', ' ')}", flush=True)
        try:
            fault(os.path.abspath(program))
        except Exception as error:  # one fault that cannot be made keeps none of the others from being made
            tests.check(fault.__name__, False, repr(error))
    tests.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
