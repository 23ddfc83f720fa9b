#!/usr/bin/env python3
"""Counts the circles of files in each module, and fails where one is larger than MOST: cycles.py [--root DIRECTORY] [--list]

A file refers to another of its module where it names a type, function or value that the other declares at its top level; what
stands in comments and texts does not count. A circle is a strongly connected component of these references. Members of an
extension are not followed: a call of one names no file, and the type that is extended is named anyway.
"""
import argparse
import re
import sys
from pathlib import Path

MOST = 10
TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|#*"""|"(?:[^"\\\n]|\\.)*"|[{}]|`?[A-Za-z_][A-Za-z0-9_]*`?', re.S)
DECLARATION = {"struct", "class", "enum", "protocol", "actor", "typealias", "func", "let", "var"}
INTERPOLATION = re.compile(r"\\\(([^()]*(?:\([^()]*\)[^()]*)*)\)")


def tokens(text):
    """The words and braces of a file, without comments; of texts only what is interpolated."""
    at = 0
    while match := TOKEN.search(text, at):
        token = match.group()
        at = match.end()
        if token.startswith("/"):
            continue
        if token.endswith('"""'):
            end = text.find('"""' + "#" * (len(token) - 3), at)
            inside = text[at:end]
            at = end + len(token)
        elif token.startswith('"'):
            inside = token[1:-1]
        else:
            yield token.strip("`")
            continue
        for part in INTERPOLATION.findall(inside):
            yield from tokens(part)


def read(path):
    """What a file declares at its top level, what it declares within, and the words that it uses."""
    own, nested, used = set(), set(), set()
    depth, before = 0, ""
    for token in tokens(path.read_text()):
        if token == "{":
            depth += 1
        elif token == "}":
            depth -= 1
        elif before in DECLARATION and token not in DECLARATION and token != "func":
            (own if depth == 0 else nested).add(token)
        else:
            used.add(token)
        before = token
    return own, nested, used


def references(paths):
    """For each file the files of its module that it refers to."""
    read_files = {path: read(path) for path in paths}
    home = {}
    for path, (own, _, _) in read_files.items():
        for name in own:
            home.setdefault(name, set()).add(path)
    return {
        path: {
            other for name in used - nested - own if name in home for other in home[name] if other != path
        }
        for path, (own, nested, used) in read_files.items()
    }


def circles(graph):
    """The strongly connected components of more than one file, the largest first (Tarjan's algorithm, without recursion)."""
    index, low, stack, found = {}, {}, [], []
    for start in graph:
        if start in index:
            continue
        work = [(start, iter(sorted(graph[start])))]
        index[start] = low[start] = len(index)
        stack.append(start)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    work.append((other, iter(sorted(graph[other]))))
                    break
                if other in stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    at = stack.index(node)
                    component, stack[at:] = stack[at:], []
                    if len(component) > 1:
                        found.append(sorted(component))
    return sorted(found, key=len, reverse=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--root", type=Path, default=Path(__file__).parent / "../..")
    options.add_argument("--list", action="store_true", help="tell every circle, with its references")
    options = options.parse_args()
    sources = options.root.resolve() / "Sources"
    failed = False
    for module in sorted(path for path in sources.iterdir() if path.is_dir()):
        graph = references(sorted(module.rglob("*.swift")))
        found = circles(graph)
        if options.list:
            print(f"{module.name}: {len(graph)} files, circles of {[len(circle) for circle in found]}")
        for circle in found:
            if options.list:
                for path in circle:
                    near = " ".join(sorted(other.stem for other in graph[path] if other in circle))
                    print(f"    {path.relative_to(module)} -> {near}")
                print()
            if len(circle) > MOST:
                names = ", ".join(path.stem for path in circle)
                print(f"{module.name}: a circle of {len(circle)} files, and {MOST} are the most: {names}", file=sys.stderr)
                failed = True
    sys.exit(failed)


main()
