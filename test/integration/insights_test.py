"""What rules find in a planted company beside what was planted; acting on it from the command line."""
import json
import sys

from cli_support import Program
from sync_support import Sandbox, Tests, microseconds

test = Tests(sys.argv)

# Rules whose findings rest on policies and connections are tested where those are set up.
ELSEWHERE = {"too-few-approvals", "missing-required-approver", "approved-only-by-author",
             "changed-after-approval", "merged-with-failed-build", "merged-with-open-tasks",
             "merged-unreviewed", "no-issue-key", "token-expires", "scope-missing",
             "scope-excess", "not-synchronised"}
# Of these the truth tells from when on they are findings, to half a minute: after so many hours.
DATED = {"waiting-for-review": 24, "no-reviewer": 4, "stale": 7 * 24, "changes-unanswered": 3 * 24}
HOUR = 3600 * 1000000


class Company:
    """A planted sandbox, read into a data folder by the program."""

    def __init__(self, programs, folder):
        self.sandbox = Sandbox(programs, folder, size=None, arguments=["--pathologies"])
        self.program = Program(programs, self.sandbox, folder)
        self.data = folder + "/data"
        workspace = self.sandbox.ready["repositories"][0]["full_name"].split("/")[0]
        self.program.succeed("connect", "--data", self.data, "--workspace", workspace,
                             "--api-base", self.program.api, "--token-file",
                             self.program.token_file("workspace"))
        self.said = self.sync()

    def sync(self):
        code, _, message = self.program.run("sync", "--data", self.data, "--unlimited")
        assert code == 0, message
        return message

    def insights(self, *arguments):
        return self.program.succeed("insights", *arguments, "--data", self.data)

    def json(self, *arguments):
        return json.loads(self.insights(*arguments, "--format", "json"))

    def stop(self):
        self.sandbox.stop()


def instant(text):
    return microseconds(text if "." in text else text.replace("Z", ".000000Z"))


def planted(truth):
    names = {person["uuid"]: person["display_name"] for person in truth["people"]}
    return {(f["rule"], f["repository"], f["number"], names.get(f["person"])): f
            for f in truth["findings"]}


def condition(finding):
    return (finding["rule"], finding["repository"] and finding["repository"]["name"],
            finding["number"], finding["person"] and finding["person"]["name"])


def must_agree(company, rules, only_planted=True):
    expected = {k: f for k, f in planted(company.sandbox.truth()).items() if k[0] in rules}
    found = {condition(f): f for f in company.json()["findings"] if f["rule"] in rules}
    assert len(expected) > 20
    if not only_planted:
        found = {key: finding for key, finding in found.items() if key in expected}
    assert expected.keys() == found.keys(), {
        "missed": sorted(map(str, expected.keys() - found.keys()))[:20],
        "false": sorted(map(str, found.keys() - expected.keys()))[:20]}
    for key, finding in found.items():
        for part in ("what", "why", "next", "evidence"):
            assert finding[part], (key, part)
        at = expected[key]["at"]
        if key[0] in DATED and at is not None:
            begins = instant(finding["since"]) + DATED[key[0]] * HOUR
            assert abs(begins - microseconds(at)) < HOUR / 120, (key, finding["since"], at)


def open_ones(company, rule):
    return [f for f in company.json("--rule", rule)["findings"]]


@test
def exactly_what_was_planted_is_found_and_people_act_on_it(programs, folder):
    company = Company(programs, folder)
    try:
        rules = {rule["id"] for rule in company.json("rules")["rules"]} - ELSEWHERE
        must_agree(company, rules)
        assert "new findings" in company.said, company.said

        # One is acknowledged by its short name, one snoozed, one dismissed with a reason.
        first, second = open_ones(company, "waiting-for-review")[:2]
        name = first["id"][:7]
        assert company.json("act", name, "acknowledge")["state"] == "acknowledged"
        snoozed = company.json("act", second["id"], "snooze", "--until", "12h")
        assert snoozed["state"] == "snoozed"
        assert [f["id"] for f in open_ones(company, "waiting-for-review")] == [first["id"]]
        company.program.fail(2, "insights", "act", name, "dismiss", "--data", company.data)
        shown = company.json("show", name)
        assert [step["kind"] for step in shown["history"]] == ["found", "acknowledged"]

        # A rule that is switched off has no findings, and keeps its parameters.
        company.insights("set", "too-large", "lines=5000", "off")
        assert open_ones(company, "too-large") == []
        company.insights("set", "too-large", "on")
        assert open_ones(company, "too-large") == []
        company.insights("set", "too-large", "default")
        assert len(open_ones(company, "too-large")) == len(
            [f for f in planted(company.sandbox.truth()) if f[0] == "too-large"])

        # What a dry run says of today, as it is set, is what holds.
        trial = company.json("dry-run", "stale", "--set", "after=30d")
        assert trial["as_set"]["holding"] == len(open_ones(company, "stale"))
        assert trial["as_tried"]["findings"] <= trial["as_set"]["findings"]

        # A day later the snoozed one is awake or over, and nothing is missed. (There may be more: the
        # plan does not say what becomes of ordinary pull requests that were open at the epoch.)
        company.insights("act", name, "reopen")
        company.sandbox.advance(days=1)
        company.sync()
        must_agree(company, rules, only_planted=False)
    finally:
        company.stop()


test.main()
