"""Three daemons on one PostgreSQL with a standby, behind HAProxy: that they are one site, and what it costs when a machine is lost.

usage: nodes.py FLASKR     (run by tests/system/nodes)
"""

import os
import re
import sys
import tempfile
import threading
import time

from cluster import Server, seconds_until
from daemon import Visitor, posts, until
from nodes_town import Crowd, Person, Town, comment, tests
from pages_site import one_time_code
from watchers import Writer, come, leave, lost_and_doubled, seen

CHECKS = 10_000  # of whether a person sees what they have just written
CLIENTS = 16  # that do so at a time
OTHERS_SECONDS_MAX = 0.25  # until what another program commits shows
FAILOVER_SECONDS_MAX = 10  # from a promotion to a form that is stored
AWAY_SECONDS = 5  # that it takes at least until somebody promotes the standby
STARTS = 8  # of one node, while the others write
PASSWORD = "kettle on monday"


# ---- one site ----

def sessions(town):
    first = Visitor(town.nodes[0]).log_in("ada")
    known = [("Log Out" in Visitor(place, first.cookie).get("/")[1]) for place in town.everywhere()]
    tests.check("a login at one node holds at the others", all(known), known)
    outs = []
    for round_ in range(9):
        visitor = Visitor(town.nodes[round_ % 3]).log_in("ada")
        cookie = visitor.cookie
        assert all("Log Out" in Visitor(place, cookie).get("/")[1] for place in town.everywhere())
        visitor.post("/auth/logout")
        outs += ["Log Out" in Visitor(place, cookie).get("/")[1] for place in town.everywhere()]
    tests.check(f"a logout at one ends it at all at once: {len(outs)} looks", not any(outs), outs)


def second_factor(town):
    visitor = Visitor(town.nodes[0]).log_in("eve")
    page = visitor.get("/account/second-factor")[1]
    key, signed = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1], re.search(r'name="secret" value="(.*?)"', page)[1]
    status, page = visitor.post("/account/second-factor", secret=signed, code=one_time_code(key), password=PASSWORD)
    codes = re.findall(r"<li><code>(.*?)</code>", page[page.index('class="codes"'):])
    visitor = Visitor(town.nodes[1])
    page = visitor.post("/auth/login", username="eve", password=PASSWORD)[1]
    login = re.search(r'name="login" value="(.*?)"', page)[1]
    other = Visitor(town.nodes[2])
    status, _ = other.post("/auth/code", login=login, code=codes[0])
    tests.check("a password at one node and its second factor at another are a login", status == 303 and "Log Out" in Visitor(town.nodes[0], other.cookie).get("/")[1], status)
    again = Visitor(town.nodes[0]).post("/auth/code", login=login, code=codes[0])[0]
    tests.check("and the same code opens nothing at a third", again != 303, again)


def one_form(town):
    """A form whose button was pressed twice, of which two nodes have one each."""
    cookie = Visitor(town.nodes[0]).log_in("ada").cookie
    titles, statuses = [f"twice {number}" for number in range(30)], []
    def send(title, node, barrier):
        visitor = Visitor(node, cookie)
        visitor.get("/hello")
        barrier.wait()
        statuses.append(visitor.create(title)[0])
    for number, title in enumerate(titles):
        barrier = threading.Barrier(2)
        threads = [threading.Thread(target=send, args=(title, town.nodes[(number + turn) % 3], barrier)) for turn in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    lost, doubled = lost_and_doubled(town.primary, "post", "title", titles)
    tests.check(f"{len(titles)} forms sent to two nodes at once are {len(titles)} posts", not lost and not doubled and set(statuses) == {303}, (lost, doubled, statuses))


def failed_logins(town):
    for name in ("mallory", "trent"):
        Visitor(town.nodes[0]).post("/auth/register", username=name, password=PASSWORD)
    def allowed(name, nodes):
        for count in range(50):
            if Visitor(nodes[count % len(nodes)]).post("/auth/login", username=name, password="wrong")[0] == 429:
                return count
        return 50
    one, all_ = allowed("mallory", town.nodes[:1]), allowed("trent", town.nodes)
    tests.check(f"failed logins spread over three nodes are refused after {all_}, as those at one after {one}", one == all_, (one, all_))


def other_programs(town):
    Visitor(town.nodes[0]).log_in("ada").create("by us")
    slowest = 0
    for number in range(20):
        for node in town.nodes:
            Visitor(node).get("/1")
        town.primary.sql(f"UPDATE post SET title = 'by psql {number}' WHERE id = 1")
        # psql may have written before it said so; what is counted from then is an underestimate of some milliseconds.
        for node in town.nodes:
            slowest = max(slowest, seconds_until(lambda: f"by psql {number}" in Visitor(node).get("/1")[1], 0.005))
    tests.check(f"what psql commits shows on every node within {slowest * 1000:.0f} ms", slowest < OTHERS_SECONDS_MAX, slowest)


# ---- read your writes ----

def read_your_writes(town, checks=CHECKS):
    people = [Person(town, number, -(-checks // CLIENTS // 4)) for number in range(CLIENTS)]
    begun = time.monotonic()
    for person in people:
        person.start()
    for person in people:
        person.join()
    count, failures = sum(person.checks for person in people), [failure for person in people for failure in person.failures]
    print(f"#   {count / 4 / (time.monotonic() - begun):.0f} writes a second, each looked at four times")
    tests.check(f"who writes sees it at once, whichever node answers: {count} looks, {len(failures)} failures", count >= checks and not failures, failures[:5])


def replica(town):
    """A standby that is behind, and one that is away."""
    reads = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'flaskr' AND application_name = 'flaskr'"
    tests.check("a node with a replica reads there", int(town.standby.sql(reads)[0]) > 0)
    visitor, reader = Visitor(town.nodes[0]).log_in("ada"), Visitor(town.nodes[2])
    def behind(times, title):
        failures = []
        for number in range(times):
            status = visitor.post("/1/update", title=f"{title} {number}", body="x")[0]
            page = reader.get("/1")[1]
            if status != 303 or f"{title} {number}" not in page:
                failures.append((number, status, posts(page) or page[:200]))
        return failures
    town.standby.sql("SELECT pg_wal_replay_pause()")
    until(lambda: town.standby.sql("SELECT pg_get_wal_replay_pause_state()") == ["paused"])
    failures = behind(50, "behind")
    tests.check(f"a replica that is behind: of 50 looks {len(failures)} show what was before", not failures, failures[:3])
    town.standby.sql("SELECT pg_wal_replay_resume()")
    town.primary.set("synchronous_standby_names", "")  # it is not about the forms here
    town.standby.kill()
    failures = behind(50, "away")
    tests.check(f"a replica that is killed: of 50 looks {len(failures)} fail", not failures, failures[:3])
    town.standby.start()
    town.primary.set("synchronous_standby_names", town.standby.machine.name)
    until(town.is_synchronous)
    until(lambda: reader.get("/1")[0] == 200 and int(town.standby.sql(reads)[0]) > 0)
    failures = behind(20, "back")
    tests.check(f"and read again when it is back: of 20 looks {len(failures)} fail", not failures, failures[:3])
    town.report()


# ---- machines are lost ----

def node_lost(town):
    load = Crowd(town, "node lost")
    killed = time.monotonic()
    town.nodes[1].kill()
    until(lambda: load.all_write_since(killed) and all(len(reader.since(killed)) > 100 for reader in load.readers))
    back = time.monotonic()
    town.nodes[1] = town.start(town.machines[1]).serving()
    until(lambda: all(len(reader.since(back)) > 100 for reader in load.readers))
    load.end(town.primary)


def starts(town):
    """A node that starts looks after the database, and whether it is up to date: the others write all the while."""
    cookies = [Visitor(town.nodes[0]).log_in(f"writer {number}").cookie for number in range(4)]
    writers = [Writer(town.nodes[number % 2], cookies[number], f"starts {number}", 0.01, comment if number < 2 else None) for number in range(4)]
    come(*writers)
    for _ in range(STARTS):
        town.nodes[2].stop()
        town.nodes[2] = town.start(town.machines[2]).serving()
    leave(*writers)
    seen, failures = [one for writer in writers for one in writer.seen], [one for writer in writers for one in writer.failures()]
    tests.check(f"a node is started {STARTS} times: of {len(seen)} forms to the others {len(failures)} fail, the slowest took {max(one.took for one in seen):.2f} s",
                not failures and all(one.took < 1 for one in seen), failures[:3])
    town.report()


def standby_lost(town):
    """What is not on the standby is not acknowledged; with synchronous_standby_names the administrator wants it so."""
    load = Crowd(town, "standby lost")
    town.standby.machine.unplug()
    lost = time.monotonic()
    cancelled = 0
    while time.monotonic() < lost + 5:
        cancelled += len(town.primary.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'flaskr'"))
    acknowledged = [writer.acknowledged_since(lost + 1) for writer in load.writers]
    tests.check(f"standby lost: nothing is acknowledged that it does not have, although the wait for it was cancelled {cancelled} times",
                cancelled and not any(acknowledged), acknowledged)
    left = time.monotonic()
    until(lambda: all(one.since(left) and one.since(left)[-1].status == 503 for one in load.writers))
    acknowledged = [writer.acknowledged_since(left) for writer in load.writers]
    tests.check("standby lost: and nothing while nobody does so", not any(acknowledged), acknowledged)
    town.standby.machine.plug()
    until(lambda: not town.primary.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
    back = time.monotonic()
    until(lambda: load.all_write_since(back))
    took = max(writer.acknowledged_since(back) for writer in load.writers) - back
    tests.check(f"standby lost: forms are stored {took:.1f} s after it has caught up", took < FAILOVER_SECONDS_MAX, took)
    load.end(town.primary)


def taken_back(town, title):
    """The path of a post that everybody has seen, and that its author has deleted at the last moment. Nothing that was kept counts then."""
    visitor = Visitor(town.nodes[0]).log_in("ada")
    visitor.create(title)
    path = re.search(r'href="(/\d+)">' + re.escape(title), visitor.get("/users/ada")[1])[1]
    seen_ = [Visitor(place).get(path)[0] for place in town.everywhere()]
    deleted = visitor.post(f"{path}/delete")[0]
    gone = [Visitor(place).get(path)[0] for place in town.everywhere()]
    assert set(seen_) == {200} and deleted == 303 and set(gone) == {404}, (seen_, deleted, gone)
    return path


def fail_over(town, how, lose):
    """The primary is lost, its standby promoted, and the old one becomes the standby of that."""
    load, said = Crowd(town, how), max(len(node.says_of_itself()) for node in town.nodes)
    deleted = taken_back(town, f"{how}: a mistake")
    lost = time.monotonic()
    lose(town.primary)
    until(lambda: all(writer.since(lost) and writer.since(lost)[-1].status == 503 for writer in load.writers))
    until(lambda: time.monotonic() > lost + AWAY_SECONDS)
    health = [(Visitor(node).get("/healthz")[0], Visitor(node).get("/readyz")[0]) for node in town.nodes]
    tests.check(f"{how}: the nodes are well, and not ready", health == [(200, 503)] * 3, health)
    visitors = [Visitor(node) for node in town.nodes]
    again = [visitor.get(deleted)[0] for visitor in visitors]
    tests.check(f"{how}: what was deleted before is not shown again", not set(again) - {404, 503}, again)
    seldom = [seen(visitor, path, lambda: visitor.get(path)) for visitor in visitors for path in ("/users/ada", "/tags", "/feed.json")]
    tests.check(f"{how}: pages that nobody has asked for since are shown from the standby, marked", all(one.status == 200 and one.stale for one in seldom), seldom)
    pictures = [town.picture_at(node) for node in town.nodes]
    tests.check(f"{how}: and so is a picture of {len(pictures[0])} bytes", all(one == town.picture for one in pictures), [len(one) for one in pictures])
    promoted = time.monotonic()
    town.standby.promote()
    # It was made from a primary that waits for it: as a primary it would wait for itself.
    town.standby.set("synchronous_standby_names", "")
    until(lambda: load.all_write_since(promoted))
    back = max(writer.acknowledged_since(promoted) for writer in load.writers) - promoted
    marked = [one for reader in load.readers for one in reader.since(lost + 2, promoted)]
    tests.check(f"{how}: pages that show meanwhile are marked", marked and all(one.stale for one in marked), [one for one in marked if not one.stale][:3])
    tests.check(f"{how}: forms are stored {back:.1f} s after the promotion", back < FAILOVER_SECONDS_MAX, back)
    town.primary.machine.plug()
    town.primary.discard()
    town.primary, town.standby = town.standby, town.primary
    town.standby.follow(town.primary)
    town.primary.set("synchronous_standby_names", town.standby.machine.name)
    until(town.is_synchronous)
    joined = time.monotonic()
    until(lambda: load.all_write_since(joined))
    load.end(town.primary)
    town.report(said)
    ready = [Visitor(node).get("/readyz")[0] for node in town.nodes]
    tests.check(f"{how}: with the old primary as the standby all are ready, without a restart", ready == [200] * 3 and all(node.process.poll() is None for node in town.nodes), ready)
    read_your_writes(town, 400)


def primary_killed(town):
    keeps = Visitor(town.nodes[0]).log_in("ada").cookie
    fail_over(town, "primary killed", Server.kill)
    known = ["Log Out" in Visitor(place, keeps).get("/")[1] for place in town.everywhere()]
    tests.check("primary killed: a login from before holds everywhere", all(known), known)


def primary_cut_off(town):
    """The whole machine is lost: nothing says that it is, no packet comes back. Its cable comes in again when another is in its place."""
    fail_over(town, "primary cut off", lambda server: server.machine.unplug())


PARTS = (sessions, second_factor, one_form, failed_logins, other_programs, read_your_writes, replica, node_lost, starts, standby_lost, primary_killed, primary_cut_off)


def main(program, *names):
    with tempfile.TemporaryDirectory(prefix="flaskr-nodes.") as place:
        town = Town(os.path.abspath(program), place)
        for path in ("first", "second"):
            Visitor(town.nodes[0]).log_in("ada").create(path)
        town.show_a_picture()
        for part in PARTS:
            if names and part.__name__ not in names:
                continue
            print(f"# {part.__name__.replace('_', ' ')}", flush=True)
            try:
                part(town)
            except Exception as error:  # one part that fails keeps none of the others from being tried
                tests.check(part.__name__, False, repr(error))
                town.report()
    tests.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
