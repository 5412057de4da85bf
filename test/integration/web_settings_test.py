"""What is set for a workspace, over the API: the same as plumbline settings, refused in words, followed at once, and in the log."""
import csv
import datetime
import io
import json
import sys

from sync_support import Tests
from web_support import Visitor
from web_teams_scene import Scene

test = Tests(sys.argv)
SETTINGS, ACTS = "/api/v1/settings", "/api/v1/acts"
CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
UID:1\r
DTSTART;VALUE=DATE:20261225\r
DTEND;VALUE=DATE:20261227\r
SUMMARY:Christmas\r
END:VEVENT\r
END:VCALENDAR\r
"""


def staged(function):
    @test
    def run(programs, folder):
        with Scene(programs, folder) as scene:
            function(scene)
    run.__name__ = function.__name__
    return run


def values(visitor):
    return {one["key"]: one["value"] for one in visitor.expect(200, "GET", SETTINGS)["settings"]}


def the_settings_are_those_of_the_command_line(scene):
    assert scene.viewer.expect(200, "GET", SETTINGS)["settings"] == scene.told("settings")["settings"]
    answer = scene.admin.expect(200, "PATCH", SETTINGS, {"calendar.zone": "Europe/Berlin", "calendar.from": "18:00",
                                                         "calendar.until": "22:00"})
    assert answer["settings"] == scene.told("settings")["settings"]
    assert values(scene.viewer)["calendar.zone"] == "Europe/Berlin"
    again = scene.admin.expect(200, "PATCH", SETTINGS, {"calendar.zone": None})["settings"][0]
    assert (again["key"], again["value"], again["is_set"]) == ("calendar.zone", "UTC", False)


def all_are_set_or_none_and_the_refusal_names_which(scene):
    before = values(scene.viewer)
    for body, words in (({"calendar.zone": "Europe/Atlantis"}, ("calendar.zone", "Atlantis")),
                        ({"privacy.people": "on", "privacy.least-group": "0"}, ("privacy.least-group", "1 to 100")),
                        ({"calendar.from": "18:00"}, ("calendar.",)),
                        ({"calendar.holidays": "2026-02-30"}, ("calendar.holidays",)),
                        ({"issues.pattern": "[A-Z"}, ("issues.pattern", "regular expression")),
                        ({"bots.patterns": "*"}, ("bots.patterns",)),
                        ({"calendar.colour": "blue"}, ("calendar.colour",)),
                        ({"privacy.people": True}, ("privacy.people",)), ({}, ("setting",))):
        detail = scene.admin.expect(422, "PATCH", SETTINGS, body)["detail"]
        assert all(word in detail for word in words), detail
        assert values(scene.viewer) == before, body
    acts = scene.admin.expect(200, "GET", f"{ACTS}?act=settings.set")
    assert acts["items"] == []


def who_is_no_administrator_reads_only(scene):
    for visitor in (scene.viewer, scene.editor):
        visitor.expect(200, "GET", SETTINGS)
        visitor.expect(403, "PATCH", SETTINGS, {"privacy.people": "on"})
        visitor.expect(403, "POST", f"{SETTINGS}/preview", {"bots.patterns": "a*"})
        visitor.expect(403, "POST", f"{SETTINGS}/holiday-file", {"text": CALENDAR})
        visitor.expect(403, "GET", ACTS)
    Visitor(scene.server).expect(401, "GET", SETTINGS)


def what_is_shown_of_people_follows_at_once(scene):
    by_author = "/api/v1/query?measures=merged&by=author&days=3660"
    assert scene.viewer.expect(200, "GET", "/api/v1/code/hot")["shows_people"] is False
    assert scene.viewer.ask("GET", by_author).status == 403
    scene.admin.expect(200, "PATCH", SETTINGS, {"privacy.people": "on"})
    assert scene.viewer.expect(200, "GET", "/api/v1/code/hot")["shows_people"] is True
    assert scene.viewer.expect(200, "GET", "/api/v1/audit")["by_person"] is True
    assert len(scene.viewer.expect(200, "GET", by_author)["rows"]) > 3
    # The columns in memory know the new least group too.
    scene.admin.expect(200, "PATCH", SETTINGS, {"privacy.least-group": "100"})
    assert scene.viewer.expect(200, "GET", by_author)["rows"] == []
    scene.admin.expect(200, "PATCH", SETTINGS, {"privacy.people": "off", "privacy.least-group": None})
    assert scene.viewer.ask("GET", by_author).status == 403


def numbers_follow_what_is_set(scene):
    def working():
        answer = scene.viewer.expect(200, "GET", "/api/v1/query?measures=cycle-time&days=3660&time=working")
        told = scene.told("measure", "cycle-time", "--days", "3660", "--working-time")["rows"][0]["cells"][0]
        cell = answer["rows"][0]["cells"][0]
        assert (cell["value"], cell["n"]) == (told["value"], told["n"])
        return cell["value"]
    nine_to_five = working()
    scene.admin.expect(200, "PATCH", SETTINGS, {"calendar.days": "mon-sun", "calendar.from": "00:00",
                                                "calendar.until": "24:00"})
    assert working() > nine_to_five
    _, name, merged = scene.busiest(1)[0]
    total = "/api/v1/query?measures=merged&days=3660"
    before = scene.viewer.expect(200, "GET", total)["rows"][0]["cells"][0]["value"]
    preview = scene.admin.expect(200, "POST", f"{SETTINGS}/preview", {"bots.patterns": name})
    assert preview == {"names": [name], "matching": 1}, preview
    scene.admin.expect(200, "PATCH", SETTINGS, {"bots.patterns": name})
    assert scene.viewer.expect(200, "GET", total)["rows"][0]["cells"][0]["value"] == before - merged


def patterns_and_files_can_be_tried_before_they_are_kept(scene):
    found = scene.admin.expect(200, "POST", f"{SETTINGS}/preview", {"issues.pattern": "[A-Z]+-[0-9]+"})
    listed = scene.viewer.expect(200, "GET", "/api/v1/pull-requests?sort=-opened")
    assert len(found["items"]) == min(20, listed["n"])
    assert found["matching"] == sum(item["key"] is not None for item in found["items"]) > 0
    for item in found["items"]:
        assert item["key"] is None or item["key"] in item["title"] + item["source_branch"]
    newest = listed["items"][:20]
    assert {(row["repository"]["id"], row["number"]) for row in newest} == \
        {(item["repository_id"], item["number"]) for item in found["items"]}
    scene.admin.expect(422, "POST", f"{SETTINGS}/preview", {"issues.pattern": "("})
    scene.admin.expect(422, "POST", f"{SETTINGS}/preview", {})
    days = scene.admin.expect(200, "POST", f"{SETTINGS}/holiday-file", {"text": CALENDAR})["days"]
    assert days == [{"day": "2026-12-25", "name": "Christmas"}, {"day": "2026-12-26", "name": "Christmas"}]
    assert values(scene.viewer)["calendar.holidays"] == ""
    scene.admin.expect(422, "POST", f"{SETTINGS}/holiday-file", {"text": "BEGIN:NOTHING"})
    scene.admin.expect(422, "POST", f"{SETTINGS}/holiday-file", {})
    scene.admin.expect(413, "POST", f"{SETTINGS}/holiday-file", {"text": "x" * 2_000_000})


def the_log_of_acts_is_filtered_paged_and_taken_away(scene):
    for i in range(60):
        scene.admin.expect(200, "PATCH", SETTINGS, {"calendar.zone": ("UTC", "Europe/Paris")[i % 2]})
    first = page = scene.admin.expect(200, "GET", ACTS)
    acts = list(page["items"])
    while "next_cursor" in page:
        assert len(page["items"]) == 50
        page = scene.admin.expect(200, "GET", f"{ACTS}?cursor={page['next_cursor']}")
        acts += page["items"]
    assert [act["seq"] for act in acts] == list(range(len(acts), 0, -1)) and len(acts) > 60
    assert set(first["kinds"]) == {act["act"] for act in acts} >= {"settings.set", "user.invite", "user.join"}
    assert set(first["actors"]) == {act["actor"] for act in acts}
    newest = acts[0]
    assert (newest["act"], newest["subject"]) == ("settings.set", "calendar.zone")
    assert newest["detail"] == "Europe/Paris, before: UTC" and newest["actor"] == "ada@example.com"
    mine = scene.admin.expect(200, "GET", f"{ACTS}?act=user.invite&actor=ada@example.com")["items"]
    assert mine == [act for act in acts if act["act"] == "user.invite"] and len(mine) == 2
    assert scene.admin.expect(200, "GET", f"{ACTS}?actor=nobody@example.com")["items"] == []
    since = acts[4]["at"]
    late = scene.admin.expect(200, "GET", f"{ACTS}?from={since}")["items"]
    assert late == [act for act in acts if act["at"] >= since]
    early = scene.admin.expect(200, "GET", f"{ACTS}?until={since}&act=settings.set")["items"]
    assert early == [act for act in acts if act["at"] < since and act["act"] == "settings.set"][:50]
    tomorrow = datetime.date.today() + datetime.timedelta(days=2)
    assert scene.admin.expect(200, "GET", f"{ACTS}?from={tomorrow}")["items"] == []
    answer = scene.admin.ask("GET", f"{ACTS}?format=csv")
    table = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    assert [{**row, "seq": int(row["seq"])} for row in table] == acts
    lines = scene.admin.ask("GET", f"{ACTS}?act=settings.set", accept="application/jsonl").content.decode()
    assert [json.loads(line) for line in lines.splitlines()] == [act for act in acts if act["act"] == "settings.set"]
    for query in ("from=soon", "cursor=x", "from=2026-02-01&until=2026-01-01"):
        scene.admin.expect(422, "GET", f"{ACTS}?{query}")


for scenario in (the_settings_are_those_of_the_command_line, all_are_set_or_none_and_the_refusal_names_which,
                 who_is_no_administrator_reads_only, what_is_shown_of_people_follows_at_once, numbers_follow_what_is_set,
                 patterns_and_files_can_be_tried_before_they_are_kept, the_log_of_acts_is_filtered_paged_and_taken_away):
    staged(scenario)

test.main()
