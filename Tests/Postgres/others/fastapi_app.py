"""The comments' POST and GET on FastAPI with asyncpg, as one would write them: DATABASE_URL says where."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timezone

import asyncpg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel


class CommentCreate(BaseModel):
    talk_id: int
    user_ip: str
    comment_text: str


class Comment(CommentCreate):
    id: int
    created_at: datetime
    updated_at: datetime


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=16, max_size=16) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/plaintext")
async def plaintext() -> str:
    return "Hello, World!"


@app.post("/comments/")
async def create(new: CommentCreate) -> Comment:
    now = datetime.now(timezone.utc)
    number = await app.state.pool.fetchval(
        "INSERT INTO plain (talk_id, user_ip, comment_text, created_at, updated_at) VALUES ($1, $2, $3, $4, $4) RETURNING id",
        new.talk_id, new.user_ip, new.comment_text, now)  # fmt: skip
    return Comment(id=number, created_at=now, updated_at=now, **new.model_dump())


@app.get("/comments/{number}")
async def read(number: int) -> Comment:
    row = await app.state.pool.fetchrow("SELECT * FROM plain WHERE id = $1", number)
    if row is None:
        raise HTTPException(404, "Comment not found")
    return Comment(**row)


@app.get("/comments/")
async def read_all(talk_id: int, limit: int = 100) -> list[Comment]:
    rows = await app.state.pool.fetch("SELECT * FROM plain WHERE talk_id = $1 ORDER BY id LIMIT $2", talk_id, limit)
    return [Comment(**row) for row in rows]
