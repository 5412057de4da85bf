"""The program's main job on a real sandbox: the report in all formats beside the truth, the way from
connect over sync to report and measure, progress, and Ctrl-C."""
import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import unicodedata

from cli_support import ArgumentWatch, Program, files_below, percentile
from sync_support import Sandbox, Tests, microseconds

test = Tests(sys.argv)
DAY = 86400 * 1000000


def scene(programs, folder):
    sandbox = Sandbox(programs, folder)
    return sandbox, Program(programs, sandbox, folder), sandbox.ready["repositories"][0]["full_name"]


def columns(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line)


@test
def the_figures_are_those_of_the_truth(programs, folder):
    sandbox, program, name = scene(programs, folder)
    try:
        report = json.loads(program.succeed(*program.report(name), "--format", "json"))
        truth = sandbox.truth()
        now = microseconds(truth["now"])
        bots = {person["uuid"] for person in truth["people"] if person["is_bot"]}
        pulls = next(r for r in truth["repositories"] if r["full_name"] == name)["pull_requests"]
        human = [pull for pull in pulls if pull["author"] not in bots]
        merged = [pull for pull in human if pull["merged"] is not None and
                  now - 90 * DAY <= microseconds(pull["merged"]) < now]
        measures = {measure["id"]: measure for measure in report["measures"]}

        def check(measure, values):
            shown = measures[measure]["now"]
            assert shown["n"] == len(values), (measure, shown, len(values))
            for key, share in (("p50", 0.5), ("p75", 0.75), ("p90", 0.9)):
                assert abs(shown[key] - percentile(values, share)) < 1e-5, (measure, key, shown)

        def spans(late, early):
            return [max(0, microseconds(pull[late]) - microseconds(pull[early])) / 1e6
                    for pull in merged if pull[late] is not None and pull[early] is not None]

        assert report["throughput"]["merged"] == len(merged) > 10
        check("cycle-time", spans("merged", "first_commit"))
        check("coding-time", spans("ready", "first_commit"))
        check("pickup-time", spans("first_review", "ready"))
        check("size", [pull["lines_added"] + pull["lines_removed"] for pull in merged])
        check("rounds", [pull["rounds"] for pull in merged])
        check("review-comments", [pull["review_comments"] for pull in merged])
        shares = {share["id"]: share for share in report["shares"]}
        assert shares["unreviewed"]["count"] == sum(pull["unreviewed"] for pull in merged)
        # A report reads twice its period back, and says so; what is open is in it however old.
        horizon = now - 180 * DAY
        assert microseconds(report["coverage"]["read_from"].replace("Z", ".000000")) == horizon
        still = [pull for pull in human if pull["state"] == "OPEN"]
        assert report["work_in_progress"]["open"] == len(still)
        assert report["work_in_progress"]["drafts"] == sum(pull["draft"] for pull in still)
        assert sum(week["merged"] for week in report["weeks"]) == len(merged)
        assert report["coverage"]["problems"] == [] and report["coverage"]["is_complete"]
        assert microseconds(report["window"]["until"].replace("Z", ".000000")) == now
        unreviewed = {need["number"] for need in report["needs"]
                      if need["kind"] == "merged-unreviewed"}
        assert unreviewed == {pull["number"] for pull in merged if pull["unreviewed"] and
                              now - 14 * DAY <= microseconds(pull["merged"])}
        for need in report["needs"]:
            assert need["url"].endswith(f"/{name}/pull-requests/{need['number']}"), need
    finally:
        sandbox.stop()


@test
def all_formats_come_out_of_one_command(programs, folder):
    sandbox, program, name = scene(programs, folder)
    try:
        text = program.succeed(*program.report(name))
        assert "What needs a hand now" in text and "\033" not in text
        assert max(map(columns, text.splitlines())) <= 80
        page = os.path.join(folder, "report.html")
        code, output, _ = program.run(*program.report(name), "--format", "html", "-o", page)
        assert code == 0 and output == ""
        html = open(page, encoding="utf-8").read()
        assert html.startswith("<!doctype html>") and html.rstrip().endswith("</html>")
        assert html.count("<svg viewBox") == 4 + 1  # four charts and the mark
        assert not re.search(r'(src|href)="(?!http://127\.0\.0\.1:)', html)
        rows = list(csv.reader(io.StringIO(
            program.succeed(*program.report(name), "--format", "csv"), newline="")))
        assert len({len(row) for row in rows}) == 1 and len(rows) > 50
        ascii_text = program.succeed(*program.report(name), LC_ALL="C")
        assert ascii_text.isascii() and "What needs a hand now" in ascii_text
        assert os.listdir(program.temporary) == []  # the private folder is gone
        assert not os.path.exists(os.path.join(program.home, ".local"))
    finally:
        sandbox.stop()


@test
def a_workspace_is_connected_read_and_reported(programs, folder):
    sandbox, program, name = scene(programs, folder)
    try:
        data = os.path.join(folder, "data")
        workspace = sandbox.ready["workspace"]["slug"]
        connected = program.succeed(
            "--data", data, "connect", "--workspace", workspace, "--api-base", program.api,
            "--token-file", program.token_file("workspace"), "--expires", "2027-06-30")
        count = len(sandbox.ready["repositories"])
        assert f"{count} of {count} repositories selected" in connected
        assert os.stat(data).st_mode & 0o777 == 0o700
        assert os.stat(os.path.join(data, "master.key")).st_mode & 0o777 == 0o600
        early = json.loads(program.succeed("report", "--data", data, "--format", "json"))
        assert not early["coverage"]["is_complete"]  # nothing has been read yet, and it says so
        program.succeed("--data", data, "sync", "--quiet")
        asked = sandbox.control("GET", "requests")
        first = json.loads(program.succeed("report", "--data", data, "--format", "json"))
        assert first["coverage"]["is_complete"]
        assert sandbox.control("GET", "requests") == asked  # from the store alone
        assert first["subject"]["kind"] == "workspace"
        assert first["subject"]["repositories"] == count
        by_repository = program.succeed("measure", "merged", "--data", data, "--by", "repository",
                                        "--format", "json")
        totals = {row["label"][0]: row["cells"][0]["value"]
                  for row in json.loads(by_repository)["rows"]}
        assert sum(totals.values()) == first["throughput"]["merged"] > 0
        assert totals[name] > 0
        assert name in program.succeed("repositories", "--data", data)
        assert "no longer selected" in program.succeed("repositories", "deselect", name,
                                                       "--data", data)
        rest = json.loads(program.succeed("report", "--data", data, "--format", "json"))
        assert rest["subject"]["repositories"] == count - 1
        healthy = program.succeed("doctor", "--data", data)
        assert "✗" not in healthy, healthy
        program.succeed("key", "rotate", "--data", data)
        program.succeed("sync", "--data", data, "--quiet")
        program.succeed("connections", "remove", workspace, "--data", data)
        program.fail(4, "sync", "--data", data)
    finally:
        sandbox.stop()


@test
def what_is_new_comes_with_fresh(programs, folder):
    sandbox, program, name = scene(programs, folder)
    try:
        data = os.path.join(folder, "data")
        program.succeed(*program.report(name), "--data", data)
        sandbox.advance(days=14)
        old = json.loads(program.succeed("report", "--data", data, "--format", "json"))
        new = json.loads(program.succeed("report", "--data", data, "--fresh", "--format", "json"))
        assert old["window"]["until"] == "2026-11-16T08:00:00Z"
        assert new["window"]["until"] == "2026-11-30T08:00:00Z"
        assert new["coverage"]["pull_requests"] > old["coverage"]["pull_requests"]
    finally:
        sandbox.stop()


@test
def a_terminal_shows_one_line_of_progress_and_then_nothing_of_it(programs, folder):
    sandbox, program, name = scene(programs, folder)
    try:
        main, side = pty.openpty()
        process = subprocess.Popen([program.path, *program.report(name)],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=side, env=program.environment())
        os.close(side)
        shown = b""
        while True:
            try:
                part = os.read(main, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
        report = process.communicate()[0].decode()
        os.close(main)
        assert process.returncode == 0
        lines = shown.decode().split("\r\033[K")
        bars = [line for line in lines if "%" in line]
        assert bars and all(columns(line) < 80 for line in bars), lines
        assert all("\n" not in line for line in bars), bars
        assert "%" not in lines[-1] and "request" in lines[-1], lines[-1]
        assert "\033" not in report  # standard output is no terminal
    finally:
        sandbox.stop()


@test
def the_secret_is_in_no_argument_output_or_file(programs, folder):
    sandbox, program, name = scene(programs, folder)
    try:
        data = os.path.join(folder, "data")
        secret = program.token("workspace")["secret"].encode()
        command = [*program.report(name), "--data", data, "--verbose"]
        process = program.start(*command)
        watch = ArgumentWatch(process.pid)
        code, _, message = program.finish(process)
        arguments = watch.stop()
        assert code == 0, message
        assert any(b"report" in line for line in arguments)
        assert not any(secret in line for line in arguments)
        program.run("doctor", "--data", data, "--verbose")
        program.run("connections", "--data", data)
        assert secret not in program.said
        files = list(files_below(data)) + list(files_below(program.temporary))
        assert any(path.endswith("plumbline.db") for path in files)
        for path in files:
            with open(path, "rb") as file:
                assert secret not in file.read(), path
    finally:
        sandbox.stop()


@test
def the_environment_gives_the_token_too(programs, folder):
    sandbox, program, name = scene(programs, folder)
    try:
        secret = program.token("workspace")["secret"]
        output = program.succeed("report", name, "--api-base", program.api, PLUMBLINE_TOKEN=secret)
        assert "What needs a hand now" in output
        assert secret.encode() not in program.said
    finally:
        sandbox.stop()


@test
def interrupt_ends_it_with_seven_and_leaves_nothing(programs, folder):
    sandbox, program, name = scene(programs, folder)
    try:
        sandbox.fault("slow-body", path="*/pullrequests/activity")
        process = program.start(*program.report(name))
        first = process.stderr.readline()  # it has begun to read
        process.send_signal(signal.SIGINT)
        code, output, message = program.finish(process)
        assert first != b"" and code == 7, (first, code, message)
        assert output == ""
        assert os.listdir(program.temporary) == []
    finally:
        sandbox.stop()


@test
def watching_goes_on_until_it_is_ended(programs, folder):
    sandbox, program, name = scene(programs, folder)
    try:
        data = os.path.join(folder, "data")
        program.succeed(*program.report(name), "--data", data)
        process = program.start("sync", "--watch", "--data", data)
        while b"requests in" not in process.stderr.readline():  # the end of the first round
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        code, _, message = program.finish(process)
        assert code in (0, 7), (code, message)
    finally:
        sandbox.stop()


test.main()
