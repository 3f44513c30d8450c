"""Renders an OpenAPI description as one static HTML page: no script, nothing from elsewhere."""

import html
import json
import re

METHODS = ("get", "post", "put", "patch", "delete")


def text(value):
    """Escaped, with `code`, **strong** and *emphasis* of Markdown."""
    parts = re.split(r"(`[^`]+`)", str(value))
    out = []
    for part in parts:
        if part.startswith("`") and part.endswith("`") and len(part) > 2:
            out.append(f"<code>{html.escape(part[1:-1])}</code>")
        else:
            escaped = html.escape(part)
            escaped = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escaped)
            out.append(re.sub(r"\*(.+?)\*", r"<em>\1</em>", escaped))
    return "".join(out)


def paragraphs(value):
    return "".join(f"<p>{text(part.strip())}</p>" for part in re.split(r"\n\s*\n", value or "") if part.strip())


def anchor(*parts):
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")


def table(headings, rows):
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


class Page:
    def __init__(self, document):
        self.document = document

    def resolved(self, node):
        while "$ref" in node:
            found = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = {**found, **{key: value for key, value in node.items() if key != "$ref"}}
        return node

    def kind(self, schema):
        """What a value may be, in a few words; named schemas are links."""
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            return f'<a href="#{anchor("schema", name)}">{html.escape(name)}</a>'
        for key, word in (("anyOf", " or "), ("oneOf", " or "), ("allOf", " and ")):
            if key in schema and "properties" not in schema:
                return word.join(self.kind(option) for option in schema[key])
        if "const" in schema:
            return f"<code>{html.escape(json.dumps(schema['const']))}</code>"
        if "enum" in schema:
            return " ".join(f"<code>{html.escape(str(value))}</code>" for value in schema["enum"])
        if schema.get("type") == "array":
            return "list of " + self.kind(schema.get("items", {}))
        kinds = schema.get("type", "anything")
        words = kinds if isinstance(kinds, list) else [kinds]
        shown = " or ".join(words)
        return shown + (f", {html.escape(schema['format'])}" if "format" in schema else "")

    def bounds(self, schema):
        """The limits of a value, in words."""
        named = (
            ("minLength", "at least {} long"),
            ("maxLength", "at most {} characters"),
            ("minimum", "from {}"),
            ("maximum", "to {}"),
            ("maxItems", "at most {} items"),
            ("default", "default {}"),
        )
        words = [phrase.format(schema[key]) for key, phrase in named if key in schema]
        return html.escape(", ".join(words))

    def about(self, schema):
        full = self.resolved(schema)
        notes = [paragraphs(schema.get("description") or full.get("description"))]
        limits = self.bounds(full)
        if limits:
            notes.append(f'<p class="note">{limits}</p>')
        return "".join(notes)

    def properties(self, schema):
        required = set(schema.get("required", []))
        rows = []
        for name, value in schema.get("properties", {}).items():
            mark = ' <span class="note">required</span>' if name in required else ""
            rows.append((f"<code>{html.escape(name)}</code>{mark}", self.kind(value), self.about(value)))
        return table(("Field", "Is", "Meaning"), rows)

    def schema_article(self, name, schema):
        inside = [paragraphs(schema.get("description"))]
        if "properties" in schema:
            inside.append(self.properties(schema))
            inside += [
                paragraphs(part.get("description") or self.resolved(part).get("description"))
                for part in schema.get("allOf", [])
            ]
            if schema.get("additionalProperties") is False:
                inside.append('<p class="note">Any other field is refused.</p>')
        elif "allOf" in schema or "oneOf" in schema:
            word = "All of" if "allOf" in schema else "One of"
            for part in schema.get("allOf") or schema["oneOf"]:
                shown = self.properties(part) if "properties" in part else f"<p>{self.kind(part)}</p>"
                inside.append(f'<p class="note">{word}:</p>{shown}')
        else:
            limits = self.bounds(schema)
            inside.append(f"<p>{self.kind(schema)}{', ' + limits if limits else ''}</p>")
            if "pattern" in schema:
                inside.append(f'<p class="note">Fits <code>{html.escape(schema["pattern"])}</code></p>')
        inside += [self.example(example) for example in schema.get("examples", []) if isinstance(example, dict)]
        return f'<article id="{anchor("schema", name)}"><h3>{html.escape(name)}</h3>{"".join(inside)}</article>'

    @staticmethod
    def example(value, label=""):
        shown = html.escape(json.dumps(value, indent=2, ensure_ascii=False))
        title = f"Example: {html.escape(label)}" if label else "Example"
        return f"<details><summary>{title}</summary><pre><code>{shown}</code></pre></details>"

    def parameters(self, item, operation):
        rows = []
        for given in operation.get("parameters", []) + item.get("parameters", []):
            one = self.resolved(given)
            mark = ' <span class="note">required</span>' if one.get("required") else ""
            meaning = paragraphs(one.get("description")) or self.about(one["schema"])
            limits = self.bounds(self.resolved(one["schema"]))
            if limits and "description" in one:
                meaning += f'<p class="note">{limits}</p>'
            rows.append(
                (f"<code>{html.escape(one['name'])}</code>{mark}", one["in"], self.kind(one["schema"]), meaning)
            )
        heading = "<h4>Parameters</h4>" if rows else ""
        return heading + table(("Name", "In", "Is", "Meaning"), rows)

    def body(self, operation):
        if "requestBody" not in operation:
            return ""
        body = operation["requestBody"]
        out = ["<h4>Body" + ("" if body.get("required") else " (optional)") + "</h4>"]
        for media, content in body["content"].items():
            out.append(f"<p><code>{html.escape(media)}</code> {self.kind(content['schema'])}</p>")
            out += [
                self.example(example["value"], name.replace("_", " "))
                for name, example in content.get("examples", {}).items()
            ]
        return "".join(out)

    def responses(self, operation):
        rows = []
        for status, given in operation["responses"].items():
            one = self.resolved(given)
            kinds = {self.kind(content["schema"]) for content in one.get("content", {}).values()}
            headers = ", ".join(f"<code>{html.escape(name)}</code>" for name in one.get("headers", {}))
            rows.append((f"<code>{status}</code>", text(one["description"]), " or ".join(sorted(kinds)), headers))
        usual = [row for row in rows if "Problem" not in row[2]]
        problems = [row for row in rows if "Problem" in row[2]]
        headings = ("Status", "When", "Body", "Headers")
        out = "<h4>Answers</h4>" + table(headings, usual)
        if problems:
            out += f"<details><summary>Problems ({len(problems)})</summary>{table(headings, problems)}</details>"
        return out

    def operation_article(self, path, method, item, operation):
        secured = operation.get("security", self.document.get("security", []))
        login = "" if {} in secured or not secured else '<p class="note">Needs a login.</p>'
        call = (
            f'<span class="call"><span class="method {method}">{method.upper()}</span> '
            f"<code>{html.escape(path)}</code></span>"
        )
        return (
            f'<article id="{anchor(operation["operationId"])}"><h3>{call}{text(operation["summary"])}</h3>'
            f"{paragraphs(operation.get('description'))}{login}{self.parameters(item, operation)}"
            f"{self.body(operation)}{self.responses(operation)}</article>"
        )

    def operations(self, tag):
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item and tag in item[method]["tags"]:
                    yield path, method, item, item[method]

    def navigation(self):
        out = ['<h2>About</h2><ul><li><a href="#about">What holds for every call</a></li></ul>']
        for tag in self.document["tags"]:
            entries = "".join(
                f'<li><a href="#{anchor(operation["operationId"])}">'
                f'<span class="method {method}">{method.upper()}</span> {text(operation["summary"])}</a></li>'
                for _, method, _, operation in self.operations(tag["name"])
            )
            out.append(f"<h2>{html.escape(tag['name'])}</h2><ul>{entries}</ul>")
        out.append('<h2>Schemas</h2><ul><li><a href="#schemas">What the bodies are made of</a></li></ul>')
        return "".join(out)

    def content(self):
        out = [
            f'<section id="about"><h2>What holds for every call</h2>{paragraphs(self.document["info"]["description"])}'
            "</section>"
        ]
        for tag in self.document["tags"]:
            articles = "".join(self.operation_article(*found) for found in self.operations(tag["name"]))
            out.append(
                f'<section id="{anchor("tag", tag["name"])}"><h2>{html.escape(tag["name"])}</h2>'
                f"{paragraphs(tag.get('description'))}{articles}</section>"
            )
        schemas = "".join(
            self.schema_article(name, schema) for name, schema in self.document["components"]["schemas"].items()
        )
        out.append(f'<section id="schemas"><h2>Schemas</h2>{schemas}</section>')
        return "".join(out)


def render(document, template, style):
    page = Page(document)
    info = document["info"]
    fields = {
        "title": html.escape(info["title"]),
        "version": html.escape(info["version"]),
        "summary": text(info["summary"]),
        "style": style,
        "navigation": page.navigation(),
        "content": page.content(),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: fields[match[1]], template)
