"""Teams in the API: what it changes is what the command line lists and what measures by team show."""
import sys

from sync_support import Tests
from web_teams_scene import Scene

test = Tests(sys.argv)


@test
def a_team_is_made_filled_and_seen_in_the_measures(programs, folder):
    with Scene(programs, folder) as scene:
        people = scene.busiest(4)
        made = scene.editor.expect(201, "POST", "/api/v1/teams", {"name": "Payments", "zone": "Europe/Berlin"})
        assert made == scene.told("team", "show", "Payments")
        team = made["teams"][0]
        assert (team["zone"], team["days"], team["members"]) == ("Europe/Berlin", None, [])
        path = f"/api/v1/teams/{team['id']}"
        filled = scene.editor.expect(200, "POST", path + "/members",
                                     {"people": [person[0] for person in people[:3]]})
        assert filled == scene.told("team", "show", "Payments")
        assert {member["name"] for member in filled["teams"][0]["members"]} == {
            person[1] for person in people[:3]}
        assert scene.by_team()["Payments"] == sum(person[2] for person in people[:3])
        # A move from a day on leaves the past; one who is in no team is moved as well.
        after = scene.editor.expect(200, "POST", path + "/members",
                                    {"people": [people[3][0]], "since": "2100-01-01", "move": True})
        assert after["teams"][0]["members"] == scene.told("team", "show", "Payments")["teams"][0]["members"]
        assert scene.by_team()["Payments"] == sum(person[2] for person in people[:3])
        # Who never was in it takes his pull requests along.
        ended = scene.editor.expect(200, "DELETE", f"{path}/members/{people[0][0]}?until=1971-01-01")
        assert [member["until"][:10] for member in ended["teams"][0]["members"]
                if member["person"] == people[0][0]] == ["1971-01-01"]
        assert scene.viewer.expect(200, "GET", "/api/v1/teams") == scene.told("team", "list")
        changed = scene.editor.expect(200, "PATCH", path, {"name": "Money", "hours": "10:00-16:00"})["teams"][0]
        assert (changed["name"], changed["from"], changed["until"], changed["zone"]) == (
            "Money", "10:00", "16:00", "Europe/Berlin")
        back = scene.editor.expect(200, "PATCH", path, {"hours": None, "zone": None})["teams"][0]
        assert (back["from"], back["zone"]) == (None, None)
        scene.editor.expect(422, "DELETE", path)
        scene.editor.expect(204, "DELETE", path + "?past=true")
        scene.editor.expect(404, "GET", path)
        assert "Money" not in scene.by_team() and scene.told("team", "list")["teams"] == []
        acts = scene.admin.expect(200, "GET", "/api/v1/acts?actor=ed@example.com")["items"]
        assert [act["act"] for act in acts] == [
            "team.remove", "team.change", "team.change", "team.member.end", "team.member.move",
            "team.member.add", "team.make"]
        assert "called Payments before" in acts[2]["detail"] and people[0][1] in acts[3]["detail"]


@test
def hours_change_working_time_and_not_the_clock(programs, folder):
    with Scene(programs, folder) as scene:
        people = scene.busiest(3)
        team = scene.editor.expect(201, "POST", "/api/v1/teams", {"name": "Payments"})["teams"][0]
        path = f"/api/v1/teams/{team['id']}"
        scene.editor.expect(200, "POST", path + "/members", {"people": [person[0] for person in people]})

        def cycle(time):
            answer = scene.viewer.expect(200, "GET", "/api/v1/query?measures=cycle-time&statistics=mean&by=team"
                                                     f"&days=3660&time={time}")
            return {row["label"][0]: row["cells"][0]["value"] for row in answer["rows"]}["Payments"]
        working, wall = cycle("working"), cycle("wall")
        scene.editor.expect(200, "PATCH", path, {"hours": "09:00-13:00"})
        assert 0 < cycle("working") < working
        assert cycle("wall") == wall


@test
def files_go_in_and_come_out_as_on_the_command_line(programs, folder):
    with Scene(programs, folder) as scene:
        people = scene.busiest(3)
        text = "[Payments]\nzone = Europe/Berlin\nmembers = " + "; ".join(
            person[1] for person in people) + "\nholidays = 2026-12-24\n"
        assert scene.editor.expect(200, "POST", "/api/v1/team-file", {"text": text}) == {"teams": 1, "people": 3}
        assert scene.editor.expect(200, "POST", "/api/v1/team-file", {"text": text}) == {"teams": 1, "people": 0}
        assert scene.by_team()["Payments"] == sum(person[2] for person in people)
        answer = scene.viewer.ask("GET", "/api/v1/team-file")
        assert answer.status == 200 and answer.getheader("content-type").startswith("text/plain")
        assert answer.content.decode() == scene.program.succeed("team", "export", *scene.data)
        listed = scene.viewer.expect(200, "GET", "/api/v1/teams")
        scene.editor.expect(200, "POST", "/api/v1/team-file", {"text": answer.content.decode()})
        assert scene.viewer.expect(200, "GET", "/api/v1/teams") == listed
        path = f"/api/v1/teams/{listed['teams'][0]['id']}/holidays"
        calendar = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
                    "DTSTART;VALUE=DATE:20260101\r\nSUMMARY:New Year\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
        both = scene.editor.expect(200, "POST", path, {"text": calendar})["teams"][0]["holidays"]
        assert both == [{"day": "2026-01-01", "name": "New Year"}, {"day": "2026-12-24", "name": ""}]
        only = scene.editor.expect(200, "POST", path, {"text": calendar, "replace": True})["teams"][0]["holidays"]
        assert only == both[:1]
        # A file is read whole or not at all.
        broken = "[Alpha]\nmembers = " + people[0][1] + "\n[Beta]\nmembers = nobody at all\n"
        problem = scene.editor.expect(404, "POST", "/api/v1/team-file", {"text": broken})
        assert "Beta" in problem["detail"] and "nobody at all" in problem["detail"], problem
        assert scene.viewer.expect(200, "GET", "/api/v1/teams")["teams"][0]["name"] == "Payments"
        scene.editor.expect(422, "POST", path, {"text": "no calendar"})
        scene.editor.expect(413, "POST", "/api/v1/team-file", {"text": "#" * (1024 * 1024 + 1)})


@test
def viewers_only_look_and_bad_input_is_refused_in_words(programs, folder):
    with Scene(programs, folder) as scene:
        person = scene.busiest(1)[0]
        team = scene.editor.expect(201, "POST", "/api/v1/teams", {"name": "Payments"})["teams"][0]
        path = f"/api/v1/teams/{team['id']}"
        for method, where, body in (
                ("POST", "/api/v1/teams", {"name": "Mine"}), ("PATCH", path, {"name": "Mine"}),
                ("DELETE", path, None), ("POST", path + "/members", {"people": [person[0]]}),
                ("DELETE", f"{path}/members/{person[0]}", None), ("POST", path + "/holidays", {"text": ""}),
                ("POST", "/api/v1/team-file", {"text": "[Mine]\n"})):
            scene.viewer.expect(403, method, where, body)
        for body, word in (({}, "name"), ({"name": " x"}, "blank"), ({"name": "a [b]"}, "bracket"),
                           ({"name": "Payments"}, "already"), ({"name": "payments"}, "already"),
                           ({"name": "A", "zone": "Mars/Base"}, "Mars"), ({"name": "A", "days": 7}, "days"),
                           ({"name": "A", "hours": "morning"}, "09:00-17:00")):
            problem = scene.editor.expect(422, "POST", "/api/v1/teams", body)
            assert word in problem["detail"], (body, problem)
        for body, status, word in (
                ({}, 422, "people"), ({"people": []}, 422, "people"), ({"people": [1]}, 404, "person"),
                ({"people": [person[0]], "since": "soon"}, 422, "since"),
                ({"people": [person[0]], "since": "2026-02-01", "until": "2026-01-01"}, 422, person[1]),
                ({"people": [person[0]] * 101}, 422, "100")):
            problem = scene.editor.expect(status, "POST", path + "/members", body)
            assert word in problem["detail"], (body, problem)
        scene.editor.expect(200, "POST", path + "/members", {"people": [person[0]]})
        other = scene.editor.expect(201, "POST", "/api/v1/teams", {"name": "Search"})["teams"][0]
        problem = scene.editor.expect(422, "POST", f"/api/v1/teams/{other['id']}/members", {"people": [person[0]]})
        assert "Payments" in problem["detail"] and "move" in problem["detail"]
        scene.editor.expect(404, "DELETE", f"/api/v1/teams/{other['id']}/members/{person[0]}")
        scene.editor.expect(404, "GET", "/api/v1/teams/12345")
        scene.editor.expect(404, "GET", "/api/v1/teams/x")
        assert [one["name"] for one in scene.told("team", "list")["teams"]] == ["Payments", "Search"]


test.main()
