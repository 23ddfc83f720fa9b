"""PostgreSQL of a test's own: in a temporary directory, on a Unix socket, ended by its process id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Postgres:
    """A server in a temporary directory, under an account that is not root's."""

    def __init__(self, primary: Postgres | None = None, address: str = "") -> None:
        """
        :param primary: whose standby it is.
        :param address: where it listens besides, for everybody there.
        """
        self.address = address
        versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        if not versions:
            sys.exit("this needs PostgreSQL's server (Debian's package postgresql)")
        self.programs = versions[-1].parent
        self.directory = tempfile.mkdtemp(prefix="crane-nodes-", dir="/var/tmp")
        self.account: list[str] = []
        if os.getuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.directory, account.pw_uid, account.pw_gid)
            self.account = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        if primary:
            self.run("pg_basebackup", "-h", primary.directory, "-U", "crane", "-D", "data", "-R", "-X", "stream", "-c", "fast")
        else:
            self.run("initdb", "-D", "data", "-U", "crane", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        if address:
            with (Path(self.directory) / "data" / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet trust\n")
        self.databases = 0
        self.start()

    @property
    def host(self) -> str:
        """The server as a host of a URL."""
        return self.address or self.directory.replace("/", "%2F")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://crane@{self.host}/{database}"

    def database(self) -> str:
        """A new database; its name."""
        self.databases += 1
        name = f"livetalk_{self.databases}"
        self.run("createdb", "-h", self.directory, "-U", "crane", name)
        return name

    def run(self, program: str, *arguments: str) -> None:
        command = [*self.account, str(self.programs / program), *arguments]
        subprocess.run(command, cwd=self.directory, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        options = f"-k {self.directory} -c listen_addresses={self.address} -c max_connections=200"
        self.run("pg_ctl", "-D", "data", "-l", "log", "-w", "-s", "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        self.run("pg_ctl", "-D", "data", "-m", how, "-w", "-s", "stop")

    def processes(self) -> list[int]:
        """The server's process and those that it has made."""
        postmaster = int((Path(self.directory) / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return [postmaster, *map(int, children)]

    def kill(self) -> None:
        """As if the machine were gone: no process of the server ends in order."""
        for process in self.processes():
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def standby(self, address: str = "") -> Postgres:
        """A standby without which nothing is committed from now on."""
        standby = Postgres(self, address)
        self.rows(self.url(), "ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.rows(self.url(), "SELECT pg_reload_conf()")
        while self.rows(self.url(), "SELECT sync_state FROM pg_stat_replication") != [["sync"]]:
            time.sleep(0.05)
        return standby

    def promote(self) -> None:
        self.run("pg_ctl", "-D", "data", "-w", "-s", "promote")

    def rows(self, url: str, statement: str) -> list[list[str]]:
        """What a statement gives, which may write whatever the server's settings say."""
        command = [str(self.programs / "psql"), "-qAtF,", "-c", statement, url]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, "PGOPTIONS": "-c default_transaction_read_only=off"})
        return [line.split(",") for line in done.stdout.splitlines()]

    def close(self) -> None:
        if (Path(self.directory) / "data" / "postmaster.pid").exists():
            subprocess.run(
                [*self.account, str(self.programs / "pg_ctl"), "-D", "data", "-m", "immediate", "-w", "-s", "stop"],
                cwd=self.directory, check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.directory)
