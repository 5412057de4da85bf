"""Measures of deliveries on a real sandbox, as the command line tells them."""
import json
import os
import sqlite3
import sys

from cli_support import Program, percentile
from delivery_support import History, deployments_of, judged, merges_of, releases_of
from sync_support import Sandbox, Tests, microseconds

test = Tests(sys.argv)


class Company:
    """A sandbox that was connected and read once."""

    def __init__(self, programs, folder, seed):
        self.sandbox = Sandbox(programs, folder, seed=seed)
        self.program = Program(programs, self.sandbox, folder)
        self.data = os.path.join(folder, "data")
        self.program.succeed(
            "--data", self.data, "connect", "--workspace", self.sandbox.ready["workspace"]["slug"],
            "--api-base", self.program.api, "--token-file", self.program.token_file("workspace"))
        self.program.succeed("--data", self.data, "sync", "--quiet")
        self.truth = self.sandbox.truth()

    def query(self, sql):
        path = os.path.join(self.data, "plumbline.db")
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            return db.execute(sql).fetchall()

    def measure(self, *arguments):
        return json.loads(self.program.succeed("--data", self.data, "measure", *arguments,
                                               "--days", "3660", "--format", "json"))


@test
def measures_of_deliveries_equal_the_truth(programs, folder):
    company = Company(programs, folder, 20)
    try:
        bots = {person["uuid"] for person in company.truth["people"] if person["is_bot"]}
        merges = merges_of(company.query)
        answer = company.measure("lead-time", "deployments", "deployment-days",
                                 "change-failure-rate", "recovery-time", "--by", "repository")
        rows = {row["label"][0]: {cell["measure"]: cell for cell in row["cells"]}
                for row in answer["rows"]}
        known = 0
        for repository in company.truth["repositories"]:
            name = repository["full_name"]
            production = [d for d in deployments_of(repository) if d["environment"] == "Production"]
            if not production:
                cells = rows.get(name, {})
                assert all(cell["value"] is None for cell in cells.values()), (name, cells)
                continue
            known += 1
            history = History(company.sandbox, repository["uuid"])
            released = releases_of(repository, history, merges[name])
            leads = [max(0, released[pull["number"]] - microseconds(pull["first_commit"])) / 1e6
                     for pull in repository["pull_requests"]
                     if pull["number"] in released and pull["author"] not in bots]
            successes = [d for d in production if d["state"] == "SUCCESSFUL"]
            verdicts = judged(repository, history)
            changes = [d for d in production if not verdicts[d["uuid"]][1]]
            failures = [d for d in changes if verdicts[d["uuid"]][0]]
            outages = [(verdicts[d["uuid"]][2] - microseconds(d["completed"])) / 1e6
                       for d in failures if verdicts[d["uuid"]][2] is not None]
            cells = rows[name]
            assert abs(cells["lead-time"]["value"] - percentile(leads, 0.5)) < 1e-5, name
            assert cells["lead-time"]["n"] == len(leads)
            assert cells["deployments"]["value"] == len(successes)
            assert cells["deployment-days"]["value"] == len({d["completed"][:10] for d in successes})
            assert abs(cells["change-failure-rate"]["value"] - len(failures) / len(changes)) < 1e-9
            assert cells["recovery-time"]["n"] == len(outages)
            if outages:
                assert abs(cells["recovery-time"]["value"] - percentile(outages, 0.5)) < 1e-5, name
        silent = len(company.truth["repositories"]) - known
        assert known > 1 and silent > 0
        assert f"{silent} of {known + silent} repositories" in answer["note"], answer["note"]
    finally:
        company.sandbox.stop()


@test
def a_repository_without_deployments_is_silent_until_somebody_says_what_a_release_is(programs, folder):
    company = Company(programs, folder, 7)
    try:
        silent = next(r for r in company.truth["repositories"]
                      if not r["deployments"] and any(p["merged"] for p in r["pull_requests"]))
        name = silent["full_name"]
        asked = ("deployments", "change-failure-rate", "lead-time", "--repository", name)
        answer = company.measure(*asked)
        assert [cell["value"] for cell in answer["rows"][0]["cells"]] == [None] * 3
        assert "plumbline releases set" in answer["note"]
        shown = company.program.succeed("--data", company.data, "measure", "deployments",
                                        "--repository", name)
        assert "not known of this repository" in " ".join(shown.split()), shown
        listed = company.program.succeed("--data", company.data, "releases")
        line = next(line for line in listed.splitlines() if name in line)
        assert line.split() == [name, "deployments", "nothing"], line

        said = company.program.succeed("--data", company.data, "releases", "set", name, "merge")
        assert "1 changed" in said, said
        answer = company.measure(*asked)
        cells = answer["rows"][0]["cells"]
        merged = [p for p in silent["pull_requests"] if p["merged"]]
        into_main = company.query(
            "SELECT COUNT(*) FROM fact_pr f JOIN repository r USING (workspace_id, repository_id)"
            f" WHERE r.full_name = '{name}' AND merged_at IS NOT NULL"
            " AND f.destination_branch = r.main_branch")[0][0]
        assert cells[0]["value"] == into_main > 0 and into_main <= len(merged)
        assert cells[1]["value"] is None and "does not fail" in answer["note"]
        assert cells[2]["value"] > 0
        different = company.query(
            "SELECT number FROM fact_pr f JOIN repository r USING (workspace_id, repository_id)"
            f" WHERE r.full_name = '{name}' AND f.destination_branch = r.main_branch"
            " AND f.merged_at IS NOT f.released_at")
        assert not different, different
        company.program.succeed("--data", company.data, "releases", "set", name, "deployments")
        assert company.measure(*asked)["rows"][0]["cells"][0]["value"] is None
        company.program.fail(2, "--data", company.data, "releases", "set", name, "sometimes")
        company.program.fail(4, "--data", company.data, "releases", "set", "nowhere/*", "merge")
    finally:
        company.sandbox.stop()


test.main()
