"""Everything that the API can be asked, by many at once, while a connection is read; made for ThreadSanitizer, which ends the
server at the first race. usage: web_parallel_test.py SANDBOX PLUMBLINE -"""
import itertools
import os
import re
import signal
import sys
import threading
import time

from sync_support import Sandbox, Tests
from web_support import Server, first_administrator, invited

test = Tests(sys.argv)

DOCUMENT = os.path.join(os.path.dirname(__file__), "../../docs/api/openapi.yaml")
QUESTIONS = ("/api/v1/query?measures=cycle-time,merged&by=week&days=120", "/api/v1/query?measures=merged&by=repository,team",
             "/api/v1/pull-requests?state=merged", "/api/v1/findings?state=all", "/healthz", "/readyz", "/metrics", "/", "/flow")
ASKERS, ROUNDS = 4, 3
# What GLib's queue and libmicrohttpd do between themselves the sanitizer cannot follow; what our code does it still sees whole.
os.environ["TSAN_OPTIONS"] = os.environ.get("TSAN_OPTIONS", "") + ":ignore_noninstrumented_modules=1"


def readable():
    """What can be got without naming one thing, but for the stream of events."""
    path, found = None, []
    for line in open(DOCUMENT, encoding="utf-8"):
        if re.match(r"  /\S+:$", line):
            path = line.strip()[:-1]
        elif line == "    get:\n" and path.startswith("/api/") and "{" not in path and path != "/api/v1/events":
            found.append(path)
    return found


class Asker(threading.Thread):
    """Asks everything in turn, each from another beginning, until told to stop and its rounds are done."""

    def __init__(self, visitor, paths, offset, stop):
        super().__init__(daemon=True)
        self.visitor, self.paths, self.offset, self.stop = visitor, paths, offset, stop
        self.faults, self.asked = [], 0

    def run(self):
        least = ROUNDS * len(self.paths)
        for path in itertools.islice(itertools.cycle(self.paths), self.offset, None):
            if self.faults or (self.stop.is_set() and self.asked >= least):
                return
            try:
                answer = self.visitor.ask("GET", path)
                while answer.status == 429:  # everybody has an allowance
                    time.sleep(1)
                    answer = self.visitor.ask("GET", path)
                if answer.status >= 500:
                    self.faults.append(f"{path}: {answer.status} {answer.content[:300]}")
            except OSError as fault:
                self.faults.append(f"{path}: {fault}")
            self.asked += 1


def change(admin):
    """What alters what the others look at."""
    rules = admin.expect(200, "GET", "/api/v1/rules")["rules"]
    for rule in rules[:6]:
        admin.expect(200, "PATCH", f"/api/v1/rules/{rule['id']}", {"is_on": None})
    admin.expect(200, "PATCH", "/api/v1/settings", {"privacy.least-group": "2"})
    admin.expect(200, "PATCH", "/api/v1/settings", {"privacy.least-group": "3"})
    admin.expect(202, "POST", "/api/v1/sync", {})


def ask_everything(server, sandbox):
    admin = first_administrator(server)
    others = [admin, *(invited(server, admin, f"n{number}@example.com", "admin")[0] for number in range(ASKERS - 1))]
    token = next(one for one in sandbox.ready["tokens"] if one["name"] == "workspace")
    admin.expect(201, "POST", "/api/v1/connections", {
        "kind": token["kind"], "secret": token["secret"], "name": "demo", "workspace": sandbox.ready["workspace"]["slug"]})
    paths, stop = [*readable(), *QUESTIONS], threading.Event()
    assert len(paths) > 30, paths
    askers = [Asker(visitor, paths, number * len(paths) // ASKERS, stop) for number, visitor in enumerate(others)]
    for asker in askers:
        asker.start()
    deadline = time.monotonic() + 500
    while not admin.expect(200, "GET", "/api/v1/workspaces")["items"][0]["complete"]:
        assert time.monotonic() < deadline, "the reading does not end"
        time.sleep(0.2)
    change(admin)
    stop.set()
    for asker in askers:
        asker.join(500)
        assert not asker.is_alive() and asker.faults == [], asker.faults


@test
def everybody_may_ask_everything_at_once_while_a_connection_is_read(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        with Server(programs.driver, folder, "--api-base", sandbox.ready["api_base"], "--workers", "6") as server:
            try:
                ask_everything(server, sandbox)
            except (AssertionError, OSError) as fault:
                raise AssertionError(f"{fault}\n{server.log()[-6000:]}") from None
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(60) == 0, server.log()[-6000:]
    finally:
        sandbox.stop()


if __name__ == "__main__":
    test.main()
