"""Policies, the merge audit log, proposals and the choice of repositories, with the program itself
against a sandbox. What merges deserve is worked out from the sandbox's truth."""
import csv
import hashlib
import io
import json
import os
import sqlite3
import sys

from cli_support import Program
from sync_support import Sandbox, Tests, microseconds

test = Tests(sys.argv)


class Scene:
    """A workspace that is connected, in a data folder of its own."""

    def __init__(self, programs, folder, **options):
        self.sandbox = Sandbox(programs, folder, **options)
        self.program = Program(programs, self.sandbox, folder)
        self.data = os.path.join(folder, "data")
        self.workspace = self.sandbox.ready["workspace"]["slug"]

    def run(self, *arguments):
        return self.program.succeed("--data", self.data, *arguments)

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--format", "json"))

    def fail(self, code, *arguments):
        return self.program.fail(code, "--data", self.data, *arguments)

    def connect(self, *more, what=("--workspace",), token="workspace"):
        return self.run("connect", *(what if len(what) > 1 else (*what, self.workspace)),
                        "--api-base", self.program.api, "--token-file",
                        self.program.token_file(token), *more)

    def sync(self):
        self.run("sync", "--quiet", "--unlimited", "--no-git")

    def rows(self):
        return self.json("audit", "export")

    def database(self):
        return sqlite3.connect(os.path.join(self.data, "plumbline.db"))

    def selected(self):
        lines = self.run("repositories").splitlines()[1:]
        return {line.split()[0] for line in lines if line and line.split()[2] == "yes"}


def scene(function):
    def inside(programs, folder):
        stage = Scene(programs, folder)
        try:
            function(stage)
        finally:
            stage.sandbox.stop()
    inside.__name__ = function.__name__
    return test(inside)


def newest(rows):
    """What the log says of each merge by now."""
    return {(row["merge"]["repository"]["name"], row["merge"]["number"]): row["merge"]
            for row in rows}


def true_merges(stage):
    return {(repository["full_name"], pull["number"]): pull
            for repository in stage.sandbox.truth()["repositories"]
            for pull in repository["pull_requests"] if pull["merged"] is not None}


@scene
def each_merge_is_judged_by_the_version_in_force_then(stage):
    stage.connect()
    stage.sync()
    assert all(row["kind"] == "merge" and row["merge"]["verdict"]["result"] == "no-policy"
               for row in stage.rows())
    stage.run("policy", "set", "--approvals", "1", "--from", "2026-03-01", "--as", "Ana")
    stage.run("policy", "set", "--approvals", "2", "--from", "2026-07-01", "--as", "Ana")
    first, second = microseconds("2026-03-01T00:00:00.000000"), \
        microseconds("2026-07-01T00:00:00.000000")
    stage.sync()
    judged, seen = newest(stage.rows()), {"no-policy": 0, "passed": 0, "failed": 0}
    merges = true_merges(stage)
    assert set(judged) <= set(merges) and len(judged) > 300
    for key, merge in judged.items():
        merged = microseconds(merges[key]["merged"])
        asked = 2 if merged >= second else 1 if merged >= first else None
        expected = "no-policy" if asked is None else \
            "passed" if merges[key]["approvals"] >= asked else "failed"
        assert merge["verdict"]["result"] == expected, (key, merge["verdict"], merges[key])
        assert (merge["policy"] or {}).get("version") == (None if asked is None else asked)
        seen[expected] += 1
    assert min(seen.values()) > 20, seen
    # Time goes on: new merges are judged and recorded; what is there stays.
    before = stage.rows()
    stage.sandbox.advance(days=14)
    stage.sync()
    after = stage.rows()
    assert after[:len(before)] == before and len(after) > len(before)
    assert "intact" in stage.run("audit", "verify")
    versions = stage.json("policy", "show", "1")
    assert [(v["version"], v["least_approvals"], v["from"]) for v in versions] == \
        [(1, 1, "2026-03-01T00:00:00Z"), (2, 2, "2026-07-01T00:00:00Z")]
    # An ended policy decides on nothing that follows.
    stage.run("policy", "end", "1")
    stage.fail(4, "policy", "end", "1")
    assert stage.json("policy")[0]["ended"] == "2026-11-30T08:00:00Z"


@scene
def a_simulation_counts_what_would_change(stage):
    stage.connect()
    stage.sync()
    simulated = stage.json("policy", "simulate", "--approvals", "2", "--days", "180")
    now = microseconds(stage.sandbox.truth()["now"])
    window = {key: pull for key, pull in true_merges(stage).items()
              if now - 180 * 86400 * 10**6 <= microseconds(pull["merged"]) < now}
    known = newest(stage.rows())
    decided = {key for key in window if key in known}  # merges into main branches
    failing = {key for key in decided if window[key]["approvals"] < 2}
    assert simulated["merges"] == len(decided) > 50
    assert {(m["repository"], m["number"]) for m in simulated["changed"]} == failing
    assert sum(c["merges"] for c in simulated["counts"] if c["then"] == "failed") == len(failing)
    text = stage.run("policy", "simulate", "--approvals", "2", "--days", "180")
    assert f"{len(failing)} would fail that do not now" in " ".join(text.split())
    assert "No policy is set" in stage.run("policy")  # nothing was changed


@scene
def the_log_can_be_exported_and_checked_by_others(stage):
    stage.connect()
    stage.run("policy", "set", "--approvals", "1", "--from", "2026-01-01")
    stage.sync()
    rows = stage.rows()
    with stage.database() as db:
        workspace = db.execute("SELECT workspace_id FROM workspace").fetchone()[0]
    previous = "0" * 64
    for number, row in enumerate(rows, 1):  # the documented hash, computed by another program
        assert row["row"] == number and row["previous"] == previous
        refers_to = "" if row["refers_to"] is None else str(row["refers_to"])
        head = [previous, workspace, number, row["kind"], row["repository_id"],
                row["merge"]["number"], refers_to, row["recorded_us"]]
        text = "".join(f"{part}\n" for part in head) + row["body"]
        previous = hashlib.sha256(text.encode()).hexdigest()
        assert row["hash"] == previous, row
        assert json.loads(row["body"]) == row["merge"]
    table = list(csv.DictReader(io.StringIO(stage.run("audit", "export"), newline="")))
    assert [row["hash"] for row in table] == [row["hash"] for row in rows]
    assert [row["verdict"] for row in table] == [r["merge"]["verdict"]["result"] for r in rows]
    one = rows[0]["merge"]["repository"]["name"]
    assert {r["merge"]["repository"]["name"] for r in
            json.loads(stage.run("audit", "list", "--repository", one, "--format", "json"))} == {one}
    # What verify tells can be kept and asked for later.
    told = stage.run("audit", "verify").splitlines()[-1]
    assert told == f"{len(rows)}:{previous}"
    stage.run("audit", "verify", "--expect", told)
    stage.sandbox.advance(days=7)
    stage.sync()
    stage.run("audit", "verify", "--expect", told)


@scene
def tampering_is_found_and_named(stage):
    stage.connect()
    stage.sync()
    intact = stage.rows()
    last = len(intact)

    def verify(expected):
        code, output, message = stage.program.run("--data", stage.data, "audit", "verify")
        assert code == 6, (code, output, message)
        assert expected in output, output
        assert "was altered" in message, message

    cases = [
        ("UPDATE merge_audit SET body = replace(body, '\"result\":\"no-policy\"',"
         " '\"result\":\"passed\"') WHERE seq = 7", "Row 7 was altered"),
        ("UPDATE merge_audit SET recorded_at = recorded_at + 1 WHERE seq = 3", "Row 3 was altered"),
        ("UPDATE merge_audit SET number = number + 1 WHERE seq = 5", "Row 5 was altered"),
        ("DELETE FROM merge_audit WHERE seq BETWEEN 10 AND 12", "Rows 10 to 12 are missing"),
        (f"DELETE FROM merge_audit WHERE seq = {last}", f"its end was noted as row {last}"),
        ("DELETE FROM merge_audit", "The log ends at row 0"),
    ]
    for statement, expected in cases:
        with stage.database() as db:
            db.execute("CREATE TABLE kept AS SELECT * FROM merge_audit")
            db.execute(statement)
        verify(expected)
        found = json.loads(stage.program.run("--data", stage.data, "audit", "verify", "--format",
                                             "json")[1])
        assert found["intact"] is False and any(expected in f for f in found["faults"]), found
        if "DELETE" in statement and str(last) in expected:  # nothing is added to a log cut off
            stage.sandbox.advance(days=7)
            assert "audit verify" in stage.program.run("--data", stage.data, "sync", "--quiet",
                                                       "--unlimited", "--no-git")[2]
        with stage.database() as db:
            db.execute("DELETE FROM merge_audit")
            db.execute("INSERT INTO merge_audit SELECT * FROM kept")
            db.execute("DROP TABLE kept")
        assert "intact" in stage.run("audit", "verify")
    assert stage.rows() == intact
    stage.sync()
    assert len(stage.rows()) > last  # and it goes on


@scene
def proposals_wait_for_a_second_person(stage):
    stage.connect()
    everything = stage.selected()
    name = sorted(everything)[0]
    assert "Proposal 1 waits" in stage.run("policy", "propose", "--approvals", "2", "--as", "Ed")
    assert "No policy is set" in stage.run("policy")
    stage.run("policy", "refuse", "1", "--as", "Ana", "--note", "later")
    stage.fail(2, "policy", "approve", "1", "--as", "Ana")
    stage.run("policy", "second-person", "yes")
    assert "--as NAME" in stage.fail(2, "policy", "set", "--approvals", "2")
    stage.run("policy", "set", "--approvals", "2", "--as", "Ed")
    stage.run("repositories", "deselect", name, "--as", "Ed")
    stage.run("connections", "remove", stage.workspace, "--as", "Ed")
    stage.run("policy", "second-person", "no", "--as", "Ed")
    assert stage.selected() == everything and "No policy is set" in stage.run("policy")
    waiting = [p for p in stage.json("policy", "proposals") if p["state"] == "waiting"]
    assert [p["kind"] for p in waiting] == ["setting", "connection", "selection", "policy"]
    for proposal in (2, 3):
        assert "somebody else" in stage.fail(2, "policy", "approve", str(proposal), "--as", "ed")
        stage.run("policy", "approve", str(proposal), "--as", "Ana")
    policy = stage.json("policy")[0]
    assert policy["least_approvals"] == 2
    assert policy["written_by"] == "Ed, approved by Ana"
    assert stage.selected() == everything - {name}
    stage.run("policy", "approve", "5", "--as", "Ana")  # changes are made at once again
    stage.run("repositories", "select", name)
    assert stage.selected() == everything
    stage.run("policy", "approve", "4", "--as", "Ana")
    stage.fail(4, "sync")  # nothing is connected any more


@scene
def new_repositories_of_a_selected_project_join_and_excluded_ones_stay_out(stage):
    """The sandbox cannot make a repository; but a first credential sees only one of a project, and
    those that a second one shows are new here."""
    one = stage.program.token("repository")["reach"]
    stage.connect(what=("--repository", one), token="repository")
    assert stage.selected() == {one}
    project = next(r["project_key"] for r in stage.sandbox.ready["repositories"]
                   if r["full_name"] == one)
    stage.run("repositories", "select", project)
    stage.connect("--pattern", "nothing-of-that-name", "--name", "whole")
    members = {r["full_name"] for r in stage.sandbox.ready["repositories"]
               if r["project_key"] == project}
    assert stage.selected() == members and len(members) > 1
    others = {r["full_name"] for r in stage.sandbox.ready["repositories"]} - members
    assert others
    out = sorted(members - {one})[0]
    stage.run("repositories", "deselect", out)
    stage.sync()
    assert stage.selected() == members - {out}
    stage.connect("--pattern", "nothing-of-that-name", "--name", "whole")  # made again
    stage.connect("--name", "whole")  # even with everything: what was taken out stays out
    assert stage.selected() == members - {out} | others
    rules = stage.run("repositories", "rules").splitlines()[1:]
    assert [line.split()[:3] for line in rules][-2:] == [["select", "project", project],
                                                         ["deselect", "repository", out]]


@scene
def data_that_was_connected_before_there_were_rules_keeps_its_selection(stage):
    stage.connect()
    everything = stage.selected()
    out = sorted(everything)[0]
    with stage.database() as db:  # as an earlier version left it
        workspace, connection = db.execute(
            "SELECT workspace_id, connection_id FROM connection").fetchone()
        db.execute("DELETE FROM selection_rule")
        db.execute("INSERT INTO setting VALUES (?, ?, '*')",
                   (workspace, f"sync.patterns.{connection}"))
        db.execute("UPDATE repository SET is_selected = 0 WHERE full_name = ?", (out,))
    stage.sync()
    assert stage.selected() == everything - {out}
    with stage.database() as db:
        assert db.execute("SELECT COUNT(*) FROM setting WHERE key LIKE 'sync.patterns.%'"
                          ).fetchone()[0] == 0
    rules = [line.split()[:3] for line in stage.run("repositories", "rules").splitlines()[1:]]
    assert rules == [["select", "pattern", "*"], ["deselect", "repository", out]]


@scene
def required_people_and_teams_are_named_and_checked(stage):
    stage.connect()
    stage.sync()
    people = [p for p in stage.sandbox.truth()["people"] if not p["is_bot"] and not p["left_at"]]
    who = people[0]
    stage.run("policy", "set", "--approvals", "0", "--require", who["uuid"], "--from", "2026-01-01")
    assert who["display_name"] in stage.run("policy")
    stage.sync()
    merges, checked = true_merges(stage), {True: 0, False: 0}
    for key, merge in newest(stage.rows()).items():
        if merge["policy"] is None:
            continue
        given = any(a["by"]["uuid"] == who["uuid"] and a["fate"] == "counted"
                    for a in merge["approvals"])
        last = [e["kind"] for e in merges[key]["events"] if e["actor"] == who["uuid"] and
                e["kind"] in ("approved", "changes-requested") and e["at"] <= merges[key]["merged"]]
        if given:  # nobody is said to have approved whose last word was not an approval
            assert last and last[-1] == "approved", key
        assert merge["verdict"]["result"] == ("passed" if given else "failed"), key
        checked[given] += 1
    assert min(checked.values()) > 5, checked
    stage.fail(4, "policy", "set", "--require", "nobody of that name")
    stage.fail(4, "policy", "set", "--require", "team:none")
    stage.fail(2, "policy", "set", "--require", "team:none:0")
    stage.fail(2, "policy", "set", "--require-least", "2", "--from", "2026-02-01")
    stage.fail(2, "policy", "set", "--approvals", "1", "--from", "2025-01-01")  # before version 1
    stage.fail(4, "policy", "set", "--project", "NONE")


COMPLIANCE = {"too-few-approvals", "missing-required-approver", "approved-only-by-author",
              "changed-after-approval", "merged-with-failed-build", "merged-with-open-tasks",
              "merged-unreviewed", "no-issue-key"}


def set_planted(stage, policy):
    options = ["--from", policy["from"][:10], "--approvals", str(policy["approvals"])]
    if policy["repository"] is not None:
        options += ["--repository", policy["repository"]]
    for who in policy["required"]:
        options += ["--require", who]
    if policy["required"]:
        options += ["--require-least", str(policy["required_count"])]
    options += [option for option, key in (("--void-on-push", "void_on_push"),
                                           ("--author-counts", "author_counts"),
                                           ("--builds-must-pass", "builds")) if policy[key]]
    stage.run("policy", "set", *options)


@test
def exactly_the_planted_breaches_are_found(programs, folder):
    stage = Scene(programs, folder, size=None, arguments=["--pathologies"])
    try:
        stage.connect()
        stage.run("sync", "--quiet", "--unlimited")  # git is the faster way for so many
        truth = stage.sandbox.truth()
        for policy in truth["policies"]:
            set_planted(stage, policy)
        stage.run("insights", "set", "no-issue-key", "on")

        def found():
            return {(f["rule"], f["repository"]["name"], f["number"])
                    for f in stage.json("insights")["findings"] if f["rule"] in COMPLIANCE}

        def planted():
            return {(f["rule"], f["repository"], f["number"])
                    for f in stage.sandbox.truth()["findings"] if f["rule"] in COMPLIANCE}

        expected = planted()
        assert {rule for rule, _, _ in expected} == COMPLIANCE
        assert found() == expected, (found() - expected, expected - found())
        # Three days later some are over and some have come; ordinary merges may have added to them.
        stage.sandbox.advance(days=3)
        stage.run("sync", "--quiet", "--unlimited")
        later = planted()
        assert later != expected and later <= found(), later - found()
    finally:
        stage.sandbox.stop()


test.main()
