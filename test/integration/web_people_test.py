"""People in the API: finding them, deciding who is who, assigning findings to them, and ending mutes."""
import sys
from datetime import datetime, timedelta

from sync_support import Tests
from web_teams_scene import Scene

test = Tests(sys.argv)
PEOPLE = "/api/v1/people"


def pages(visitor, query):
    """Everybody of a question, page by page."""
    items, cursor = [], ""
    while True:
        page = visitor.expect(200, "GET", f"{PEOPLE}?{query}{cursor}")
        items += page["items"]
        assert len(page["items"]) > 0 or page["in_all"] == 0
        if "next_cursor" not in page:
            assert len(items) == page["in_all"]
            return items
        cursor = f"&cursor={page['next_cursor']}"


@test
def people_are_found_page_by_page_as_the_command_line_lists_them(programs, folder):
    with Scene(programs, folder) as scene:
        listed = scene.told("identity", "list")["people"]
        assert len(listed) > 14
        assert pages(scene.viewer, "limit=7") == listed
        assert pages(scene.viewer, "show=bots") == [one for one in listed if one["is_bot"]] != []
        assert pages(scene.viewer, "show=people&limit=200") == [
            one for one in listed if not one["is_bot"] and not one["is_excluded"]]
        assert pages(scene.viewer, "show=merged") == [one for one in listed if one["merged"]] != []
        one = next(one for one in listed if any(name["kind"] == "email" for name in one["names"]))
        address = next(name["value"] for name in one["names"] if name["kind"] == "email")
        assert one in pages(scene.viewer, "q=" + address.upper().replace("@", "%40"))
        words = one["name"].split()
        found = pages(scene.viewer, "q=" + "%20".join(word[:3].lower() for word in reversed(words)))
        assert one in found and len(found) < len(listed)
        assert scene.viewer.expect(200, "GET", f"{PEOPLE}?q=zzzzzz") == {"in_all": 0, "items": []}
        assert scene.viewer.expect(200, "GET", f"{PEOPLE}/{one['id']}") == scene.told(
            "identity", "show", address)
        for query in ("limit=0", "limit=201", "limit=x", "show=ranks", "cursor=1", "cursor=x",
                      "q=" + "x" * 201):
            scene.viewer.expect(422, "GET", f"{PEOPLE}?{query}")
        scene.viewer.expect(404, "GET", f"{PEOPLE}/12345")


@test
def what_is_in_doubt_is_decided_and_taken_back(programs, folder):
    with Scene(programs, folder) as scene:
        listed = scene.viewer.expect(200, "GET", "/api/v1/doubts")
        assert listed == scene.told("identity", "review")
        first, second = listed["doubts"][:2]
        person, other = first["person"], first["other"]

        def pairs():
            return {(doubt["person"]["id"], doubt["other"]["id"])
                    for doubt in scene.viewer.expect(200, "GET", "/api/v1/doubts")["doubts"]}
        # The account stays the person, whichever way round it is said.
        merged = scene.admin.expect(200, "POST", f"{PEOPLE}/{other['id']}/merge", {"into": person["id"]})["people"][0]
        assert merged["id"] == other["id"] and merged["uuid"] is not None
        assert (person["id"], "by-hand") in {(one["id"], one["rule"]) for one in merged["merged"]}
        assert merged == scene.told("identity", "show", other["handle"])["people"][0]
        assert (person["id"], other["id"]) not in pairs()
        assert scene.viewer.expect(200, "GET", f"{PEOPLE}/{person['id']}")["people"][0] == merged
        scene.admin.expect(422, "POST", f"{PEOPLE}/{person['id']}/merge", {"into": other["id"]})
        alone = scene.admin.expect(200, "POST", f"{PEOPLE}/{person['id']}/split", {})["people"][0]
        assert alone["id"] == person["id"] and alone["uuid"] is None
        assert (person["id"], other["id"]) not in pairs()  # told apart: nobody is asked again
        scene.admin.expect(404, "POST", f"{PEOPLE}/{person['id']}/split", {})
        pair = second["person"]["id"], second["other"]["id"]
        assert pair in pairs()
        scene.admin.expect(200, "POST", f"{PEOPLE}/{pair[0]}/different", {"from": pair[1]})
        assert pair not in pairs()
        scene.admin.expect(422, "POST", f"{PEOPLE}/{pair[0]}/different", {"from": pair[0]})
        acts = scene.admin.expect(200, "GET", "/api/v1/acts?actor=ada@example.com")["items"]
        assert [act["act"] for act in acts[:3]] == ["person.different", "person.split", "person.merge"]


@test
def a_merge_joins_the_pull_requests_of_two_accounts(programs, folder):
    with Scene(programs, folder) as scene:
        (one, _, merged), (two, name, more) = scene.busiest(2)
        team = scene.editor.expect(201, "POST", "/api/v1/teams", {"name": "Both"})["teams"][0]
        # Of a single person, so the least size is taken down as an operator would.
        scene.program.succeed("settings", "set", "privacy.least-group", "1", *scene.data)
        scene.editor.expect(200, "POST", f"/api/v1/teams/{team['id']}/members", {"people": [two]})
        assert scene.by_team()["Both"] == more
        scene.admin.expect(200, "POST", f"{PEOPLE}/{one}/merge", {"into": two})
        assert scene.by_team()["Both"] == merged + more
        scene.admin.expect(200, "POST", f"{PEOPLE}/{one}/split", {})
        assert scene.by_team()["Both"] == more
        # A bot counts nowhere, and is in no team of the comparison.
        marked = scene.admin.expect(200, "PATCH", f"{PEOPLE}/{two}", {"is_bot": True})["people"][0]
        assert marked["is_bot"] and marked["bot_reason"] == "by hand: a bot"
        assert scene.by_team().get("Both", 0) == 0
        scene.admin.expect(200, "PATCH", f"{PEOPLE}/{two}", {"is_bot": False, "is_excluded": True})
        assert scene.by_team().get("Both", 0) == 0
        back = scene.admin.expect(200, "PATCH", f"{PEOPLE}/{two}", {"is_excluded": False})["people"][0]
        assert not back["is_bot"] and not back["is_excluded"]
        assert back == scene.told("identity", "show", name)["people"][0]
        assert scene.by_team()["Both"] == more


@test
def only_administrators_decide_who_is_who(programs, folder):
    with Scene(programs, folder) as scene:
        doubt = scene.viewer.expect(200, "GET", "/api/v1/doubts")["doubts"][0]
        path = f"{PEOPLE}/{doubt['person']['id']}"
        for visitor in (scene.viewer, scene.editor):
            visitor.expect(403, "POST", path + "/merge", {"into": doubt["other"]["id"]})
            visitor.expect(403, "POST", path + "/different", {"from": doubt["other"]["id"]})
            visitor.expect(403, "POST", path + "/split", {})
            visitor.expect(403, "PATCH", path, {"is_bot": True})
        for body in ({}, {"into": "x"}, {"into": 0}, {"into": None}):
            scene.admin.expect(422, "POST", path + "/merge", body)
        scene.admin.expect(404, "POST", path + "/merge", {"into": 12345})
        for body in ({}, {"is_bot": "yes"}, {"is_bot": True, "is_excluded": 1}):
            scene.admin.expect(422, "PATCH", path, body)
        assert not scene.viewer.expect(200, "GET", path)["people"][0]["is_bot"]
        assert doubt in scene.viewer.expect(200, "GET", "/api/v1/doubts")["doubts"]


@test
def a_finding_is_assigned_to_somebody_by_id(programs, folder):
    with Scene(programs, folder) as scene:
        finding = scene.viewer.expect(200, "GET", "/api/v1/findings")["findings"][0]
        path = f"/api/v1/findings/{finding['id']}/steps"
        one = pages(scene.viewer, "show=people")[0]
        after = scene.editor.expect(200, "POST", path, {"action": "assign", "person": one["id"]})
        assert after["assigned_to"] == {"id": one["id"], "name": one["name"]}
        assert (after["history"][-1]["kind"], after["history"][-1]["note"]) == ("assigned", one["name"])
        assert scene.editor.expect(200, "POST", path, {"action": "assign"})["assigned_to"] is None
        scene.editor.expect(404, "POST", path, {"action": "assign", "person": 12345})
        scene.editor.expect(422, "POST", path, {"action": "assign", "person": True})


@test
def a_mute_is_listed_and_ended(programs, folder):
    with Scene(programs, folder) as scene:
        assert scene.viewer.expect(200, "GET", "/api/v1/mutes") == {"mutes": []}
        finding = scene.viewer.expect(200, "GET", "/api/v1/findings?rule=waiting-for-review")["findings"][0]
        path = f"/api/v1/findings/{finding['id']}"
        scene.editor.expect(200, "POST", path + "/steps", {"action": "mute", "note": "asleep until spring"})
        mutes = scene.viewer.expect(200, "GET", "/api/v1/mutes")
        assert mutes == scene.told("insights", "mutes")
        mute = mutes["mutes"][0]
        assert (mute["actor"], mute["reason"], mute["rule"]) == (
            "ed@example.com", "asleep until spring", "waiting-for-review")
        assert scene.viewer.expect(200, "GET", path)["muted_by"] == mute["id"]
        assert mute["until"] is None
        scene.viewer.expect(403, "DELETE", f"/api/v1/mutes/{mute['id']}")
        scene.editor.expect(404, "DELETE", "/api/v1/mutes/00000000000")
        scene.editor.expect(204, "DELETE", f"/api/v1/mutes/{mute['id']}")
        scene.editor.expect(404, "DELETE", f"/api/v1/mutes/{mute['id']}")
        after = scene.viewer.expect(200, "GET", path)
        assert (after["state"], after["muted_by"]) == ("open", None)
        assert (after["history"][-1]["kind"], after["history"][-1]["actor"]) == ("unmuted", "ed@example.com")
        assert scene.viewer.expect(200, "GET", "/api/v1/mutes") == {"mutes": []}
        scene.editor.expect(200, "POST", path + "/steps", {"action": "mute", "note": "again", "days": 3})
        kept = scene.viewer.expect(200, "GET", "/api/v1/mutes")["mutes"][0]
        day = lambda name: datetime.fromisoformat(kept[name].replace("Z", "+00:00"))
        assert day("until") - day("created") == timedelta(days=3)
        act = scene.admin.expect(200, "GET", "/api/v1/acts?act=mute.end")["items"][0]
        assert (act["actor"], act["subject"], act["detail"]) == (
            "ed@example.com", "waiting-for-review", "asleep until spring")


test.main()
