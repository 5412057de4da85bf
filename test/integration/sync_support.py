"""What the sync tests share: a sandbox, the driver, the store's content beside the truth, TAP."""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request

EVENT_KINDS = {1: "updated", 2: "ready", 3: "draft", 4: "reviewer-added", 5: "reviewer-removed",
               6: "approved", 7: "changes-requested", 8: "approval-withdrawn", 9: "commented",
               10: "merged", 11: "declined", 12: "superseded", 13: "reopened", 14: "edited"}


class Programs:
    """The binaries under test, as meson names them on the command line."""

    def __init__(self, sandbox, driver, dump):
        self.sandbox, self.driver, self.dump = sandbox, driver, dump


class Sandbox:
    def __init__(self, programs, folder, size="small", seed=7, quota=0, arguments=()):
        self.folder = os.path.join(folder, "sandbox")
        os.makedirs(self.folder)
        self.log = open(os.path.join(folder, "sandbox.log"), "w")
        self.process = subprocess.Popen(
            [programs.sandbox, *(["--size", size] if size is not None else []),
             "--seed", str(seed), "--quota", str(quota), "--state", self.folder, "--listen", "127.0.0.1:0", *arguments],
            stdout=self.log, stderr=self.log,
            env={**os.environ, "TSAN_OPTIONS": "report_bugs=0"})  # it is not what is tested
        path = os.path.join(self.folder, "ready.json")
        while not os.path.exists(path):
            if self.process.poll() is not None:
                raise RuntimeError("the sandbox ended: " + open(self.log.name).read())
            time.sleep(0.02)
        self.ready = json.load(open(path))

    def control(self, method, name, body=None):
        request = urllib.request.Request(
            self.ready["control_base"] + "/" + name, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + self.ready["control_token"],
                     "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")

    def advance(self, **step):
        self.control("POST", "advance", step)

    def fault(self, name, **options):
        self.control("POST", "faults", {"fault": name, **options})

    def faults(self):
        answer = self.control("GET", "faults")
        return answer.get("rules", answer.get("faults", [])) if isinstance(answer, dict) else answer

    def clear_faults(self):
        self.control("DELETE", "faults")

    def truth(self):
        self.control("POST", "truth")
        return json.load(open(os.path.join(self.folder, "truth.json")))

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        self.log.close()


class Client:
    """A data file, its mirrors, and the program that fills them."""

    def __init__(self, programs, sandbox, folder, arguments=(), git=True):
        os.makedirs(folder, exist_ok=True)
        self.programs, self.sandbox = programs, sandbox
        self.data = os.path.join(folder, "data.db")
        self.mirrors = os.path.join(folder, "mirrors")
        self.arguments = list(arguments)
        if git:
            os.makedirs(self.mirrors, exist_ok=True)
            self.arguments += ["--mirrors", self.mirrors]

    def command(self, *arguments):
        return [self.programs.driver, "--state", self.sandbox.folder, "--data", self.data,
                *self.arguments, *arguments]

    def start(self, *arguments):
        return subprocess.Popen(self.command(*arguments), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def try_run(self, *arguments):
        """(exit status, summary or None, what it wrote to standard error)"""
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True)
        summary = json.loads(done.stdout) if done.returncode == 0 and done.stdout else None
        return done.returncode, summary, done.stderr

    def run(self, *arguments):
        status, summary, message = self.try_run(*arguments)
        if status != 0:
            raise AssertionError(f"the driver ended with {status}: {message}")
        return summary

    def dump(self, *without):
        done = subprocess.run([self.programs.dump, self.data, *without], capture_output=True,
                              text=True, check=True)
        return done.stdout.splitlines()

    def query(self, sql, *parameters):
        with sqlite3.connect(f"file:{self.data}?mode=ro", uri=True) as db:
            return db.execute(sql, parameters).fetchall()

    def problems(self):
        return self.query("SELECT stage, code, sentence FROM sync_problem")

    def wipe(self):
        for name in (self.data, self.data + "-wal", self.data + "-shm"):
            if os.path.exists(name):
                os.remove(name)
        shutil.rmtree(self.mirrors, ignore_errors=True)
        os.makedirs(self.mirrors)


def microseconds(text):
    """Of an instant "YYYY-MM-DDTHH:MM:SS.ffffff+00:00"; None stays None."""
    if text is None:
        return None
    days = time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")
    import calendar
    return calendar.timegm(days) * 1000000 + int(text[20:26])


# ---- the store beside the truth

def stored_pull_requests(client):
    """{full name: {number: {...}}} in the words of truth.json."""
    uuid_of = dict(client.query("SELECT person_id, value FROM identity WHERE kind = 'uuid'"))
    result = {}
    names = dict(client.query("SELECT repository_id, full_name FROM repository"))
    for repository_id, name in names.items():
        pulls = result.setdefault(name, {})
        for row in client.query(
                "SELECT number, state, is_draft, title, author_id, created_at, commits_state,"
                " files_state FROM pull_request WHERE repository_id = ?", repository_id):
            pulls[row[0]] = {"state": row[1], "draft": bool(row[2]), "title": row[3],
                             "author": uuid_of.get(row[4]), "opened": row[5],
                             "commits_state": row[6], "files_state": row[7],
                             "events": [], "commits": set(), "lines": 0, "files": 0}
        for number, kind, at, actor, comment in client.query(
                "SELECT number, kind, at, actor_id, comment_id FROM pr_event"
                " WHERE repository_id = ?", repository_id):
            if number in pulls:
                pulls[number]["events"].append((EVENT_KINDS[kind], at, uuid_of.get(actor), comment))
        for number, commit in client.query(
                "SELECT number, hash FROM pr_commit WHERE repository_id = ?", repository_id):
            pulls[number]["commits"].add(commit)
        for number, lines, files in client.query(
                "SELECT number, SUM(COALESCE(lines_added, 0) + COALESCE(lines_removed, 0)),"
                " COUNT(*) FROM pr_file WHERE repository_id = ? GROUP BY number", repository_id):
            pulls[number]["lines"], pulls[number]["files"] = lines, files
    return result


def differences(client, truth, fresh=True):
    """Sentences about what the store has otherwise than the truth; [] when nothing. A store that is
    not fresh knows who people were before they left, and commits of branches deleted since."""
    found = []
    stored = stored_pull_requests(client)
    for repository in truth["repositories"]:
        name = repository["full_name"]
        pulls = stored.get(name, {})
        true_numbers = {pull["number"] for pull in repository["pull_requests"]}
        if set(pulls) != true_numbers:
            found.append(f"{name}: {len(pulls)} pull requests, not {len(true_numbers)}")
        for pull in repository["pull_requests"]:
            if pull["number"] in pulls:
                found += [f"{name}#{pull['number']}: {what}" for what in
                          pull_differences(pulls[pull["number"]], pull, fresh)]
        commits = client.query(
            "SELECT COUNT(*) FROM git_commit JOIN repository USING (workspace_id, repository_id)"
            " WHERE full_name = ? AND from_api = 0", name)[0][0]
        if client.mirrors in client.arguments and (
                commits < repository["commits"] or fresh and commits != repository["commits"]):
            found.append(f"{name}: {commits} commits from git, not {repository['commits']}")
    return found


def pull_differences(mine, true, actors):
    for key in ("state", "draft", "title"):
        if mine[key] != true[key]:
            yield f"{key} is {mine[key]!r}, not {true[key]!r}"
    if actors and mine["author"] != true["author"]:
        yield f"author is {mine['author']}, not {true['author']}"
    if mine["opened"] != microseconds(true["opened"]):
        yield "opened at another instant"
    events = sorted((e["kind"], microseconds(e["at"]), e["actor"] if actors else None, e["comment"])
                    for e in true["events"])
    own = sorted((kind, at, actor if actors else None, comment)
                 for kind, at, actor, comment in mine["events"])
    key = lambda event: tuple(str(part) for part in event)
    if sorted(map(key, own)) != sorted(map(key, events)):
        missing = set(map(key, events)) - set(map(key, own))
        extra = set(map(key, own)) - set(map(key, events))
        yield f"events: missing {sorted(missing)[:3]}, too many {sorted(extra)[:3]}"
    if mine["commits"] != set(true["commits"]):
        yield (f"commits ({mine['commits_state']}): {len(mine['commits'])}, "
               f"not {len(true['commits'])}")
    lines = true["lines_added"] + true["lines_removed"] + true["generated_lines"]
    if mine["lines"] != lines:
        yield f"lines ({mine['files_state']}): {mine['lines']}, not {lines}"


# ---- builds, tasks, threads and deployments beside the truth

BUILD_STATES = {1: "INPROGRESS", 2: "SUCCESSFUL", 3: "FAILED", 4: "STOPPED"}
DEPLOYMENT_STATES = {1: "IN_PROGRESS", 2: "SUCCESSFUL", 3: "FAILED", 4: "STOPPED"}
ENVIRONMENT_KINDS = {1: "Test", 2: "Staging", 3: "Production"}
DAY = 86400 * 1000000


def detail_differences(client, truth):
    """The same for what is read last. Builds: of what is open, or merged and moved within 90 days.
    Tasks: where one is unresolved, and of what was merged and moved within 14 days. Threads: of what is open."""
    found = []
    uuid_of = dict(client.query("SELECT person_id, value FROM identity WHERE kind = 'uuid'"))
    today = microseconds(truth["now"]) // DAY * DAY
    compared = {"builds": 0, "tasks": 0, "threads": 0, "deployments": 0}
    for repository in truth["repositories"]:
        name = repository["full_name"]
        repository_id = client.query("SELECT repository_id FROM repository WHERE full_name = ?",
                                     name)[0][0]
        pulls = {row[0]: row[1:] for row in client.query(
            "SELECT number, state, updated_at FROM pull_request WHERE repository_id = ?",
            repository_id)}
        builds, tasks, resolved = (stored_details(client, sql, repository_id) for sql in (
            "SELECT number, key, state, commit_hash, created_at, updated_at FROM pr_build"
            " WHERE repository_id = ?",
            "SELECT number, task_id, comment_id, creator_id, created_at, resolved_at, resolver_id"
            " FROM pr_task WHERE repository_id = ?",
            "SELECT number, comment_id, resolved_at FROM pr_event"
            " WHERE repository_id = ? AND resolved_at IS NOT NULL AND is_deleted = 0"))
        for pull in repository["pull_requests"]:
            number = pull["number"]
            state, updated = pulls[number]
            where = f"{name}#{number} ({state})"
            mine = sorted((key, BUILD_STATES[value], *rest)
                          for key, value, *rest in builds.get(number, []))
            true = sorted((b["key"], b["state"], b["commit"], microseconds(b["created"]),
                           microseconds(b["updated"])) for b in pull["builds"])
            recent = state == "OPEN" or state == "MERGED" and updated >= today - 90 * DAY
            compared["builds"] += len(true) if recent else 0
            if mine != true and (recent or mine):
                found.append(f"{where}: builds are {mine}, not {true}")
            mine = sorted((id, comment or 0, uuid_of.get(creator), created, resolved_at or 0,
                           uuid_of.get(resolver) or "")
                          for id, comment, creator, created, resolved_at, resolver in
                          tasks.get(number, []))
            true = sorted((t["id"], t["comment"] or 0, t["creator"], microseconds(t["created"]),
                           microseconds(t["resolved"]) or 0, t["resolver"] or "")
                          for t in pull["tasks"])
            must = any(t["resolved"] is None for t in pull["tasks"]) or \
                state == "MERGED" and updated >= today - 14 * DAY
            compared["tasks"] += len(true) if must else 0
            if mine != true and (must or mine):
                found.append(f"{where}: tasks are {mine}, not {true}")
            if state == "OPEN":
                mine = dict(resolved.get(number, []))
                true = {int(id): microseconds(at) for id, at in pull["resolved"].items()}
                compared["threads"] += len(true)
                if mine != true:
                    found.append(f"{where}: resolved are {mine}, not {true}")
        mine = sorted((uuid, ENVIRONMENT_KINDS[kind], commit, pipeline, DEPLOYMENT_STATES[state],
                       started, completed or 0)
                      for uuid, kind, commit, pipeline, state, started, completed in client.query(
                          "SELECT d.uuid, kind, commit_hash, pipeline_uuid, state, started_at,"
                          " completed_at FROM deployment d JOIN environment e ON e.workspace_id ="
                          " d.workspace_id AND e.repository_id = d.repository_id AND"
                          " e.uuid = d.environment_uuid WHERE d.repository_id = ?", repository_id))
        true = sorted((d["uuid"], d["environment"], d["commit"], d["pipeline"], d["state"],
                       microseconds(d["started"]), microseconds(d["completed"]) or 0)
                      for d in repository["deployments"])
        compared["deployments"] += len(true)
        if mine != true:
            found.append(f"{name}: {len(mine)} deployments, not {len(true)}: "
                         f"{sorted(set(mine) ^ set(true))[:2]}")
    return found, compared


def stored_details(client, sql, repository_id):
    rows = {}
    for number, *rest in client.query(sql, repository_id):
        rows.setdefault(number, []).append(tuple(rest))
    return rows


def compare_dumps(one, other):
    """The first lines in which two dumps differ; [] when they are equal."""
    mine, theirs = set(one), set(other)
    return sorted(f"- {line[:200]}" for line in mine - theirs)[:5] + \
        sorted(f"+ {line[:200]}" for line in theirs - mine)[:5]


# ---- TAP

class Tests:
    def __init__(self, argv):
        self.programs = Programs(*argv[1:4])
        self.tests = []
        self.only = argv[4:]

    def __call__(self, function):
        self.tests.append(function)
        return function

    def main(self):
        tests = [t for t in self.tests if not self.only or t.__name__ in self.only]
        print(f"1..{len(tests)}", flush=True)
        failed = 0
        for number, test in enumerate(tests, 1):
            folder = tempfile.mkdtemp(prefix="plumbline-sync-")
            try:
                test(self.programs, folder)
                print(f"ok {number} - {test.__name__}", flush=True)
            except Exception:  # every failure is told in TAP
                failed += 1
                print(f"not ok {number} - {test.__name__}")
                for line in traceback.format_exc().splitlines():
                    print(f"# {line}", flush=True)
            finally:
                if os.environ.get("KEEP") is None:
                    shutil.rmtree(folder, ignore_errors=True)
                else:
                    print(f"# kept in {folder}", flush=True)
        sys.exit(1 if failed else 0)


def kill_hard(process):
    process.send_signal(signal.SIGKILL)
    process.communicate()


__all__ = ["Client", "Sandbox", "Tests", "compare_dumps", "detail_differences", "differences", "kill_hard",
           "microseconds", "random", "time"]
