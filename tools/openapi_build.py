#!/usr/bin/env python3
"""Turns docs/openapi.yaml into what the server hands out: /openapi.json, and the page at /docs.

    tools/openapi_build.py docs/openapi.yaml --version 6.0.0 --page-source src/api/server/docs_page --output build/api

writes openapi.json, docs.html and docs_style_hash.txt (the page's style for its Content-Security-Policy). It stops when the
description contradicts itself: another version than the program's, a $ref to nothing, an operationId twice.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import sys

import yaml

import openapi_page


class TextLoader(yaml.SafeLoader):
    """YAML with dates left as the text they are written as."""


TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def resolve(document, pointer):
    found = document
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


def faults(document, version):
    if document["info"]["version"] != version:
        yield f"info.version is {document['info']['version']}, the program's is {version}"
    used = set(references(document))
    for reference in sorted(used):
        try:
            resolve(document, reference)
        except (KeyError, TypeError):
            yield f"{reference} does not exist"
    for kind in ("parameters", "headers", "responses", "schemas"):
        for name in document["components"][kind]:
            if f"#/components/{kind}/{name}" not in used:
                yield f"components.{kind}.{name} is not used"
    seen = set()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            name = operation.get("operationId")
            if name is None or name in seen:
                yield f"{method.upper()} {path} has no operationId of its own"
            seen.add(name)


def main():
    arguments = argparse.ArgumentParser(description="Makes /openapi.json and the page at /docs.")
    arguments.add_argument("source", type=pathlib.Path)
    arguments.add_argument("--version", required=True)
    arguments.add_argument("--page-source", type=pathlib.Path, required=True)
    arguments.add_argument("--output", type=pathlib.Path, required=True)
    given = arguments.parse_args()

    document = yaml.load(given.source.read_text("utf-8"), TextLoader)
    found = list(faults(document, given.version))
    for fault in found:
        print(f"{given.source}: {fault}", file=sys.stderr)
    if found:
        return 1

    style = (given.page_source / "style.css").read_text("utf-8")
    page = openapi_page.render(document, (given.page_source / "page.html").read_text("utf-8"), style)
    style_hash = "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "openapi.json").write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), "utf-8")
    (given.output / "docs.html").write_text(page, "utf-8")
    (given.output / "docs_style_hash.txt").write_text(style_hash, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
