"""What the truth implies about deliveries: when pull requests were released, which deployments failed,
how long outages lasted. Containment is asked of git itself, not of the program's own walk."""
import os
import subprocess

from sync_support import microseconds

DAY = 86400 * 1000000


class History:
    """The sandbox's own repository, asked by git."""

    def __init__(self, sandbox, uuid):
        self.path = os.path.join(sandbox.folder, "git", uuid.strip("{}") + ".git")

    def git(self, *arguments):
        return subprocess.run(["git", "-C", self.path, *arguments], capture_output=True, text=True)

    def new_in(self, commit, earlier):
        """Commits reachable from @commit and from none of @earlier."""
        found = self.git("rev-list", commit, *("^" + hash for hash in earlier))
        assert found.returncode == 0, found.stderr
        return found.stdout.split()

    def is_older(self, commit, than):
        return commit != than and \
            self.git("merge-base", "--is-ancestor", commit, than).returncode == 0


def deployments_of(repository):
    """Those that succeeded or failed, by completion."""
    done = [d for d in repository["deployments"] if d["state"] in ("SUCCESSFUL", "FAILED")]
    return sorted(done, key=lambda d: (microseconds(d["completed"]), d["uuid"]))


def releases_of(repository, history, merges):
    """{number: instant}; @merges: {number: (hash, merged)}"""
    production = [d for d in deployments_of(repository)
                  if d["environment"] == "Production" and d["state"] == "SUCCESSFUL"]
    released, earlier = {}, []
    for deployment in production:
        at = microseconds(deployment["completed"])
        new = {commit[:12] for commit in history.new_in(deployment["commit"], earlier)}
        for number, (merge, merged) in merges.items():
            if merge[:12] in new and (earlier or merged >= at - 30 * DAY):
                released[number] = at
        earlier.append(deployment["commit"])
    return released


def judged(repository, history):
    """{uuid: (is failure, is rollback, restored)} by environment."""
    found = {}
    for place in {d["environment"] for d in repository["deployments"]}:
        mine = [d for d in deployments_of(repository) if d["environment"] == place]
        runs = None
        for deployment in mine:
            failed = deployment["state"] == "FAILED"
            back = not failed and runs is not None and \
                history.is_older(deployment["commit"], runs["commit"])
            found[deployment["uuid"]] = [failed, back, None]
            if back:
                found[runs["uuid"]][0] = True
            if not failed:
                runs = deployment
        began = None
        for deployment in mine:
            failed = found[deployment["uuid"]][0]
            if failed and began is None:
                began = deployment["uuid"]
            elif not failed and began is not None:
                found[began][2] = microseconds(deployment["completed"])
                began = None
    return {uuid: tuple(values) for uuid, values in found.items()}


def merges_of(query):
    """{full name: {number: (merge hash, merged)}}; @query runs SQL on the data file."""
    found = {}
    for name, number, merge, merged in query(
            "SELECT full_name, number, merge_hash, merged_at FROM fact_pr"
            " JOIN pull_request USING (workspace_id, repository_id, number)"
            " JOIN repository USING (workspace_id, repository_id)"
            " WHERE merged_at IS NOT NULL AND merge_hash IS NOT NULL"):
        found.setdefault(name, {})[number] = (merge, merged)
    return found


def check_releases(query, sandbox, truth):
    """How many were compared."""
    merges, compared = merges_of(query), 0
    mine = {(name, number): released for name, number, released in query(
        "SELECT full_name, number, released_at FROM fact_pr JOIN repository USING (workspace_id,"
        " repository_id)")}
    for repository in truth["repositories"]:
        name = repository["full_name"]
        history = History(sandbox, repository["uuid"])
        true = releases_of(repository, history, merges.get(name, {}))
        for pull in repository["pull_requests"]:
            assert mine[name, pull["number"]] == true.get(pull["number"]), \
                (name, pull["number"], mine[name, pull["number"]], true.get(pull["number"]))
        compared += len(true)
    assert compared > 100, compared
    return compared


def check_judgements(query, sandbox, truth):
    """How many were compared."""
    mine = {uuid: (bool(failed), bool(back), restored) for uuid, failed, back, restored in query(
        "SELECT key, is_failure, is_rollback, restored_at FROM fact_deployment")}
    true = {}
    for repository in truth["repositories"]:
        true.update(judged(repository, History(sandbox, repository["uuid"])))
    different = [uuid for uuid in true if mine.get(uuid) != true[uuid]]
    assert not different, [(uuid, mine.get(uuid), true[uuid]) for uuid in different[:5]]
    assert len(mine) == len(true)
    assert sum(failed for failed, _, _ in true.values()) > 5
    return len(true)
