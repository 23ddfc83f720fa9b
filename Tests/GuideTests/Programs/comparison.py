import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterable
from itertools import count
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request, UploadFile, WebSocket, WebSocketDisconnect
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse, JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.sse import EventSourceResponse, ServerSentEvent
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field

app = FastAPI()
folder = tempfile.mkdtemp()


# task: a path and a bounded query
@app.get("/hello/{name}")
def hello(name: str, times: Annotated[int, Query(ge=1, le=5)] = 1):
    return {"message": " ".join([f"Hello, {name}!"] * times)}


# task: a JSON body in and out
class NewNote(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=200)]
    tags: list[str] = []


class Note(NewNote):
    id: int


@app.post("/notes", status_code=201)
def add_note(note: NewNote) -> Note:
    return Note(id=1, **note.model_dump())


# task: a bearer token and a protected route
def user(token: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]):
    if token.credentials != "secret":
        raise HTTPException(401, "Invalid token")
    return "ada"


@app.get("/me")
def me(user: Annotated[str, Depends(user)]):
    return {"user": user}


# task: a file to the disk, and back with ranges
Name = Annotated[str, Path(pattern="^[a-z]+$")]


@app.post("/files/{name}")
def upload(name: Name, file: UploadFile):
    with open(f"{folder}/{name}", "wb") as target:
        shutil.copyfileobj(file.file, target)
    return {"bytes": file.size}


@app.get("/files/{name}")
def download(name: Name):
    return FileResponse(f"{folder}/{name}")


# task: a room of WebSockets
members: set[WebSocket] = set()


@app.websocket("/room")
async def room(socket: WebSocket):
    await socket.accept()
    members.add(socket)
    try:
        while True:
            text = await socket.receive_text()
            for member in list(members):
                await member.send_text(text)
    except WebSocketDisconnect:
        members.discard(socket)


# task: a test with another dependency
def test_me():
    app.dependency_overrides[user] = lambda: "grace"
    assert TestClient(app).get("/me").json() == {"user": "grace"}
    app.dependency_overrides.clear()


# task: a folder of files
app.mount("/static", StaticFiles(directory=folder))


# task: compression
app.add_middleware(GZipMiddleware)


# task: a 422 of one's own
@app.exception_handler(RequestValidationError)
def invalid(request: Request, error: RequestValidationError):
    return JSONResponse(jsonable_encoder({"issues": error.errors()}), 400)


# task: server-sent events
@app.get("/ticks", response_class=EventSourceResponse)
async def ticks() -> AsyncIterable[ServerSentEvent]:
    for tick in count():
        yield ServerSentEvent(data=tick, id=str(tick))
        await asyncio.sleep(1)
