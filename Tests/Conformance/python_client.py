"""Calls a LiveTalk with the client that openapi-python-client makes of its document: python_client.py BINARY

The generator may not warn, and every status that comes must be one that the document names.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from openapi_spec_validator import validate

import servers

PACKAGE = "generated_client"
PATIENCE = 10.0


def generate(url: str, folder: Path) -> None:
    """Puts the client's package into the folder; the generator formats it with the `ruff` beside it."""
    beside = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": beside + os.pathsep + os.environ["PATH"]}
    # The generator knows neither of the two, which are texts; it warns of any other.
    settings = folder / "client.yaml"
    settings.write_text(
        "content_type_overrides:\n  application/x-ndjson: text/plain\n  application/atom+xml: text/plain\n"
    )
    command = [
        str(Path(beside) / "openapi-python-client"),
        "generate",
        "--config",
        str(settings),
        "--url",
        url,
        "--meta",
        "none",
        "--fail-on-warning",
        "--output-path",
        str(folder / PACKAGE),
    ]
    subprocess.run(command, check=True, env=environment, cwd=folder, stdout=subprocess.DEVNULL)


def part(name: str):
    return importlib.import_module(f"{PACKAGE}.{name}")


def call(name: str, client, status: int = 200, **values):
    """What the generated function of an operation makes of the answer, which has the status."""
    answer = part(f"api.{name}").sync_detailed(client=client, **values)
    assert answer.status_code == status, (name, answer)
    # It does not parse the answers of an operation that may answer anything and nothing else.
    return json.loads(answer.content) if answer.parsed is None else answer.parsed


def comments(client) -> None:
    models = part("models")
    new = models.CommentCreateSchema(talk_id=7, user_ip="10.0.0.1", comment_text="é日😀")
    made = call("comments.create_comment_comments_post", client, body=new)
    assert isinstance(made, models.CommentResponse), made
    assert (made.talk_id, made.user_ip, made.comment_text) == (7, "10.0.0.1", "é日😀")
    assert made.created_at == made.updated_at and made.created_at.utcoffset().total_seconds() == 0
    one = "comments.read_comment_comments_comment_id_get"
    assert call(one, client, comment_id=made.id) == made
    listed = call("comments.read_comments_by_talk_comments_get", client, talk_id=7, offset=0, limit=5)
    assert listed == [made], listed
    assert call("comments.read_comments_by_talk_comments_get", client, talk_id=8) == []
    changed = call(
        "comments.update_comment_comments_comment_id_put",
        client,
        comment_id=made.id,
        body=models.CommentUpdateSchema(comment_text="changed"),
    )
    assert (changed.id, changed.comment_text) == (made.id, "changed")
    assert changed.updated_at > made.updated_at and changed.created_at == made.created_at
    (found,) = call("comments.search_comments_search_comments_get", client, q="chang*")
    assert found.id == made.id, found
    gone = call("comments.delete_comment_comments_comment_id_delete", client, comment_id=made.id)
    assert gone == {"message": "Comment deleted"}, gone
    call(one, client, status=404, comment_id=made.id)


def refusals(client) -> None:
    models = part("models")
    empty = models.CommentCreateSchema(talk_id=7, user_ip="1" * 46, comment_text="")
    refused = call("comments.create_comment_comments_post", client, status=422, body=empty)
    assert isinstance(refused, models.HTTPValidationError), refused
    assert [error.loc for error in refused.detail] == [["body", "user_ip"], ["body", "comment_text"]]
    assert [error.type_ for error in refused.detail] == ["string_too_long", "string_too_short"]
    call("comments.read_comments_by_talk_comments_get", client, status=422, limit=101)
    call("comments.read_comment_comments_comment_id_get", client, status=422, comment_id=2**64)


def authorisation(base: str, client) -> None:
    models = part("models")
    login = "auth.login_auth_token_post"
    wrong = models.BodyLoginAuthTokenPost(username="testuser", password="wrong")
    call(login, client, status=401, body=wrong)
    right = models.BodyLoginAuthTokenPost(username="testuser", password="testpass", grant_type="password")
    token = call(login, client, body=right)
    assert isinstance(token, models.Token) and token.token_type == "bearer", token
    known = part("client").AuthenticatedClient(base, token.access_token, raise_on_unexpected_status=True)
    for scheme, refusal in (("me", 403), ("oauth2", 401)):
        name = f"auth.read_{scheme}_auth_{scheme}_get"
        user = call(name, known)
        assert isinstance(user, models.UserResponse) and user.name == "testuser", user
        call(name, client, status=refusal)
    keyed = client.with_headers({"X-API-Key": token.access_token})
    assert call("auth.read_api_key_auth_api_key_get", keyed).name == "testuser"
    basic = httpx.BasicAuth("testuser", "testpass")
    named = part("client").Client(base, raise_on_unexpected_status=True, httpx_args={"auth": basic})
    assert call("auth.read_basic_auth_basic_get", named).name == "testuser"
    call("auth.read_basic_auth_basic_get", client, status=401)


def the_rest(client, server: servers.Server) -> None:
    assert call("default.read_root_get", client) == {"message": "Hello, World!"}
    for ping in ("terrible", "good", "perfect"):
        assert call(f"default.{ping}_ping_{ping}_ping_get", client) == {"pong": True}
    process = "default.start_processing_process_post"
    assert call(process, client, data="from a client") == {"message": "Processing started"}
    end = time.monotonic() + PATIENCE
    while b"from a client" not in server.processed:
        assert time.monotonic() < end, "the background task has written nothing"
        time.sleep(0.01)
    for _ in range(5):
        call("default.limited_limited_get", client)
    call("default.limited_limited_get", client, status=429)


async def together(base: str) -> None:
    """The functions for asyncio, many at once over one client."""
    models = part("models")
    create = part("api.comments.create_comment_comments_post").asyncio
    async with part("client").Client(base, raise_on_unexpected_status=True) as client:
        bodies = [
            models.CommentCreateSchema(talk_id=9, user_ip="::1", comment_text=f"number {number}")
            for number in range(50)
        ]
        made = await asyncio.gather(*(create(client=client, body=body) for body in bodies))
        assert len({comment.id for comment in made}) == 50
        found = await part("api.comments.read_comments_by_talk_comments_get").asyncio(
            client=client, talk_id=9
        )
        assert sorted(found, key=lambda comment: comment.id) == sorted(made, key=lambda comment: comment.id)


def main() -> None:
    server = servers.livetalk(Path(sys.argv[1]).resolve())
    try:
        base = f"http://127.0.0.1:{server.ready().port}"
        validate(httpx.get(base + "/openapi.json").json())
        print("openapi-spec-validator: the document is valid")
        with tempfile.TemporaryDirectory() as folder:
            generate(base + "/openapi.json", Path(folder))
            sys.path.insert(0, folder)
            with part("client").Client(base, raise_on_unexpected_status=True) as client:
                comments(client)
                refusals(client)
                authorisation(base, client)
                the_rest(client, server)
            asyncio.run(together(base))
        print("openapi-python-client: generated without a warning, every operation called")
    finally:
        server.stop()


main()
