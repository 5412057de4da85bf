"""Pull requests over the API beside the sandbox's truth: rows, pages, filters, and one with all that is known of it."""
import collections
import csv
import datetime
import io
import json
import os
import subprocess
import sys
import zoneinfo

from cli_support import Program, read_company
from sync_support import Tests, microseconds
from web_support import Server, Visitor, first_administrator, invited

test = Tests(sys.argv)
LIST = "/api/v1/pull-requests"
INSTANTS = ("first_commit", "opened", "ready", "first_review", "approved", "merged", "declined")
COUNTS = ("rounds", "pushes", "review_comments", "author_comments", "bot_comments", "approvals", "reviewers")


def instant(text):
    """Of "2026-11-02T11:25:52.591232Z", whose fraction may be missing."""
    if text is None:
        return None
    whole, _, fraction = text.rstrip("Z").partition(".")
    return microseconds(f"{whole}.{(fraction or '0').ljust(6, '0')}+00:00")


def true_pulls(truth):
    """{(full name, number): what the generator knows}"""
    return {(repository["full_name"], pull["number"]): pull
            for repository in truth["repositories"] for pull in repository["pull_requests"]}


def pages(visitor, query=""):
    """All rows of the list, page by page; and the first page."""
    first = page = visitor.expect(200, "GET", f"{LIST}?{query}")
    rows = list(page["items"])
    while page["next"] is not None:
        assert len(page["items"]) == 50, len(page["items"])
        page = visitor.expect(200, "GET", f"{LIST}?{query}&cursor={page['next']}")
        rows += page["items"]
    return rows, first


def key(row):
    return row["repository"]["name"], row["number"]


def check_row(row, true):
    for name in INSTANTS:
        assert instant(row[name]) == microseconds(true[name]), (key(row), name, row[name], true[name])
    for name in COUNTS:
        assert row[name] == true[name], (key(row), name, row[name], true[name])
    assert (row["state"], row["draft"], row["title"]) == (true["state"], true["draft"], true["title"]), key(row)
    lines = None if true["lines_added"] is None else true["lines_added"] + true["lines_removed"]
    assert (row["lines"], row["commits"]) == (lines, len(true["commits"])), key(row)
    assert (row["unreviewed"], row["self_merged"], row["late_change"]) == (
        true["unreviewed"], true["self_merged"], true["late_change"]), key(row)


def check_one(visitor, row, true, names):
    """A pull request's page beside the truth and beside its row in the list."""
    path = f"{LIST}/{row['repository']['key']}/{row['number']}"
    one = visitor.expect(200, "GET", path)
    check_row(one, true)
    assert {name: one[name] for name in row if name != "now"} == row, key(row)
    phases = {phase["id"]: phase["seconds"] for phase in one["phases"]}
    whole = row["durations"]["cycle-time"]
    if whole is not None and not any("counts as 0" in text for text in one["left_out"]):
        parts = sum(phases.get(part, 0) for part in ("coding-time", "pickup-time", "review-time", "merge-time"))
        assert abs(parts - whole) < 1e-5, (path, phases, whole)
    kinds = collections.Counter(moment["kind"] for moment in one["timeline"])
    assert kinds["opened"] == 1 and kinds["pushed"] == true["pushes"], (path, kinds)
    assert kinds["merged"] == (true["state"] == "MERGED"), (path, kinds)
    times = [instant(moment["at"]) for moment in one["timeline"]]
    assert times == sorted(times), path
    reviews = {review["person"]["name"]: review for review in one["reviews"]}
    for entry in true["asked"]:
        if entry["asked"] is None or entry["reviewer"] not in names:
            continue
        mine = reviews[names[entry["reviewer"]]]
        assert instant(mine["asked"]) == microseconds(entry["asked"]), (path, mine, entry)
        if mine["counts"]:
            assert instant(mine["responded"]) == microseconds(entry["responded"]), (path, mine, entry)
    return one


@test
def lists_and_pages_of_one_equal_the_truth(programs, folder):
    sandbox, _, _ = read_company(programs, folder)
    try:
        truth = true_pulls(sandbox.truth())
        names = {person["uuid"]: person["display_name"] for person in sandbox.truth()["people"]
                 if person["left_at"] is None}
        with Server(programs.driver, folder) as server:
            viewer, _ = invited(server, first_administrator(server), "vera@example.com", "viewer")
            rows, first = pages(viewer, "bots=with")
            assert first["n"] == len(rows) == len(truth) >= 400, (first["n"], len(rows), len(truth))
            assert {key(row) for row in rows} == set(truth)
            assert [row["opened"] for row in rows] == sorted((row["opened"] for row in rows), reverse=True)
            for row in rows:
                check_row(row, truth[key(row)])
            for row in rows[::9]:
                check_one(viewer, row, truth[key(row)], names)
    finally:
        sandbox.stop()


def check_filters(visitor, truth, rows):
    by_state = collections.Counter(true["state"] for true in truth.values())
    assert len(by_state) >= 3, by_state
    for state, wanted in by_state.items():
        answer = visitor.expect(200, "GET", f"{LIST}?bots=with&state={state.lower()}")
        assert answer["n"] == wanted, (state, answer["n"], wanted)
    full_name = rows[0]["repository"]["name"]
    author = rows[0]["author"]
    for query, fits in (
            (f"repository={full_name}", lambda row: row["repository"]["name"] == full_name),
            (f"author={author['id']}", lambda row: row["author"]["id"] == author["id"]),
            ("size=L", lambda row: row["size"] == "L"),
            ("waiting=review", lambda row: row["waiting_on"] == "review"),
            ("draft=yes", lambda row: row["draft"]),
            ("mark=unreviewed", lambda row: row["unreviewed"]),
            ("branch=main", lambda row: row["branch"] == "main"),
            ("state=merged&from=2026-10-01&until=2026-11-01",
             lambda row: row["merged"] and "2026-10-01" <= row["merged"] < "2026-11-01"),
            ("by=opened&from=2026-10-01", lambda row: row["opened"] >= "2026-10-01")):
        mine = {key(row) for row in pages(visitor, "bots=with&" + query)[0]}
        wanted = {key(row) for row in rows if fits(row)}
        assert mine == wanted and 0 < len(wanted) < len(rows), (query, len(mine), len(wanted))


def check_orders(visitor, rows):
    for order, value in (("size", lambda row: row["lines"]), ("rounds", lambda row: row["rounds"]),
                         ("cycle-time", lambda row: row["durations"]["cycle-time"])):
        for sign in ("", "-"):
            sorted_rows, _ = pages(visitor, f"bots=with&sort={sign}{order}")
            values = [value(row) for row in sorted_rows]
            known = [one for one in values if one is not None]
            assert values == known + [None] * (len(values) - len(known)), order
            assert known == sorted(known, reverse=sign == "-"), order
            assert {key(row) for row in sorted_rows} == {key(row) for row in rows}, order


def check_numbers_lead_to_their_pull_requests(visitor):
    """The count of a measure and the list that a link from it opens."""
    for repository in [row["full_name"] for row in visitor.expect(200, "GET", "/api/v1/repositories")["items"]][:3]:
        query = f"repository={repository}&days=90"
        table = visitor.expect(200, "GET", f"/api/v1/query?measures=merged,unreviewed&statistics=n&{query}")
        cell = table["rows"][0]["cells"][0]
        answer = visitor.expect(200, "GET", f"{LIST}?state=merged&{query}")
        assert (answer["n"], answer["excluded"]) == (cell["n"], cell["excluded"]), (repository, answer["n"], cell)
    findings = visitor.expect(200, "GET", "/api/v1/findings?rule=waiting-for-review")["findings"]
    needs = pages(visitor, "needs=waiting-for-review")[0]
    assert {key(row) for row in needs} == {(f["repository"]["name"], f["number"]) for f in findings}
    assert needs


@test
def a_day_is_one_of_the_workspaces_clocks_also_when_they_are_changed(programs, folder):
    """New York's 1 November 2026 has 25 hours; dates in an address begin and end with its midnights."""
    sandbox, _, _ = read_company(programs, folder)
    zone = zoneinfo.ZoneInfo("America/New_York")
    data = os.path.join(folder, "data")
    try:
        subprocess.run([programs.driver, "--data", data, "settings", "set", "calendar.zone", "America/New_York"],
                       check=True, stdout=subprocess.DEVNULL)
        with Server(programs.driver, folder, "--no-git", "--api-base", sandbox.ready["api_base"]) as server:
            admin = first_administrator(server)
            everything, differs = 0, 0
            merged = [instant(row["merged"]) for row in pages(admin, "state=merged&days=90")[0]]
            for day in (datetime.date(2026, 10, 20) + datetime.timedelta(days=n) for n in range(20)):
                after = day + datetime.timedelta(days=1)
                first, last = (int(datetime.datetime(d.year, d.month, d.day, tzinfo=zone).timestamp()) * 1000000
                               for d in (day, after))
                expected = sum(first <= at < last for at in merged)
                utc = [int(datetime.datetime(d.year, d.month, d.day, tzinfo=datetime.timezone.utc).timestamp()) * 1000000
                       for d in (day, after)]
                differs += expected != sum(utc[0] <= at < utc[1] for at in merged)
                period = f"from={day}&until={after}"
                cell = admin.expect(200, "GET", f"/api/v1/query?measures=merged&statistics=n&{period}")["rows"]
                counted = cell[0]["cells"][0]["n"] if cell else 0
                listed = admin.expect(200, "GET", f"{LIST}?state=merged&{period}")["n"]
                assert counted == listed == expected, (day, counted, listed, expected)
                everything += expected
            assert everything > 20 and differs > 0, (everything, differs)
    finally:
        sandbox.stop()


@test
def filters_orders_and_csv_give_what_they_say(programs, folder):
    sandbox, _, _ = read_company(programs, folder)
    try:
        truth = true_pulls(sandbox.truth())
        with Server(programs.driver, folder) as server:
            viewer, _ = invited(server, first_administrator(server), "vera@example.com", "viewer")
            rows, _ = pages(viewer, "bots=with")
            check_filters(viewer, truth, rows)
            check_orders(viewer, rows)
            check_numbers_lead_to_their_pull_requests(viewer)
            without, first = pages(viewer)
            assert not any(row["author"]["is_bot"] for row in without)
            assert first["n"] + first["excluded"] == len(rows) and first["excluded"] > 0
            answer = viewer.ask("GET", f"{LIST}?bots=with&state=merged", accept="text/csv")
            assert answer.getheader("content-type").startswith("text/csv")
            table = list(csv.DictReader(io.StringIO(answer.content.decode())))
            merged = {(row["repository"], int(row["number"])): row for row in table}
            assert set(merged) == {name for name, true in truth.items() if true["state"] == "MERGED"}
            assert all(instant(row["merged"]) == microseconds(truth[name]["merged"]) for name, row in merged.items())
    finally:
        sandbox.stop()


@test
def what_is_not_there_or_not_understood_is_said(programs, folder):
    sandbox, _, _ = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            viewer, _ = invited(server, admin, "vera@example.com", "viewer")
            row = viewer.expect(200, "GET", LIST)["items"][0]
            place = row["repository"]
            by_id = viewer.expect(200, "GET", f"{LIST}/{place['id']}/{row['number']}")
            assert by_id == viewer.expect(200, "GET", f"{LIST}/{place['key']}/{row['number']}")
            assert place["name"].endswith("/" + place["key"]), place
            for path in (f"{LIST}/none/1", f"{LIST}/{place['key']}/999999", f"{LIST}/{place['key']}/x",
                         f"{LIST}?repository=acme/none", f"{LIST}?workspace=none"):
                assert viewer.expect(404, "GET", path)["detail"], path
            for wrong in ("state=merge", "size=huge", "sort=luck", "cursor=1.2", "cursor=a.b.c", "from=soon",
                          "days=0", "from=2026-10-02&until=2026-10-01", "needs=none", "waiting=godot", "mark=x"):
                assert viewer.expect(422, "GET", f"{LIST}?{wrong}")["detail"], wrong
            assert viewer.expect(200, "GET", f"{LIST}?author=987654321")["n"] == 0
            for path in (LIST, f"{LIST}/{place['key']}/{row['number']}", "/api/v1/code/hot"):
                Visitor(server).expect(401, "GET", path)
    finally:
        sandbox.stop()


@test
def lists_of_code_are_those_of_the_command_line_without_names(programs, folder):
    sandbox, _, _ = read_company(programs, folder)
    try:
        program = Program(programs, sandbox, folder)
        data = ("--data", os.path.join(folder, "data"))
        with Server(programs.driver, folder) as server:
            viewer, _ = invited(server, first_administrator(server), "vera@example.com", "viewer")
            for kind, names in (("hot", ("commits", "people", "lines")),
                                ("knowledge", ("commits", "people", "lines", "bus_factor"))):
                answer = viewer.expect(200, "GET", f"/api/v1/code/{kind}?limit=1000")
                assert viewer.expect(200, "GET", f"/api/v1/code/{kind}?limit=1000") == answer  # as it was made before
                told = json.loads(program.succeed(*data, "code", kind, "--limit", "10000", "--format", "json"))
                assert answer["n"] == told["n"] == len(told["rows"]) > 0

                def said(rows):
                    return {(row["repository"], row["path"].strip("/"), *(row[name] for name in names)) for row in rows}
                assert said(answer["items"]) == said(told["rows"]) if answer["n"] <= 1000 else \
                    said(answer["items"]) < said(told["rows"])
                assert answer["shows_people"] is False
                text = json.dumps(answer)
                people = {row.get("most_by") for row in told["rows"]} - {None}
                assert not any(name in text for name in people), kind
            few = viewer.expect(200, "GET", "/api/v1/code/hot?limit=2")["items"]
            assert len(few) == 2 and few[0]["commits"] >= few[1]["commits"]
            viewer.expect(422, "GET", "/api/v1/code/hot?limit=0")
            # What was made before is not told where something it rests on is another.
            program.succeed(*data, "settings", "set", "privacy.people", "on")
            shown = viewer.expect(200, "GET", "/api/v1/code/hot?limit=2")
            assert shown["shows_people"] and shown["items"][0]["most_by"], shown
            place = few[0]["repository"]
            program.succeed(*data, "repositories", "deselect", place)
            left = viewer.expect(200, "GET", "/api/v1/code/hot?limit=1000")["items"]
            assert left and place not in {row["repository"] for row in left}, place
    finally:
        sandbox.stop()


test.main()
