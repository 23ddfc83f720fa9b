"""An OpenAPI document with markup in every string and every shape of schema, and the answers to it."""

from __future__ import annotations

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlencode

from proxy import Answered, Asked

MARKUP = '"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\'`${window.hacked=1}'
BAD_LINK = "javascript:window.hacked=1"
CODE, TOKEN = "the-code", "the-token"


def responses(schema: dict) -> dict:
    return {
        "200": {
            "description": MARKUP,
            "headers": {MARKUP: {"schema": {"type": "string"}, "description": MARKUP}},
            "content": {"application/json": {"schema": schema}},
        }
    }


def operation(name: str, **more) -> dict:
    answers = responses({"$ref": "#/components/schemas/Tree"})
    return {"operationId": name, "tags": ["shapes"], "responses": answers} | more


PATTERNS = {
    "link": {"type": "string", "pattern": "^https?://"},
    "code": {"type": "string", "pattern": "^[A-Z]{3}-\\d{4}$"},
    "color": {"type": "string", "pattern": "^(?:red|green)(\\.\\w+)*$", "maxLength": 8},
    "without": {"type": "string", "pattern": "^[^a0]+$", "minLength": 5},
    "letters": {"type": "string", "pattern": "^\\p{L}+$"},
    "time": {"type": "string", "format": "date-time", "pattern": "^2"},
    "long": {"type": "string", "minLength": 12},
}

SCHEMAS = {
    "Patterns": {"type": "object", "properties": PATTERNS},
    "Tree": {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "description": MARKUP, "example": MARKUP, "pattern": "^<b>.*"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
            "parent": {"anyOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "null"}]},
            "pet": {
                "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
                "discriminator": {"propertyName": "kind"},
            },
            "pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
            "scores": {"type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0}},
            "either": {"type": ["integer", "string", "null"]},
            "__proto__": {"type": "string"},
            MARKUP: {"enum": [MARKUP, 1, None]},
        },
    },
    "Cat": {"type": "object", "properties": {"kind": {"const": "cat"}}, "title": MARKUP},
    "Dog": {"allOf": [{"type": "object", "properties": {"kind": {"const": "dog"}}}, {"required": ["kind"]}]},
    "Loop": {"$ref": "#/components/schemas/Loop"},
    "Nowhere": {"$ref": "#/components/none/of/this"},
    "Color": {"type": "string", "enum": ["red", "green"]},
    MARKUP: {"type": "object", "description": MARKUP, "properties": {}},
}

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {
        "title": MARKUP, "version": MARKUP, "summary": MARKUP,
        "description": f"{MARKUP}\n\n# {MARKUP}\n\n- [{MARKUP}]({BAD_LINK})\n- `{MARKUP}`\n\n"
                       f"```\n{MARKUP}\n```\n"
                       "\nA [link](https://example.org/) with **strong** and *soft* words.",
        "contact": {"name": MARKUP, "url": BAD_LINK, "email": MARKUP},
        "license": {"name": MARKUP, "url": BAD_LINK}, "termsOfService": BAD_LINK,
    },
    "externalDocs": {"url": BAD_LINK, "description": MARKUP},
    "tags": [{"name": MARKUP, "description": MARKUP}],
    "paths": {
        "/shapes": {
            "parameters": [{"name": "shared", "in": "header", "schema": {"type": "string"}}],
            "get": operation("shapes", parameters=[
                {"name": "color", "in": "query", "schema": {"$ref": "#/components/schemas/Color"}},
                {"name": "flag", "in": "query", "schema": {"type": "boolean", "default": False}},
                {"name": "many", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
                {"name": "joined", "in": "query", "explode": False,
                 "schema": {"type": "array", "items": {"type": "string"}}},
                {"name": "X-Tag", "in": "header", "schema": {"type": "string"}},
            ]),
            "post": operation("tree", requestBody={
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}}),
        },
        "/patterns": {"post": operation("patterns", requestBody={
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Patterns"}}}})},
        "/form": {"post": operation("form", requestBody={"required": True, "content": {
            "multipart/form-data": {"schema": {"type": "object", "required": ["file", "note"], "properties": {
                "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                "note": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}},
            }}}}})},
        "/secret": {"get": operation("secret", security=[{"Code": ["read"]}])},
        "/markup/{" + MARKUP + "}": {"get": operation(
            MARKUP, tags=[MARKUP, "shapes"], summary=MARKUP, description=MARKUP, deprecated=True,
            externalDocs={"url": BAD_LINK, "description": MARKUP},
            parameters=[{"name": MARKUP, "in": "path", "required": True, "description": MARKUP,
                         "schema": {"type": "string", "default": MARKUP, "examples": [MARKUP]}}])},
        "/big": {"get": operation("big")},
        "/text": {"get": operation("text")},
    },
    "components": {
        "schemas": SCHEMAS,
        "securitySchemes": {
            "Code": {"type": "oauth2", "description": MARKUP, "flows": {"authorizationCode": {
                "authorizationUrl": "authorize", "tokenUrl": "token", "scopes": {"read": MARKUP}}}},
            MARKUP: {"type": "apiKey", "in": "query", "name": MARKUP},
        },
    },
}


class Answers:
    """Plays the application and its authorization server, and keeps what it was asked last."""

    def __init__(self):
        self.asked: dict[str, Asked] = {}
        self.challenge = ""

    def __call__(self, asked: Asked) -> Answered:
        path = asked.path.split("?")[0]
        self.asked[path] = asked
        query = dict(asked.query)
        if path == "/openapi.json":
            return self.json(200, DOCUMENT)
        if path == "/lost.json":
            return self.json(404, {})
        if path == "/authorize":
            self.challenge = query["code_challenge"]
            back = query["redirect_uri"] + "?" + urlencode({"code": CODE, "state": query["state"]})
            return 302, [("Location", back)], b""
        if path == "/token":
            form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            proven = base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.challenge
            if form["code"] == CODE and proven:
                return self.json(200, {"access_token": TOKEN, "token_type": "bearer"})
            return self.json(400, {"error": "invalid_grant"})
        if path == "/secret":
            known = asked.headers.get("authorization") == f"Bearer {TOKEN}"
            return self.json(200 if known else 401, {"known": known})
        if path == "/big":
            return 200, [("Content-Type", "application/json")], b'{"whole":9007199254740993,"e":[],"t":"[{}"}'
        if path == "/text":
            return 200, [("Content-Type", "text/html")], MARKUP.encode()
        return self.json(200, {"markup": MARKUP})

    @staticmethod
    def json(status: int, value) -> Answered:
        return status, [("Content-Type", "application/json")], json.dumps(value).encode()
