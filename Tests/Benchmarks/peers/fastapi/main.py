"""main.py PORT [DATABASE]: FastAPI on uvicorn with uvloop and httptools, answering GET /plaintext and GET /comments/{id}."""

import sqlite3
import sys

import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel


class Comment(BaseModel):
    id: int
    talk_id: int
    user_ip: str
    comment_text: str
    created_at: str
    updated_at: str


app = FastAPI()
database = sqlite3.connect(sys.argv[2]) if len(sys.argv) > 2 else None
if database:
    database.row_factory = sqlite3.Row


@app.get("/plaintext", response_class=PlainTextResponse)
async def plaintext() -> str:
    return "Hello, World!"


@app.get("/comments/{comment_id}")
async def comment(comment_id: int) -> Comment:
    row = database.execute(
        "SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM comments WHERE id = ?",
        (comment_id,),
    ).fetchone()
    if row is None:
        raise HTTPException(404, "Comment not found")
    return Comment(**row)


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=False, log_level="warning")
