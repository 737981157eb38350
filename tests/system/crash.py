"""Power fails after every single write: what would be on disk, and is every acknowledged post there?

The daemon runs under strace while people write. Its operations on files are then done again, one by one, and after each
one the states that a crash may leave are looked at:

  killed     all that was written so far: the process died, the system did not
  no power   only what an fsync had made sure of
  torn       that, and any part of what was written since, in sectors of 512 bytes

In every tenth state the search, once all is indexed, must find every post that is there, and nothing else.

Negative controls prove that the simulation finds losses, in the database and in the index.

usage: crash.py FLASKR TITLES     (the daemon, and the example that opens a database)
"""

import collections
import http.client
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading

from daemon import Daemon, Tests, Visitor, until

SECTOR = 512
TORN_EVERY = 10  # operations: a torn state is as much work as all others together
SEARCH_EVERY = 10  # operations: as for those
WORD = "p"  # with which every key begins
CALLS = "openat,pwrite64,write,writev,sendto,recvfrom,fsync,fdatasync,ftruncate,rename,unlink,unlinkat,linkat"
STRACE = ["strace", "-f", "-qq", "--seccomp-bpf", "-y", "-xx", "-s", "4000000"]
SEED = 1
ROUNDS = 70  # posts of each person: enough for the log to be copied into the database, and begin anew

# ---- what strace saw ----

Call = collections.namedtuple("Call", "name arguments result")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
ENDED = re.compile(r"(.*)\) += (-?\d+|\?)")
UNFINISHED = " <unfinished ...>"
DESCRIPTOR = re.compile(r"^(-?\d+|AT_FDCWD)(?:<(.*?)>)?(?:, |$)")


def calls(path):
    """Each system call twice: when it begins (result None), and when it ends."""
    begun = {}
    with open(path, encoding="ascii", errors="replace") as lines:
        for line in lines:
            task, _, rest = line.rstrip("\n").partition(" ")
            rest = rest.lstrip()
            if resumed := re.match(r"<\.\.\. (\w+) resumed>(.*)$", rest):
                if task not in begun:
                    continue
                name, text = begun.pop(task)
                text += resumed[2]
            elif called := re.match(r"(\w+)\((.*)$", rest):
                name, text = called[1], called[2]
                ended = ENDED.match(text)
                yield Call(name, ended[1] if ended else text.removesuffix(UNFINISHED), None)
                if not ended:
                    begun[task] = name, text.removesuffix(UNFINISHED)
                    continue
            else:
                continue
            if ended := ENDED.match(text):
                yield Call(name, ended[1], -1 if ended[2] == "?" else int(ended[2]))


def decoded(text):
    return bytes.fromhex(text.replace("\\x", ""))


def strings(arguments):
    return [decoded(found[1]) for found in STRING.finditer(arguments)]


def target(arguments):
    """The file or socket behind the descriptor that comes first."""
    found = DESCRIPTOR.match(arguments)
    name = found[2] or ""
    return decoded(name).decode() if name.startswith("\\x") else name


# ---- what is on disk ----

class File:
    """Writes that no fsync has covered are in `pending`: each an offset and bytes, or a length and None."""

    def __init__(self):
        self.durable = bytearray()
        self.pending = []
        self.known = 0  # how many of those the fsync that is under way covers

    def do(self, data, operation):
        at, text = operation
        if text is None:
            del data[at:]
            data.extend(bytes(at - len(data)))
        else:
            data.extend(bytes(max(0, at + len(text) - len(data))))
            data[at:at + len(text)] = text

    def torn(self, chance):
        data = bytearray(self.durable)
        for at, text in self.pending:
            if text is None:
                if chance.random() < 0.5:
                    self.do(data, (at, None))
                continue
            for start in range(at, at + len(text), SECTOR):
                if chance.random() < 0.5:
                    self.do(data, (start, text[start - at:start - at + SECTOR]))
        return data


class Disk:
    """The files of one database: as the system shows them (in `live`), and as power loss would leave them."""

    def __init__(self, database, live, ignore=None):
        self.database, self.live, self.ignore = database, live, ignore
        self.names = {}  # as the system shows them
        self.durable_names = {}
        self.pending_names = []
        self.begun_logs = 0  # how often the log has begun anew, after all of it was copied into the database
        for name in self.ours():
            if os.path.exists(name):
                self.names[name] = self.durable_names[name] = file = File()
                file.durable = bytearray(pathlib.Path(name).read_bytes())
                self.write_live(name, file.durable)

    def ours(self):
        return [self.database, self.database + "-wal"]

    def write_live(self, name, data):
        pathlib.Path(self.live, os.path.basename(name)).write_bytes(data)

    def apply(self, call):
        """Does what a call did. Says what has changed: "live", "durable" or nothing."""
        name, arguments, result = call
        if name == "openat" and result is not None and result >= 0 and "O_CREAT" in arguments:
            return self.create(strings(arguments)[-1].decode())
        if name in ("unlink", "unlinkat") and result == 0:
            return self.remove(strings(arguments)[-1].decode())
        if name in ("fsync", "fdatasync"):
            return self.sync(target(arguments), result)
        path = target(arguments) if name in ("pwrite64", "ftruncate") else ""
        if result is None or result < 0 or path not in self.names:
            return None
        if name == "pwrite64":
            offset = int(arguments.rsplit(", ", 1)[1])
            return self.change(path, (offset, strings(arguments)[0][:result]))
        return self.change(path, (int(arguments.rsplit(", ", 1)[1]), None))

    def full(self, path):
        """SQLite opens by full path, or by one from the daemon's directory."""
        return path if os.path.isabs(path) else str(pathlib.Path(self.database).parent.parent / path)

    def create(self, path):
        path = self.full(path)
        if path not in self.ours() or path in self.names:
            return None
        self.names[path] = File()
        self.pending_names.append((path, self.names[path]))
        self.write_live(path, b"")
        return "live"

    def remove(self, path):
        path = self.full(path)
        if path not in self.names:
            return None
        del self.names[path]
        self.pending_names.append((path, None))
        os.unlink(pathlib.Path(self.live, os.path.basename(path)))
        return "live"

    def change(self, path, operation):
        self.names[path].pending.append(operation)
        self.begun_logs += path.endswith("-wal") and operation[0] == 0 and operation[1] is not None
        with open(pathlib.Path(self.live, os.path.basename(path)), "r+b") as live:
            if operation[1] is None:
                live.truncate(operation[0])
            else:
                os.pwrite(live.fileno(), operation[1], operation[0])
        return "live"

    def sync(self, path, result):
        if path == os.path.dirname(self.database):
            if result == 0:
                for name, file in self.pending_names:
                    self.durable_names.pop(name, None)
                    if file is not None:
                        self.durable_names[name] = file
                self.pending_names = []
            return "durable"
        file = self.names.get(path)
        if file is None or (self.ignore and path.endswith(self.ignore)):
            return None
        if result is None:
            file.known = len(file.pending)
            return None
        covered, file.pending = file.pending[:file.known], file.pending[file.known:]
        if result == 0:
            for operation in covered:
                file.do(file.durable, operation)
        # Else the system takes what it could not write for written: no later fsync will write it.
        return "durable"

    def states(self, chance):
        """The names and bytes after a loss of power; torn, if there is a chance."""
        names = dict(self.durable_names)
        if chance:
            for name, file in self.pending_names[:chance.randint(0, len(self.pending_names))]:
                names.pop(name, None)
                if file is not None:
                    names[name] = file
        return {name: file.torn(chance) if chance else file.durable for name, file in names.items()}


# ---- what was promised ----

GONE = 10**9  # the version of a post that is deleted


class Promises:
    """Each post has versions. What was asked for last may be there, what was acknowledged last must be."""

    def __init__(self):
        self.asked = {}
        self.acknowledged = {}
        self.requests = collections.defaultdict(bytes)
        self.acknowledgements = 0

    def hear(self, call):
        """Takes note of a request that comes in, or an answer that goes out. True of an acknowledgement."""
        if call.name == "recvfrom" and call.result and call.result > 0:
            connection = target(call.arguments)
            self.requests[connection] += strings(call.arguments)[0][:call.result]
            if wish := self.wish(connection):
                key, version = wish
                self.asked[key] = max(version, self.asked.get(key, 0))
        elif call.name in ("sendto", "writev", "write") and call.result is None:
            connection, sent = target(call.arguments), b"".join(strings(call.arguments))
            if sent.startswith(b"HTTP/1.1"):
                wish = self.wish(connection)
                self.requests.pop(connection, None)
                if wish and sent.startswith(b"HTTP/1.1 303"):
                    return self.keep(*wish)
            elif said := re.match(rb"(asked|acknowledged) (\w+)\n", sent):  # by a control, without HTTP
                key = said[2].decode()
                self.asked[key] = 0
                return said[1] == b"acknowledged" and self.keep(key, 0)
        return False

    def keep(self, key, version):
        self.acknowledged[key] = version
        self.acknowledgements += 1
        return True

    def wish(self, connection):
        """What the request on this connection asks for: its query names the post and its version."""
        found = re.match(rb"POST /\S+\?(\w+)\.(\w+) ", self.requests[connection])
        return found and (found[1].decode(), GONE if found[2] == b"gone" else int(found[2]))

    def broken(self, answer):
        """What is wrong with a state: nothing, or the reason."""
        if not answer.startswith("ok\t") and answer != "ok":
            return answer
        found = {}
        for title in filter(None, answer.split("\t")[1:]):
            key, _, version = title.partition(".")
            if key in found:
                return f"{key} is there twice"
            found[key] = int(version or 0)
        for key, version in self.acknowledged.items():
            if version == GONE and key in found:
                return f"{key} is back"
            if found.get(key, GONE if self.asked[key] == GONE else -1) < version:
                return f"{key}.{version} is lost, there is {found.get(key)}"
        unasked = [key for key in found if key not in self.asked]
        return f"nobody asked for {unasked}" if unasked else None


# ---- the simulation ----

class Simulation:
    def __init__(self, titles, database, ignore=None, search=True):
        self.search = search
        self.room = tempfile.mkdtemp(prefix="flaskr-crash.", dir="/dev/shm")
        for name in ("live", "durable"):
            os.mkdir(f"{self.room}/{name}")
        self.checker = subprocess.Popen([titles], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.disk = Disk(database, f"{self.room}/live", ignore)
        self.promises = Promises()
        self.counts = collections.Counter()
        self.faults = []
        self.chance = random.Random(SEED)

    def ask(self, state):
        database = f"{self.room}/{state}/{os.path.basename(self.disk.database)}"
        if os.path.exists(f"{database}-shm"):
            os.unlink(f"{database}-shm")  # it is memory, which a crash empties
        return self.say(database)

    def say(self, asked):
        self.checker.stdin.write(asked + "\n")
        return self.checker.stdout.readline().rstrip("\n")

    def look_for_posts(self, state):
        """Opens a copy as the next daemon would, and searches it. What it finds must be what is there."""
        if not self.search:
            return
        shutil.rmtree(f"{self.room}/copy", ignore_errors=True)
        shutil.copytree(f"{self.room}/{state}", f"{self.room}/copy", ignore=shutil.ignore_patterns("*-shm"))
        database = f"{self.room}/copy/{os.path.basename(self.disk.database)}"
        there, found = self.say(database), self.say(f"found {WORD} {database}")
        self.counts["searched"] += 1
        if sorted(there.split("\t")) != sorted(found.split("\t")):
            self.faults.append(f"{state}, at operation {self.counts['operations']}: there is {there}, found is {found}")

    def look(self, state, answer):
        self.counts[state] += 1
        if fault := self.promises.broken(answer):
            self.faults.append(f"{state}, at operation {self.counts['operations']}: {fault}")

    def lay_out(self, chance=None):
        shutil.rmtree(f"{self.room}/durable")
        os.mkdir(f"{self.room}/durable")
        for name, data in self.disk.states(chance).items():
            pathlib.Path(self.room, "durable", os.path.basename(name)).write_bytes(data)
        return self.ask("durable")

    def run(self, trace, until_loss):
        after_loss = self.lay_out()
        for call in calls(trace):
            if until_loss and any("lost" in fault for fault in self.faults):
                return
            if self.promises.hear(call):
                self.look("no power", after_loss)  # the same disk, and one more promise
            changed = self.disk.apply(call)
            if changed is None:
                continue
            self.counts["operations"] += 1
            self.look("killed", self.ask("live"))
            if self.counts["operations"] % SEARCH_EVERY == 0:
                self.look_for_posts("live")
            if changed == "durable":
                after_loss = self.lay_out()
                self.look("no power", after_loss)
            if self.counts["operations"] % TORN_EVERY == 0:
                self.look("torn", self.lay_out(self.chance))
                self.look_for_posts("durable")

    def finish(self):
        self.checker.stdin.close()
        self.checker.wait()
        shutil.rmtree(self.room)
        return self


def write_posts(daemon, people=3, rounds=ROUNDS, body=3000):
    """People write at once: posts, changes to them, and deletions, each with a wish that names it."""
    def person(number):
        visitor = Visitor(daemon).log_in(f"user{number}")
        for turn in range(rounds):
            key = f"p{number}t{turn}"
            def wish(path, version, title):
                # A deletion has no form: one would be read by nobody, and taken for the start of the next request.
                form = {} if version == "gone" else dict(title=title, body=f"{turn}" * body, nonce=key)
                for _ in range(2):
                    try:
                        return visitor.post(f"{path}?{key}.{version}", **form)[0]
                    except (OSError, http.client.HTTPException):
                        continue  # the answer is lost: the same form again
                return None
            if wish("/create", 0, f"{key}.0") != 303:
                return
            if turn % 4 == 1:
                index = visitor.get("/")[1]
                found = re.search(rf'href="/(\d+)"[^>]*>{key}\.\d</a></h2>', index)
                if found:
                    wish(f"/{found[1]}/update", 1, f"{key}.1")
                    if turn % 8 == 1:
                        wish(f"/{found[1]}/delete", "gone", "")
    threads = [threading.Thread(target=person, args=[number]) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def traced(program, place, trace, work, inject=(), signal="stop"):
    wrapper = [*STRACE, "-e", f"trace={CALLS}", *inject, "-o", trace]
    daemon = Daemon(program, place, wrapper).serving()
    try:
        work(daemon)
        getattr(daemon, signal)()
    finally:
        daemon.discard()
    return daemon


def simulate(titles, before, database, traces, ignore=None, search=True, until_loss=False):
    """Plays traces over the database as it was before them; a control that is to lose something ends when it has."""
    for name in (database, database + "-wal", database + "-shm"):
        pathlib.Path(name).unlink(missing_ok=True)
    shutil.copy(before, database)
    simulation = Simulation(titles, database, ignore, search)
    for trace in traces:
        simulation.run(trace, until_loss)
    return simulation.finish()


def control(synchronous, directory):
    """A plain writer, with either setting, that acknowledges what SQLite calls committed."""
    database = f"{directory}/{synchronous}.sqlite"
    script = f"""
import os, sqlite3
db = sqlite3.connect({database!r}, isolation_level=None)
db.execute("PRAGMA synchronous={synchronous}")
for number in range(100):
    os.write(1, f"asked plain{{number}}\\n".encode())
    db.execute("INSERT INTO post (title) VALUES (?)", [f"plain{{number}}"])
    os.write(1, f"acknowledged plain{{number}}\\n".encode())
"""
    made = "import sqlite3; db = sqlite3.connect({!r}); db.execute('PRAGMA journal_mode=WAL'); " \
           "db.execute('CREATE TABLE post (title)')"
    subprocess.run([sys.executable, "-c", made.format(database)], check=True)
    shutil.copy(database, f"{directory}/before")
    trace = f"{directory}/trace-{synchronous}"
    subprocess.run([*STRACE, "-e", f"trace={CALLS}", "-o", trace, sys.executable, "-c", script], check=True,
                   stdout=subprocess.DEVNULL)
    return f"{directory}/before", database, [trace]


def forgotten(titles, before):
    """Whether the search is seen to miss a post that the queue has lost."""
    simulation = Simulation(titles, before)
    with sqlite3.connect(f"{simulation.room}/live/before") as database:
        database.execute("INSERT INTO user (username, password) VALUES ('ada', 'x')")
        for title in ("p1.0", "p2.0"):
            database.execute("INSERT INTO post (author_id, title, body) VALUES (1, ?, '')", [title])
        database.execute("DELETE FROM search_queue WHERE post_id = 2")
    database.close()
    simulation.look_for_posts("live")
    return [fault for fault in simulation.finish().faults if fault.endswith("there is ok\tp1.0\tp2.0, found is ok\tp1.0")]


def main(program, titles):
    program, titles = os.path.abspath(program), os.path.abspath(titles)
    tests = Tests()

    def passes(promise, simulation, begun_logs=1, searched=100, changed=10):
        counts = ", ".join(f"{count} {name}" for name, count in sorted(simulation.counts.items()))
        more = sum(version > 0 for version in simulation.promises.acknowledged.values())
        print(f"# {counts}, {simulation.promises.acknowledgements} acknowledged, {more} changed or deleted, "
              f"{simulation.disk.begun_logs} times a new log", flush=True)
        enough = simulation.counts["operations"] > 100 and simulation.promises.acknowledgements > 50
        enough = enough and simulation.disk.begun_logs >= begun_logs and simulation.counts["searched"] >= searched
        enough = enough and more >= changed
        tests.check(promise, enough and not simulation.faults, "\n".join(simulation.faults[:10]))

    def loses(promise, simulation):
        lost = [fault for fault in simulation.faults if "lost" in fault]
        print(f"# {len(lost)} losses seen, such as: {''.join(lost[:1])}", flush=True)
        tests.check(promise, lost)

    with tempfile.TemporaryDirectory(prefix="flaskr-crash.", dir="/dev/shm") as directory:
        database, before = f"{directory}/place/instance/flaskr.sqlite", f"{directory}/before"
        assert Daemon(program, f"{directory}/place").serving().stop() == 0
        shutil.copy(database, before)

        trace = f"{directory}/trace"
        traced(program, f"{directory}/place", trace, write_posts)
        passes("nothing acknowledged is lost at any operation, and all that is there is found",
               simulate(titles, before, database, [trace]), begun_logs=2)
        loses("control: the same trace without the fsyncs of the log loses posts",
              simulate(titles, before, database, [trace], ignore="-wal", search=False, until_loss=True))

        tests.check("control: a post that is missing in the index is missed", forgotten(titles, before))

        # An fsync fails: the daemon ends by itself. The next one takes over, and the same forms are sent again.
        for name in pathlib.Path(directory, "place/instance").glob("flaskr.sqlite*"):
            name.unlink()
        shutil.copy(before, database)
        def until_it_ends(daemon):
            write_posts(daemon, people=1, rounds=30, body=100)
            until(lambda: daemon.process.poll() is not None)
        failing = ["-e", "inject=fsync,fdatasync:error=EIO:when=25"]
        first, second = f"{directory}/trace-failing", f"{directory}/trace-after"
        ended = traced(program, f"{directory}/place", first, until_it_ends, failing, signal="end")
        tests.check("a failed fsync ends the daemon, with exit code 1", ended.process.returncode == 1, ended.log())
        traced(program, f"{directory}/place", second, lambda daemon: write_posts(daemon, people=1, rounds=40, body=100),
               signal="kill")
        passes("nothing acknowledged is lost after a failed fsync either, and nothing doubled",
               simulate(titles, before, database, [first, second]), changed=5)

        passes("control: a plain writer with synchronous=FULL loses nothing",
               simulate(titles, *control("FULL", directory), search=False), searched=0, changed=0)
        loses("control: a plain writer with synchronous=NORMAL loses posts",
              simulate(titles, *control("NORMAL", directory), search=False, until_loss=True))
    tests.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
