"""What goes wrong, with the right exit code and a sentence that says what to do."""
import http.server
import json
import os
import signal
import socket
import stat
import sys
import threading

from cli_support import Program
from sync_support import Sandbox, Tests

test = Tests(sys.argv)


def with_sandbox(function):
    def check(programs, folder):
        sandbox = Sandbox(programs, folder)
        try:
            program = Program(programs, sandbox, folder)
            function(program, sandbox, sandbox.ready["repositories"][0]["full_name"])
            for token in sandbox.ready["tokens"]:
                assert token["secret"].encode() not in program.said, token["name"]
            assert os.listdir(program.temporary) == []
        finally:
            sandbox.stop()

    check.__name__ = function.__name__
    return test(check)


@with_sandbox
def a_wrong_token_is_rejected(program, sandbox, name):
    path = os.path.join(program.folder, "wrong")
    with open(path, "w") as file:
        file.write("ATCTT3xFfGN0notoken")
    os.chmod(path, 0o600)
    message = program.fail(3, "report", name, "--api-base", program.api, "--token-file", path,
                           "-q")
    assert "does not accept" in message and "create a new" in message, message
    assert "notoken" not in message


@with_sandbox
def an_expired_token_is_rejected(program, sandbox, name):
    message = program.fail(3, *program.report(name, "expired", "-q"))
    assert "expired" in message, message


@with_sandbox
def a_missing_scope_is_named(program, sandbox, name):
    message = program.fail(3, *program.report(name, "narrow", "-q"))
    assert "lacks the scope pullrequest" in message, message


@with_sandbox
def an_unknown_repository_is_not_found(program, sandbox, name):
    workspace = sandbox.ready["workspace"]["slug"]
    message = program.fail(4, *program.report(workspace + "/no-such-thing", "workspace", "-q"))
    assert "no-such-thing" in message and "404" in message, message


@with_sandbox
def an_app_password_is_told_what_replaces_it(program, sandbox, name):
    account = program.token("app-password")["account"]
    message = program.fail(3, *program.report(name, "app-password", "--username", account, "-q"))
    assert "app password" in message and "API token" in message, message


@with_sandbox
def an_api_token_works_with_its_address_and_not_without(program, sandbox, name):
    account = program.token("api")["account"]
    program.succeed(*program.report(name, "api", "--email", account, "-q"))
    program.fail(3, *program.report(name, "api", "--email", "nobody@acme.example", "-q"))
    assert "--email" in program.fail(3, *program.report(name, "api", "-q"))


@with_sandbox
def a_credential_that_does_not_work_is_not_kept(program, sandbox, name):
    data = os.path.join(program.folder, "data")
    program.fail(3, "connect", "--data", data, "--workspace", sandbox.ready["workspace"]["slug"],
                 "--api-base", program.api, "--token-file", program.token_file("expired"))
    assert program.succeed("connections", "--data", data).count("\n") == 1  # the heading


@with_sandbox
def doctor_says_what_is_wrong(program, sandbox, name):
    data = os.path.join(program.folder, "data")
    program.succeed(*program.report(name, "workspace", "-q"), "--data", data)
    sandbox.control("POST", "token", {"name": "workspace", "expires": "2026-11-15T00:00:00Z"})
    code, output, message = program.run("doctor", "--data", data)
    assert code == 3 and "✗" in output and "does not accept" in output, (code, output)
    assert "1 thing needs mending" in message
    os.chmod(data, 0o755)
    code, output, message = program.run("doctor", "--data", data, "--offline")
    assert code == 1 and "chmod 700" in output, (code, output)
    code, output, message = program.run("doctor", "--data", data, "--offline", PLUMBLINE_MASTER_KEY="5" * 64)
    assert "taken from the environment variable PLUMBLINE_MASTER_KEY" in output and "master.key" not in output, output
    assert "5" * 64 not in output + message


@with_sandbox
def an_exposed_token_file_is_remarked_on(program, sandbox, name):
    arguments = program.report(name)
    os.chmod(os.path.join(program.folder, "workspace.token"), 0o644)
    code, _, message = program.run(*arguments)
    assert code == 0 and "chmod 600" in message, message


@with_sandbox
def a_repository_that_cannot_be_read_is_no_empty_report(program, sandbox, name):
    sandbox.fault("gone", path="*/pullrequests")
    code, output, message = program.run(*program.report(name, "workspace", "-q"))
    assert code in (3, 4, 5) and output == "", (code, output)
    assert message.startswith("plumbline: "), message


@test
def an_unreachable_host_is_a_network_fault(programs, folder):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: refused
        base = f"http://127.0.0.1:{unused.getsockname()[1]}"
        program = Program(programs, None, folder)
        message = program.fail(5, "report", base + "/acme/billing", "-q",
                               PLUMBLINE_TOKEN="ATCTT3xFfGN0secret")
        assert "Check the network" in message and "secret" not in message, message
        assert os.listdir(program.temporary) == []


@test
def interrupt_ends_even_a_request_that_nobody_answers(programs, folder):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        program = Program(programs, None, folder)
        process = program.start("report", f"http://127.0.0.1:{silent.getsockname()[1]}/a/b",
                                PLUMBLINE_TOKEN="ATCTT3xFfGN0secret")
        connection, _ = silent.accept()
        connection.recv(1)  # the request has been sent
        with open(f"/proc/{process.pid}/limits") as file:
            limits = [line.split()[-3:] for line in file if line.startswith("Max core file size")]
        assert limits == [["0", "0", "bytes"]], limits  # a core file would hold the token
        process.send_signal(signal.SIGINT)
        code, output, message = program.finish(process)
        connection.close()
        assert code == 7 and "interrupted" in message, (code, message)
        assert output == "" and os.listdir(program.temporary) == []


class Hostile(http.server.BaseHTTPRequestHandler):
    """Says what it says to every question."""
    says = {}

    def do_GET(self):
        body = json.dumps(self.says).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@test
def what_a_server_says_cannot_drive_the_terminal(programs, folder):
    # A window title, a control sequence in eight bits, text that runs backwards.
    trick = "acme/\x1b]0;mine\x07\x9b2J\u202egnp"
    Hostile.says = {"values": [{"full_name": trick}], "size": 1, "display_name": trick}
    with http.server.HTTPServer(("127.0.0.1", 0), Hostile) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            program = Program(programs, None, folder)
            code, output, message = program.run(
                "connect", "--workspace", "acme", "--data", os.path.join(folder, "data"),
                "--api-base", f"http://127.0.0.1:{server.server_port}/2.0",
                PLUMBLINE_TOKEN="ATCTT3xFfGN0secret")
        finally:
            server.shutdown()
    assert code == 2 and "2J" in message, (code, message)
    for obeyed in "\x1b\x07\x9b\u202e":
        assert obeyed not in output + message, (obeyed, output, message)


@test
def what_was_not_understood_ends_with_two(programs, folder):
    program = Program(programs, None, folder)
    for arguments, words in [
            (["frobnicate"], "is not a command"),
            (["report", "--frobnicate"], "frobnicate"),
            (["report", "a/b", "c/d"], "one argument too many"),
            (["report", "https://github.com/a/b"], "not Bitbucket Cloud"),
            (["report", "a/b", "--days", "0"], "--days"),
            (["report", "a/b", "--format", "pdf"], "--format"),
            (["report", "a/b", "--token", "hunter2"], "--token-file"),
            (["report", "a/b", "--token=hunter2"], "--token-file"),
            (["report", "a/b"], "no token is given"),
            (["report", "a/b", "--kind", "magic", "--token-file", "/dev/null"], "--kind"),
            (["report", "a/b", "--kind", "api-token", "--token-file", "/dev/null"], "--email"),
            (["report", "a/b", "--token-file", "/dev/null"], "holds no token"),
            (["connect"], "--workspace"),
            (["connect", "--workspace", "a", "--expires", "soon"], "--expires"),
            (["measure"], "name a measure"),
            (["measure", "beauty"], "is not a measure"),
            (["measure", "cycle-time", "--by", "mood"], "is not a dimension"),
            (["sync", "--interval", "0"], "--interval"),
            (["key"], "path"),
    ]:
        message = program.fail(2, *arguments)
        assert words in message, (arguments, message)
        assert "hunter2" not in message


@test
def nothing_there_yet_says_how_to_begin(programs, folder):
    program = Program(programs, None, folder)
    data = os.path.join(folder, "none")
    for arguments in (["report"], ["sync"], ["measure", "cycle-time"], ["repositories"]):
        message = program.fail(1, *arguments, "--data", data)
        assert "plumbline connect" in message, message
    assert not os.path.exists(data)


@test
def a_data_file_that_is_none_is_a_store_fault(programs, folder):
    program = Program(programs, None, folder)
    data = os.path.join(folder, "data")
    os.makedirs(data, 0o700)
    with open(os.path.join(data, "plumbline.db"), "w") as file:
        file.write("this is no database at all, not even a small one\n" * 50)
    program.fail(6, "report", "--data", data)


@test
def no_secret_is_handed_down_to_git(programs, folder):
    program = Program(programs, None, folder)
    spy, seen = os.path.join(folder, "git"), os.path.join(folder, "seen")
    with open(spy, "w") as file:
        file.write(f"#!/bin/sh\nenv > {seen}\necho git version 2.45.0\n")
    os.chmod(spy, 0o700)
    program.run("doctor", "--data", os.path.join(folder, "none"),
                PATH=folder + ":" + os.environ["PATH"], PLUMBLINE_TOKEN="hunter22",
                PLUMBLINE_MASTER_KEY="ab" * 32)
    with open(seen) as file:
        inherited = file.read()
    assert "PATH=" + folder in inherited, inherited
    assert "hunter22" not in inherited and "abab" not in inherited, inherited


@test
def output_goes_into_a_pipe_and_does_not_take_its_place(programs, folder):
    program = Program(programs, None, folder)
    pipe = os.path.join(folder, "pipe")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    program.succeed("measure", "--list", "-o", pipe)
    assert stat.S_ISFIFO(os.stat(pipe).st_mode)
    assert b"cycle-time" in os.read(reader, 65536)
    os.close(reader)


@test
def output_that_cannot_be_written_is_said(programs, folder):
    program = Program(programs, None, folder)
    message = program.fail(1, "measure", "--list", "-o", os.path.join(folder, "no", "such", "file"))
    assert "there is no folder" in message, message


test.main()
