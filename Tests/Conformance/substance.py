"""Compares two parts of an OpenAPI document in substance: order is free where it says nothing."""

from __future__ import annotations

# What LiveTalk's document may say beyond the reference's: its own limits, examples, more responses.
MORE = {
    "format",
    "minimum",
    "maximum",
    "examples",
    "example",
    "headers",
    "links",
    "pattern",
    "additionalProperties",
}
UNORDERED = {"required", "tags", "anyOf", "oneOf", "allOf", "enum", "parameters", "security", "type"}


def part(document, keys: tuple[str, ...]):
    for key in keys:
        if not isinstance(document, dict):
            return None
        document = document.get(key)
    return document


def problems(reference, ours, at: str = "") -> list[str]:
    if isinstance(reference, dict) and isinstance(ours, dict):
        return _objects(reference, ours, at)
    if isinstance(reference, list) and isinstance(ours, list):
        return _lists(reference, ours, at)
    if reference != ours or isinstance(reference, bool) != isinstance(ours, bool):
        return [f"{at or 'it'} is {ours!r}, not {reference!r}"]
    return []


def _objects(reference: dict, ours: dict, at: str) -> list[str]:
    found = []
    for key in reference:
        if key not in ours:
            found.append(f"{at}/{key} is absent, not {reference[key]!r}")
        else:
            found += problems(reference[key], ours[key], f"{at}/{key}")
    for key in ours.keys() - reference.keys():
        more_responses = at.endswith("responses") and key.isdigit()
        more_words = key in MORE or key.startswith("x-") or at.endswith("ValidationError/properties")
        if not (more_responses or more_words):
            found.append(f"{at}/{key} is new: {ours[key]!r}")
    return found


def _lists(reference: list, ours: list, at: str) -> list[str]:
    if len(reference) != len(ours):
        return [f"{at} has {len(ours)} members, not {len(reference)}: {ours!r}, not {reference!r}"]
    if at.rsplit("/", 1)[-1] not in UNORDERED:
        pairs = enumerate(zip(reference, ours, strict=True))
        return [line for index, pair in pairs for line in problems(*pair, f"{at}/{index}")]
    left = list(ours)
    found = []
    for index, wanted in enumerate(reference):
        match = next((item for item in left if not problems(wanted, item, f"{at}/{index}")), None)
        if match is None:
            nearest = min(left, key=lambda item: len(problems(wanted, item, "")))
            found += problems(wanted, nearest, f"{at}/{index}")
        else:
            left.remove(match)
    return found
