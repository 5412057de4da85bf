"""What tests of teams and people share: everything read, and somebody of each role signed in."""
import json

from cli_support import read_company
from web_support import Server, first_administrator, invited

BY_TEAM = "/api/v1/query?measures=merged&by=team&days=3660"


class Scene:
    """Everything read, then a server that asks Bitbucket no more in the time of a test."""

    def __init__(self, programs, folder):
        self.sandbox, self.program, self.data = read_company(programs, folder)
        self.server = Server(programs.driver, folder, "--no-git")

    def __enter__(self):
        self.admin = first_administrator(self.server)
        self.editor = invited(self.server, self.admin, "ed@example.com", "editor")[0]
        self.viewer = invited(self.server, self.admin, "vi@example.com", "viewer")[0]
        return self

    def __exit__(self, *_):
        self.server.__exit__()
        self.sandbox.stop()

    def told(self, *arguments):
        return json.loads(self.program.succeed(*arguments, *self.data, "--format", "json"))

    def by_team(self):
        answer = self.viewer.expect(200, "GET", BY_TEAM)
        return {row["label"][0]: row["cells"][0]["value"] for row in answer["rows"]}

    def busiest(self, n):
        """Ids, names and merged pull requests of those who merged most, as the command line counts."""
        rows = self.told("measure", "merged", "--by", "author", "--days", "3660")["rows"][:n]
        return [(int(row["key"][0]), row["label"][0], row["cells"][0]["value"]) for row in rows]
