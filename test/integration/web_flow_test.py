"""Cycle times one by one and what moved their mean, beside the list of pull requests worked out here; and how many
requests one caller may send. usage: web_flow_test.py SANDBOX PLUMBLINE -"""
import csv
import io
import sys
import threading
from collections import defaultdict
from datetime import datetime

from cli_support import read_company
from sync_support import Tests
from web_support import Server, Visitor, first_administrator

test = Tests(sys.argv)

PHASES = ("coding", "pickup", "review", "merge")


def merged(visitor, query=""):
    """The rows of the list as CSV, those with a cycle time."""
    answer = visitor.ask("GET", f"/api/v1/pull-requests?state=merged&longer=0{query}", accept="text/csv")
    assert answer.status == 200 and answer.getheader("plumbline-next") is None
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def seconds(row, span):
    text = row[f"{span} (seconds)"]
    return float(text) if text else None


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def percentile(values, p):
    values = sorted(values)
    at = (len(values) - 1) * p
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)


@test
def classes_count_the_pull_requests_that_the_list_has(programs, folder):
    sandbox, _, _ = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            for query in ("", "&size=M", "&time=working", "&days=30"):
                days = "" if "days" in query else "&days=90"
                times = admin.expect(200, "GET", f"/api/v1/cycle-times?workspace=acme{query}{days}")
                whole = admin.expect(200, "GET", f"/api/v1/pull-requests?state=merged{query}{days}")
                assert times["n"] + times["absent"] == whole["n"], (query, times["n"], times["absent"], whole["n"])
                assert sum(one["merged"] for one in times["classes"]) == times["n"] == len(times["items"]), query
                assert times["n"] > 20 or "days=30" in query
                assert not any(one["label"].endswith(("d", "wk")) for one in times["classes"]) or "working" not in query
                for one in times["classes"]:
                    bounds = f"&longer={one['from']:.0f}" + (f"&shorter={one['below']:.0f}" if one["below"] else "")
                    listed = admin.expect(200, "GET", f"/api/v1/pull-requests?state=merged{query}{days}{bounds}")
                    assert listed["n"] == one["merged"], (query, one, listed["n"])
            for wrong in ("longer=x", "longer=4w", "shorter=", "longer=-1", "longer=99999999999d", "time=moon"):
                admin.expect(422, "GET", f"/api/v1/pull-requests?{wrong}")
    finally:
        sandbox.stop()


@test
def each_point_is_the_pull_request_that_it_names(programs, folder):
    sandbox, _, _ = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            points = admin.expect(200, "GET", "/api/v1/cycle-times?days=60")["items"]
            rows = {(row["repository"], row["number"]): row for row in merged(admin, "&days=60")}
            assert len(points) == len(rows) > 10
            assert [p["merged"] for p in points] == sorted((p["merged"] for p in points), reverse=True)
            for point in points:
                row = rows[(point["repository"]["name"], str(point["number"]))]
                assert abs(point["seconds"] - seconds(row, "cycle-time")) < 1e-3, (point, row)
                assert ("" if point["lines"] is None else str(point["lines"])) == row["lines"], (point, row)
    finally:
        sandbox.stop()


@test
def the_change_of_the_mean_is_split_without_a_rest(programs, folder):
    sandbox, _, _ = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            told = admin.expect(200, "GET", "/api/v1/cycle-time-change?days=60")
            rows = [row for row in merged(admin, "&days=120")]
            cut = percentile([seconds(row, "cycle-time") for row in rows], 0.95)
            assert abs(told["cut"] - cut) < 1e-3, (told["cut"], cut)
            middle = instant(told["middle"])
            sides, phases = ([], []), (defaultdict(float), defaultdict(float))
            for row in rows:
                after = instant(row["merged"]) >= middle
                whole = seconds(row, "cycle-time")
                scale = min(1, cut / whole) if whole else 1
                sides[after].append(whole * scale)
                for phase in PHASES:
                    phases[after][phase] += (seconds(row, f"{phase}-time") or 0) * scale
            before, now = (sum(side) / len(side) for side in sides)
            assert (told["n_before"], told["n_after"]) == (len(sides[0]), len(sides[1])), told
            assert abs(told["mean_before"] - before) < 1e-3 and abs(told["mean_after"] - now) < 1e-3, (told, before, now)
            assert abs(told["change"] - (now - before)) < 1e-3
            for phase in PHASES:
                moved = phases[1][phase] / len(sides[1]) - phases[0][phase] / len(sides[0])
                assert abs(told["parts"][phase] - moved) < 1e-3, (phase, told["parts"], moved)
            for by in ("repository", "team", "size"):
                groups = [item for item in told["items"] if item["by"] == by]
                assert abs(sum(group["change"] for group in groups) - told["change"]) < 1e-5, by
                assert sum(group["n_after"] for group in groups) == told["n_after"], by
                for group in groups:
                    assert abs(group["within"] + group["mix"] - group["change"]) < 1e-5, group
                    assert abs(sum(group["parts"].values()) - group["change"]) < 1e-5, group
            repositories = [item for item in told["items"] if item["by"] == "repository"]
            for group in repositories:
                window = f"&repository={group['name']}&from={told['middle']}&until={told['until']}"
                assert group["n_after"] == len(merged(admin, window)), group
    finally:
        sandbox.stop()


@test
def a_period_without_anything_before_it_has_no_change(programs, folder):
    sandbox, _, _ = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            told = admin.expect(200, "GET", "/api/v1/cycle-time-change?days=3660")
            assert told["n_before"] == 0 and told["n_after"] > 0 and told["change"] is None and told["items"] == []
    finally:
        sandbox.stop()


@test
def one_caller_cannot_take_the_workers_from_the_others(programs, folder):
    with Server(programs.driver, folder) as server:
        admin = first_administrator(server)
        token = admin.expect(201, "POST", "/api/v1/tokens", {"name": "t", "role": "viewer", "days": 1})["token"]
        refused = []

        def hurry():
            for _ in range(120):
                answer = server.ask("GET", "/api/v1/session", authorization=f"Bearer {token}")
                if answer.status == 429:
                    refused.append(answer)

        hurriers = [threading.Thread(target=hurry) for _ in range(8)]
        for one in hurriers:
            one.start()
        for one in hurriers:
            one.join()
        assert refused, "960 requests were let through"
        answer = refused[-1]
        assert answer.getheader("content-type") == "application/problem+json"
        assert int(answer.getheader("retry-after")) >= 1
        assert admin.ask("GET", "/api/v1/session").status == 200  # another caller has his own
        values = dict(line.rsplit(" ", 1) for line in server.ask("GET", "/metrics").content.decode().splitlines()
                      if not line.startswith("#"))
        assert int(values["plumbline_http_throttled_total"]) >= len(refused)


test.main()
