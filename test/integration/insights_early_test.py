"""Findings while a first reading goes on: there are some before it ends, and none that the finished reading takes
back. The findings of a data file keep their lives, so one that should not have been is still there, ended."""
import json
import os
import subprocess
import sys

from sync_support import Client, Sandbox, Tests

test = Tests(sys.argv)
DRIVER = os.environ["EARLY_DRIVER"]
COMPANY = ["--pathologies"]


class Look:
    """A data file that is read, looked at meanwhile."""

    def __init__(self, programs, sandbox, folder, git=True):
        self.client = Client(programs, sandbox, folder, git=git)
        self.git = git
        self.client.run("--connect")

    def read(self, *arguments):
        command = [DRIVER, "--data", self.client.data, *arguments]
        if self.git:
            command += ["--mirrors", self.client.mirrors]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0 and done.stderr == "", done.stderr
        return json.loads(done.stdout)

    def findings(self, where="ended_at IS NULL"):
        return {tuple(row) for row in self.client.query(
            "SELECT f.rule, r.full_name, f.number, f.subject, f.what FROM finding f"
            f" LEFT JOIN repository r ON r.repository_id = f.repository_id WHERE {where}")}


def compare(look, plain, over=()):
    """@over: what may have ended a finding meanwhile."""
    taken_back = [row for row in look.client.query(
        "SELECT f.rule, f.number, f.subject, e.note FROM finding f JOIN finding_event e USING (finding_id)"
        " WHERE e.kind = 'resolved'") if not row[-1].startswith(tuple(over))]
    assert not taken_back, taken_back
    early, late = look.findings(), plain.findings()
    assert early == late, (early - late, late - early)


@test
def what_is_found_early_is_what_is_found_at_the_end(programs, folder):
    for number, (seed, arguments, git) in enumerate((
            (1, (), True), (2, ("--horizon", "2026-06-01T00:00:00Z"), True), (3, (), False))):
        place = os.path.join(folder, str(number))
        os.makedirs(place)
        sandbox = Sandbox(programs, place, size=None, seed=seed, arguments=COMPANY)
        try:
            plain = Look(programs, sandbox, os.path.join(place, "plain"), git)
            assert plain.read("--only-at-rest", *arguments)["at_rest"]["found"] > 20
            look = Look(programs, sandbox, os.path.join(place, "look"), git)
            came = look.read(*arguments)
            print("#", seed, came)
            assert came["early"]["updates"] > 3 and came["early"]["found"] > 5, came
            compare(look, plain)
        finally:
            sandbox.stop()


@test
def a_reading_that_is_broken_off_and_taken_up_later_tells_nothing_wrong(programs, folder):
    sandbox = Sandbox(programs, folder, size=None, seed=5, arguments=COMPANY)
    try:
        look = Look(programs, sandbox, os.path.join(folder, "look"))
        stopped = 0
        for updates in (2, 4, 6, 8):
            stopped += look.read("--workers", "1", "--stop-after", str(updates))["stopped"]
        assert stopped > 1, stopped
        sandbox.advance(days=2)  # what was read is old when the reading is taken up
        came = look.read("--workers", "1")
        print("#", stopped, came)
        plain = Look(programs, sandbox, os.path.join(folder, "plain"))
        plain.read("--only-at-rest")
        compare(look, plain, over=("it was merged", "it was declined"))
    finally:
        sandbox.stop()


if __name__ == "__main__":
    test.main()
