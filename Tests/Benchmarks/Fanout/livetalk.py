#!/usr/bin/env python3
"""Serves LiveTalk with one open talk, for run.py and resume.py: python3 livetalk.py BINARY PORT FOLDER [keep]

The database is FOLDER/fanout.db, made anew unless `keep` is given and it is there: then it is what a killed service has left.
"""

import os
import pathlib
import sqlite3
import subprocess
import sys

TALK = """INSERT INTO talk (slug, title, state, moderation, created_at, updated_at) VALUES ('fanout', 'Fan-out', 'open', 'after', 0, 0)"""


def main() -> None:
    binary, port, folder = sys.argv[1:4]
    database = pathlib.Path(folder, "fanout.db")
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "LIVETALK_PORT": port,
        "LIVETALK_RATE_LIMIT": "off",
        "LIVETALK_ACCESS_LOG": "off",
        "LIVETALK_LOG_LEVEL": "warning",
        "LIVETALK_CONNECTIONS_PER_ADDRESS": "100000",
        "LIVETALK_FEED_SUBSCRIBERS": "100000",
    }
    if sys.argv[4:] != ["keep"] or not database.exists():
        for file in pathlib.Path(folder).glob("fanout.db*"):
            file.unlink()
        subprocess.run([binary, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
        with sqlite3.connect(database) as connection:
            connection.execute(TALK)
    os.execve(binary, [binary, "serve"], environment)


if __name__ == "__main__":
    main()
