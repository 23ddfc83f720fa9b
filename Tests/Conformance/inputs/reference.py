"""Every kind of input in FastAPI; Crane/ has the same routes. It decides nothing and echoes what it is given."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, List, Optional

from fastapi import (
    Body,
    Cookie,
    Depends,
    FastAPI,
    Form,
    Header,
    HTTPException,
    Path,
    Query,
    UploadFile,
)
from fastapi.security import (
    APIKeyCookie,
    APIKeyQuery,
    HTTPAuthorizationCredentials,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
    OAuth2PasswordBearer,
)
from pydantic import BaseModel, Field

app = FastAPI(title="Inputs")


class Item(BaseModel):
    name: str = Field(min_length=1, max_length=5)
    price: float = Field(gt=0)
    count: int = 1
    tags: List[str] = []
    note: Optional[str] = None


class Kind(str, Enum):
    small = "small"
    large = "large"


@app.get("/items/{item_id}")
def read_item(
    item_id: int,
    q: Optional[str] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    tags: Annotated[List[str], Query()] = [],
    flag: bool = False,
    ratio: Optional[float] = None,
    nums: Annotated[Optional[List[int]], Query()] = None,
) -> Any:
    return [item_id, q, limit, tags, flag, ratio, nums]


@app.get("/headers")
def read_headers(
    x_token: Annotated[str, Header()],
    x_num: Annotated[Optional[int], Header()] = None,
    tags: Annotated[List[str], Header()] = [],
    session: Annotated[Optional[str], Cookie()] = None,
    n: Annotated[int, Cookie()] = 3,
) -> Any:
    return [x_token, x_num, tags, session, n]


class Filters(BaseModel):
    q: Optional[str] = None
    limit: int = Field(10, ge=1, le=100, description="How many")
    tags: List[str] = []
    flag: bool = False
    ratio: Optional[float] = None


class Marks(BaseModel):
    session: Optional[str] = None
    n: int = 3


class Stamps(BaseModel):
    x_num: Optional[int] = None
    tags: List[str] = []


@app.get("/fields")
def read_fields(
    filters: Annotated[Filters, Query()],
    marks: Annotated[Marks, Cookie()],
    stamps: Annotated[Stamps, Header()],
) -> Any:
    return [
        [filters.q, filters.limit, filters.tags, filters.flag, filters.ratio],
        [marks.session, marks.n, stamps.x_num, stamps.tags],
    ]


@app.put("/items/{item_id}")
def update_item(item_id: int, item: Item, q: int, x_token: Annotated[int, Header()]) -> Any:
    return [item_id, item, q, x_token]


@app.post("/form")
def send_form(
    a: Annotated[int, Form()],
    b: Annotated[str, Form()] = "x",
    c: Annotated[List[int], Form()] = [],
    d: Annotated[Optional[str], Form()] = None,
) -> Any:
    return [a, b, c, d]


@app.post("/upload")
def upload(f: UploadFile, note: Annotated[str, Form()]) -> Any:
    data = f.file.read()
    return [f.filename, f.content_type, len(data), data.decode("utf-8", "replace"), note]


@app.post("/uploads")
def upload_all(f: List[UploadFile]) -> List[str]:
    return [each.filename for each in f]


def pager(x_page: Annotated[int, Header()], offset: Annotated[int, Query(ge=0)] = 0) -> int:
    return offset + x_page


def guardian(key: Optional[str] = None) -> str:
    if key == "no":
        raise HTTPException(403, "no")
    return key or "-"


def both(g: Annotated[str, Depends(guardian)], p: Annotated[int, Depends(pager)], z: int) -> str:
    return f"{g}{p}{z}"


@app.get("/depends/{id}")
def read_dependent(
    id: int, b: Annotated[str, Depends(both)], own: int, p: Annotated[int, Depends(pager)]
) -> Any:
    return [id, b, own, p]


@app.post("/guarded")
def send_guarded(g: Annotated[str, Depends(guardian)], i: Item, own: int) -> Any:
    return [g, i, own]


@app.get("/any-credentials")
def read_credentials(
    a: Annotated[Optional[HTTPAuthorizationCredentials], Depends(HTTPBearer(auto_error=False))],
    b: Annotated[Optional[HTTPBasicCredentials], Depends(HTTPBasic(auto_error=False))],
    c: Annotated[Optional[str], Depends(APIKeyQuery(name="k", auto_error=False))],
) -> Any:
    return [a and a.credentials, b and f"{b.username}/{b.password}", c]


@app.get("/key")
def read_key(
    a: Annotated[Optional[str], Depends(OAuth2PasswordBearer(tokenUrl="t", auto_error=False))],
    c: Annotated[str, Depends(APIKeyCookie(name="ck"))],
) -> Any:
    return [a, c]


@app.post("/maybe")
def send_maybe(body: Optional[Item] = None) -> Optional[Item]:
    return body


@app.post("/list")
def send_list(body: List[int]) -> List[int]:
    return body


@app.post("/text")
def send_text(body: Annotated[str, Body()]) -> str:
    return body


@app.get("/kind/{kind}")
def read_kind(kind: Kind, other: Kind = Kind.small) -> Any:
    return [kind, other]


@app.get("/files/{name:path}")
def read_file(name: str) -> str:
    return name


@app.get("/text/{s}")
def read_text(s: Annotated[str, Path(min_length=2, max_length=4, pattern="^a")]) -> str:
    return s
