#!/usr/bin/env python3
"""plumbline serve as a supervisor runs it: what it tells, logs, is given, and how it ends. usage: web_service_test.py - PLUMBLINE -"""
import os
import secrets
import signal
import socket
import stat
import subprocess
import sys
import tempfile

PATIENCE = 30


def start(program, folder, environment, *options, stderr=None):
    return subprocess.Popen([program, "--data", os.path.join(folder, "data"), "serve", *options], stdout=subprocess.PIPE,
                            stderr=stderr, text=True, env={**os.environ, **environment})


def supervisor(name):
    """The socket of systemd, for a service of Type=notify."""
    link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    link.settimeout(PATIENCE)
    link.bind(name)
    return link


def is_ready_once_it_answers_and_says_when_it_stops(program, folder, name):
    with supervisor(name) as link:
        notify = "@" + name[1:] if name[0] == "\0" else name
        server = start(program, folder, {"NOTIFY_SOCKET": notify}, "--listen", "127.0.0.1:0")
        assert link.recv(100) == b"READY=1"
        port = int(server.stdout.readline().rsplit(":", 1)[1])
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
        server.send_signal(signal.SIGTERM)
        assert link.recv(100) == b"STOPPING=1"
        assert server.wait(PATIENCE) == 0
        server.stdout.close()


def a_supervisor_hears_when_it_is_ready(program, folder):
    is_ready_once_it_answers_and_says_when_it_stops(program, folder, os.path.join(folder, "notify"))


def also_at_an_abstract_name(program, folder):
    is_ready_once_it_answers_and_says_when_it_stops(program, folder, "\0plumbline-" + secrets.token_hex(8))


def one_that_cannot_start_is_never_ready(program, folder):
    with supervisor(os.path.join(folder, "notify")) as link, socket.create_server(("127.0.0.1", 0)) as owner:
        port = owner.getsockname()[1]
        server = start(program, folder, {"NOTIFY_SOCKET": link.getsockname()}, "--listen", f"127.0.0.1:{port}",
                       stderr=subprocess.PIPE)
        _, errors = server.communicate(timeout=PATIENCE)
        assert server.returncode == 1 and f"Port {port}" in errors, (server.returncode, errors)
        link.setblocking(False)
        try:
            raise AssertionError(link.recv(100))
        except BlockingIOError:
            pass


def log_of_a_request(program, folder, environment):
    """The line about one request, with --verbose; standard error is the pipe that @environment may name."""
    read, write = os.pipe()
    status = os.fstat(write)
    settings = {name: value.format(device=status.st_dev, inode=status.st_ino) for name, value in environment.items()}
    server = start(program, folder, settings, "--listen", "127.0.0.1:0", "--verbose", stderr=write)
    os.close(write)
    port = int(server.stdout.readline().rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as link:
        link.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n" % port)
        while link.recv(4096):
            pass
    server.send_signal(signal.SIGTERM)
    with os.fdopen(read) as errors:
        lines = errors.read().splitlines()
    assert server.wait(PATIENCE) == 0
    server.stdout.close()
    return next(line for line in lines if "/healthz" in line)


def the_journal_is_told_how_much_it_matters(program, folder):
    line = log_of_a_request(program, folder, {"JOURNAL_STREAM": "{device}:{inode}"})
    assert line.startswith("<6>request "), line


def anybody_else_is_told_the_time(program, folder):
    line = log_of_a_request(program, folder, {"JOURNAL_STREAM": "{device}:1{inode}"})
    assert line[:2] == "20" and "Z info request " in line, line


def a_key_of_systemd_is_used_and_none_is_written(program, folder):
    with open(os.path.join(folder, "plumbline-master-key"), "w") as file:
        file.write(secrets.token_hex(32))
    with supervisor(os.path.join(folder, "notify")) as link:
        server = start(program, folder, {"NOTIFY_SOCKET": link.getsockname(), "CREDENTIALS_DIRECTORY": folder},
                       "--listen", "127.0.0.1:0")
        assert link.recv(100) == b"READY=1"
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0
        server.stdout.close()
    data = os.path.join(folder, "data")
    assert os.listdir(data) == ["plumbline.db"], os.listdir(data)
    assert stat.S_IMODE(os.stat(data).st_mode) == 0o700


CASES = [a_supervisor_hears_when_it_is_ready, also_at_an_abstract_name, one_that_cannot_start_is_never_ready,
         the_journal_is_told_how_much_it_matters, anybody_else_is_told_the_time, a_key_of_systemd_is_used_and_none_is_written]


def main():
    program = sys.argv[2]
    print(f"1..{len(CASES)}")
    failed = 0
    for number, case in enumerate(CASES, 1):
        try:
            with tempfile.TemporaryDirectory(prefix="plumbline-service-") as folder:
                case(program, folder)
            print(f"ok {number} - {case.__name__}")
        except Exception as fault:  # every failure is told in TAP
            failed += 1
            print(f"not ok {number} - {case.__name__}\n# {type(fault).__name__}: {fault}")
    return 1 if failed else 0


sys.exit(main())
