"""The rules of created_at and updated_at, followed through all answers of one server."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

from wire import Answer, Request

FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


class Stamps:
    """What is known of each comment: when it was created, when it was changed, and its text."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[datetime, datetime, str]] = {}

    def problems(self, request: Request, answer: Answer) -> list[str]:
        if answer.status != 200 or b'"created_at"' not in answer.body or request.method == "HEAD":
            return []
        try:
            value = json.loads(answer.body)
        except ValueError:
            return []
        comments = value if isinstance(value, list) else [value]
        found = []
        for comment in comments:
            if (
                isinstance(comment, dict)
                and {"id", "created_at", "updated_at", "comment_text"} <= comment.keys()
            ):
                found += self._comment(request.method, comment)
        return found

    def _comment(self, method: str, comment: dict) -> list[str]:
        for name in ("created_at", "updated_at"):
            if not FORM.fullmatch(str(comment[name])):
                return [f"{name} has the form {comment[name]!r}"]
        created, updated = (datetime.fromisoformat(comment[name]) for name in ("created_at", "updated_at"))
        number, text = comment["id"], comment["comment_text"]
        before = self.known.get(number)
        self.known[number] = (created, updated, text)
        if method == "POST":
            return self._created(created, updated)
        if before is None:
            return []
        found = []
        if created != before[0]:
            found.append(f"created_at of {number} moved from {before[0]} to {created}")
        moved = updated > before[1]
        changed = method == "PUT" and text != before[2]
        if changed and not moved:
            found.append(f"updated_at of {number} did not move on: {updated} after {before[1]}")
        if not changed and updated != before[1]:
            found.append(f"updated_at of {number} moved without a change: {updated} after {before[1]}")
        return found

    def _created(self, created: datetime, updated: datetime) -> list[str]:
        found = []
        if not timedelta(0) <= updated - created < timedelta(seconds=1):
            found.append(f"at creation updated_at is {updated}, created_at {created}")
        if abs(datetime.now(UTC) - created) > timedelta(minutes=5):
            found.append(f"created_at {created} is not now")
        return found
