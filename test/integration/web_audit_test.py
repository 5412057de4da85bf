"""The merge audit log over the API: the same as plumbline audit tells, counted by hand, and no alteration unseen."""
import collections
import csv
import io
import json
import os
import sqlite3
import sys

from cli_support import read_company
from sync_support import Tests
from web_support import Server, Visitor, first_administrator, invited

test = Tests(sys.argv)
LIST, EXPORT, VERIFY = "/api/v1/audit", "/api/v1/audit/export", "/api/v1/audit/verification"


class Stage:
    """A company with a policy, read, recorded, and read again after an amendment."""

    def __init__(self, programs, folder):
        self.sandbox, self.program, self.data = read_company(programs, folder)
        self.run("policy", "set", "--approvals", "2", "--from", "2026-06-01")
        self.run("sync")  # merges since June are judged anew: amendments

    def run(self, *words):
        return self.program.succeed(*self.data, *words)

    def rows(self):
        return json.loads(self.run("audit", "export", "--format", "json"))

    def database(self, *statements):
        database = sqlite3.connect(os.path.join(self.data[1], "plumbline.db"))
        with database:
            for statement in statements:
                database.execute(statement)
        database.close()


def staged(function):
    @test
    def run(programs, folder):
        stage = Stage(programs, folder)
        try:
            with Server(programs.driver, folder, "--no-git") as server:
                viewer, _ = invited(server, first_administrator(server), "vera@example.com", "viewer")
                function(stage, server, viewer)
        finally:
            stage.sandbox.stop()
    run.__name__ = function.__name__
    return run


def listed(viewer, query=""):
    """All rows of the list, page by page; and the first page."""
    first = page = viewer.expect(200, "GET", f"{LIST}?{query}")
    rows = list(page["items"])
    while page["next_cursor"] is not None:
        assert len(page["items"]) == 50
        page = viewer.expect(200, "GET", f"{LIST}?{query}&cursor={page['next_cursor']}")
        rows += page["items"]
    return rows, first


def latest(rows):
    return list({(row["repository_id"], row["merge"]["number"]): row for row in rows}.values())


def exported(viewer, query):
    answer = viewer.ask("GET", f"{EXPORT}?{query}")
    assert answer.status == 200, answer.content
    return answer


def the_export_is_what_the_command_writes(stage, server, viewer):
    for form, option in (("json", "json"), ("csv", "csv")):
        answer = exported(viewer, f"format={form}")
        assert answer.content.decode() == stage.run("audit", "export", "--format", option), form
        assert answer.getheader("plumbline-next") is None
    lines = exported(viewer, "format=jsonl").content.decode().splitlines()
    assert [json.loads(line) for line in lines] == stage.rows()
    assert viewer.ask("GET", EXPORT, accept="application/json").content == exported(viewer, "format=json").content
    assert viewer.ask("GET", EXPORT, accept="application/jsonl").content.decode().splitlines() == lines
    assert viewer.ask("GET", EXPORT, accept="text/csv").getheader("content-type") == "text/csv; charset=utf-8"
    name = stage.rows()[0]["merge"]["repository"]["name"]
    rows = json.loads(exported(viewer, f"format=json&repository={name}").content)
    assert rows == json.loads(stage.run("audit", "export", "--format", "json", "--repository", name))
    table = list(csv.DictReader(io.StringIO(exported(viewer, "verdict=failed").content.decode(), newline="")))
    assert table and {row["verdict"] for row in table} == {"failed"}


def lists_and_totals_are_those_counted_by_hand(stage, server, viewer):
    log = stage.rows()
    rows, first = listed(viewer)
    assert [row["row"] for row in rows] == [row["row"] for row in reversed(log)]
    assert all("body" not in row and row["merge"] == there["merge"] for row, there in zip(rows, reversed(log)))
    assert first["head_row"] == log[-1]["row"] and len({row["kind"] for row in log}) == 2
    merges = latest(log)
    verdicts = collections.Counter(row["merge"]["verdict"]["result"] for row in merges)
    assert first["totals"]["rows"] == len(log) and first["totals"]["merges"] == len(merges) < len(log)
    assert {name: n for name, n in first["totals"]["verdicts"].items() if n} == verdicts and verdicts["failed"] > 0

    def check(query, fits):
        expected = [row["row"] for row in reversed(log) if fits(row["merge"], row)]
        found, page = listed(viewer, query)
        assert [row["row"] for row in found] == expected, query
        counted = [row for row in merges if fits(row["merge"], row)] if "rows=" not in query else None
        if counted is not None:
            assert page["totals"]["merges"] == len(counted), query
        return len(expected)
    assert check("verdict=failed", lambda merge, _: merge["verdict"]["result"] == "failed") > 0
    assert check("mark=approvals", lambda merge, _: merge["verdict"]["approvals"] == "broken") > 0
    check("mark=late-change", lambda merge, _: merge["changed_after_approval"])
    check("mark=self-merged", lambda merge, _: merge["merged_by"] and merge["author"]["id"] == merge["merged_by"]["id"])
    check("rows=amendment", lambda _, row: row["kind"] == "amendment")
    check("rows=latest", lambda _, row: row in merges)
    policy = next(row["merge"]["policy"]["id"] for row in log if row["merge"]["policy"])
    assert check(f"policy={policy}", lambda merge, _: (merge["policy"] or {}).get("id") == policy) > 0
    number = log[0]["merge"]["number"]
    assert check(f"number={number}", lambda merge, _: merge["number"] == number) > 0
    assert check("from=2026-07-01T00:00:00Z&until=2026-09-01T00:00:00Z",
                 lambda merge, _: "2026-07-01" <= merge["merged"] < "2026-09-01") > 0


def a_row_tells_all_that_stands_about_its_merge(stage, server, viewer):
    log = stage.rows()
    amendment = next(row for row in log if row["kind"] == "amendment")
    found = viewer.expect(200, "GET", f"{LIST}/{amendment['row']}")
    assert {name: found[name] for name in amendment} == amendment and found["hash_fits"] is True
    assert [row["row"] for row in found["rows"]] == [amendment["refers_to"], amendment["row"]]
    assert [row["kind"] for row in found["rows"]] == ["merge", "amendment"]
    viewer.expect(404, "GET", f"{LIST}/{log[-1]['row'] + 1}")
    viewer.expect(404, "GET", f"{LIST}/first")


def what_was_altered_is_found_and_named(stage, server, viewer):
    told = viewer.expect(200, "POST", VERIFY, {})
    log = stage.rows()
    assert told["intact"] and told["rows"] == len(log) and told["head_hash"] == log[-1]["hash"]
    kept = f"{told['head_row']}:{told['head_hash']}"
    assert kept in stage.run("audit", "verify")
    assert viewer.expect(200, "POST", VERIFY, {"expect": kept})["intact"]
    other = viewer.expect(200, "POST", VERIFY, {"expect": f"{told['head_row']}:{'0' * 64}"})
    assert not other["intact"] and "is not the one that was noted" in other["faults"][0]
    gone = viewer.expect(200, "POST", VERIFY, {"expect": f"{told['head_row'] + 9}:{told['head_hash']}"})
    assert not gone["intact"] and "is not in the log" in gone["faults"][0]
    stage.database("UPDATE merge_audit SET body = replace(body, '\"failed\"', '\"passed\"') WHERE seq = "
                   "(SELECT MIN(seq) FROM merge_audit WHERE body LIKE '%\"result\":\"failed\"%')")
    altered = next(row["row"] for row in log if row["merge"]["verdict"]["result"] == "failed")
    broken = viewer.expect(200, "POST", VERIFY, {})
    assert not broken["intact"] and broken["faults"] == [f"Row {altered} was altered: its hash does not fit."]
    assert viewer.expect(200, "GET", f"{LIST}/{altered}")["hash_fits"] is False
    # What is listed follows a log that was cut off.
    stage.database("DELETE FROM merge_audit WHERE seq > 10")
    page = viewer.expect(200, "GET", LIST)
    assert page["head_row"] == 10 and page["totals"]["rows"] == 10
    cut = viewer.expect(200, "POST", VERIFY, {"expect": kept})
    assert any("rows were removed" in fault for fault in cut["faults"]), cut


def what_cannot_be_meant_is_refused_in_words(stage, server, viewer):
    for query, word in (("verdict=good", "passed"), ("mark=x", "late-change"), ("rows=x", "amendment"), ("days=0", "days"),
                        ("from=soon", "from"), ("number=x", "number"), ("cursor=x", "cursor"), ("policy=-1", "policy"),
                        ("from=2026-02-01&until=2026-01-01", "ends before")):
        problem = viewer.expect(422, "GET", f"{LIST}?{query}")
        assert word in problem["detail"], problem
    viewer.expect(422, "GET", f"{EXPORT}?format=xml")
    viewer.expect(404, "GET", f"{LIST}?repository=acme/nothing")
    viewer.expect(404, "GET", f"{LIST}?workspace=nothing")
    assert "ROW:HASH" in viewer.expect(422, "POST", VERIFY, {"expect": "12"})["detail"]
    # Nobody's merges are listed while people are not shown.
    author = stage.rows()[0]["merge"]["author"]
    assert "privacy.people" in viewer.expect(403, "GET", f"{LIST}?author={author['id']}")["detail"]
    viewer.expect(403, "GET", f"{EXPORT}?author={author['id']}")
    stage.run("settings", "set", "privacy.people", "on")
    rows, page = listed(viewer, f"author={author['id']}")
    assert page["by_person"] is True
    assert len(rows) == sum(row["merge"]["author"]["id"] == author["id"] for row in stage.rows()) > 0
    nobody = Visitor(server)
    for method, path in (("GET", LIST), ("GET", EXPORT), ("GET", f"{LIST}/1"), ("POST", VERIFY)):
        nobody.expect(401, method, path, {} if method == "POST" else None)


for scenario in (the_export_is_what_the_command_writes, lists_and_totals_are_those_counted_by_hand,
                 a_row_tells_all_that_stands_about_its_merge, what_was_altered_is_found_and_named,
                 what_cannot_be_meant_is_refused_in_words):
    staged(scenario)

test.main()
