"""The schema and its pages."""

from __future__ import annotations

from dataclasses import dataclass

from wire import Answer

from .base import Case, Cases, get, send

PAGES = ("/docs", "/redoc", "/docs/oauth2-redirect")

# The reference's parts of the document, each compared by itself: (name, the keys that lead to it).
OPERATIONS = [
    ("/", "get"),
    ("/comments/", "get"),
    ("/comments/", "post"),
    ("/comments/{comment_id}", "get"),
    ("/comments/{comment_id}", "put"),
    ("/comments/{comment_id}", "delete"),
    ("/auth/token", "post"),
    ("/auth/me", "get"),
    ("/auth/basic", "get"),
    ("/auth/api-key", "get"),
    ("/auth/oauth2", "get"),
    ("/limited", "get"),
    ("/terrible-ping", "get"),
    ("/good-ping", "get"),
    ("/perfect-ping", "get"),
    ("/process", "post"),
]
OPERATION_PARTS = (
    "tags",
    "summary",
    "description",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "security",
)
SCHEMAS = [
    "CommentCreateSchema",
    "CommentUpdateSchema",
    "CommentResponse",
    "Token",
    "UserResponse",
    "Body_login_auth_token_post",
    "HTTPValidationError",
    "ValidationError",
]
SCHEMES = ["TokenBearer", "HTTPBasic", "APIKeyHeader", "OAuth2PasswordBearer"]


@dataclass(frozen=True)
class DocumentCase(Case):
    """One part of /openapi.json; compared in substance, not by bytes."""

    keys: tuple[str, ...] = ()

    def play(self, server) -> Answer:
        answer = super().play(server)
        return answer.with_(facts={"keys": self.keys})


def openapi() -> Cases:
    cases = Cases("openapi")

    def part(*keys: str) -> None:
        name = " ".join(keys) or "the whole"
        cases.put(
            DocumentCase(cases.group, name, get("/openapi.json"), tags=frozenset(["document"]), keys=keys)
        )

    part("openapi")
    part("info")
    for path, method in OPERATIONS:
        for key in OPERATION_PARTS:
            part("paths", path, method, key)
    for name in SCHEMAS:
        part("components", "schemas", name)
    for name in SCHEMES:
        part("components", "securitySchemes", name)
    for target in ("/openapi.json", "/openapi.json?x=1"):
        cases.add(f"GET {target}", get(target), tags=["page"])
    cases.add("HEAD /openapi.json", send("HEAD", "/openapi.json"), tags=["page"])
    return cases


def docs() -> Cases:
    """The pages are our own: status and content type are compared, and that they work offline."""
    cases = Cases("docs")
    for path in PAGES:
        cases.add(f"GET {path}", get(path), tags=["page"])
        cases.add(f"HEAD {path}", send("HEAD", path), tags=["page"])
        cases.add(f"GET {path} with a query", get(path + "?x=1"), tags=["page"])
        cases.add(f"GET {path} with an origin", get(path, ("Origin", "http://a.b")), tags=["page"])
        cases.add(f"GET {path} with an Accept", get(path, ("Accept", "application/json")), tags=["page"])
        cases.add(f"POST {path}", send("POST", path))
        cases.add(f"GET {path} of a bad host", get(path, host="evil.com"))
    return cases
