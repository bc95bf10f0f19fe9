"""Makes the cases of this folder: one maximal call per operation, sent by the official client.

    pip install alibabacloud_oos20190601==3.7.0
    python3 make_cases.py ../../../spec/oos-2019-06-01.json

The official Python client sends each call to a loopback server; what arrives there is
`request.query`. The server answers with the published samples (`answer.json`), and the client must
read that answer back whole. The expectations `request.json` (what our client sends: the same
pairs, booleans in lower case), `encoded.json` (the answer with every number and flag in the type of
its shape, where that differs) and `loose.json` (the answer in other forms that must be read alike,
where the specification lists such) are worked out from the specification alone, never by our own
code.
"""

import http.server
import json
import pathlib
import sys
import threading
import urllib.parse

from alibabacloud_oos20190601 import client as sdk
from alibabacloud_oos20190601 import models
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions

ORIGIN = "alibabacloud_oos20190601 3.7.0 against a loopback server"
SAMPLES = {"boolean": True, "integer": 7, "int64": 9007199254740993, "float": 0.25, "any": "a"}


class Server(http.server.BaseHTTPRequestHandler):
    """Remembers the query and answers with what it was told to."""

    seen = {}
    answer = b"{}"

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        assert self.rfile.read(length) == b"", "the body is empty"
        Server.seen = {
            "method": self.command,
            "action": self.headers["x-acs-action"],
            "version": self.headers["x-acs-version"],
            "query": self.path.split("?", 1)[1],
        }
        self.send_response(200)
        self.send_header("content-type", "application/json;charset=utf-8")
        self.send_header("content-length", str(len(Server.answer)))
        self.end_headers()
        self.wfile.write(Server.answer)

    do_GET = do_POST

    def log_message(self, *_):
        pass


def example(field, kind):
    """The published sample in the declared type, or a value of that type."""
    text = field.get("example")
    if text is None:
        return None
    if kind in ("integer", "int64"):
        try:
            return int(str(text))
        except ValueError:
            return None
    if kind == "float":
        return float(text)
    if kind == "boolean":
        return str(text).lower() == "true"
    if kind == "string":
        return str(text)
    return None


def value(field, of=None):
    of = of or field
    kind = of["type"]
    prefer = field.get("prefer", "")
    if prefer == "array<string>":
        return ["a b", "中+&="]
    if kind == "array":
        return [value({"name": field["name"]}, of["items"]) for _ in range(2)]
    if kind == "map":
        if prefer == "map<integer>":
            return {"Failed": 0, "Success": 1}
        return {"k1": "v 1", "k2": "\"中\""}
    if kind == "object":
        return {one["name"]: value(one) for one in of["fields"]}
    found = example(field, kind)
    if found is not None:
        return found
    if kind == "string":
        if field.get("enum"):
            return field["enum"][0]
        encoded = field.get("json_encoded")
        if encoded == "array":
            return '["a","中"]'
        return '{"a": "中 +&="}' if encoded else f"a {field['name']}\n中+&=%"
    return SAMPLES[kind]


def canonical(shapes, field, found):
    """The answer field as our shapes type it: numbers and flags declared as text in one use only."""
    if isinstance(found, list):
        items = field.get("items") or {}
        return [canonical(shapes, {**items, "name": field["name"]}, one) for one in found]
    if isinstance(found, dict) and field.get("fields"):
        shape = {one["name"]: one for one in shapes.get(field.get("shape"), {}).get("fields", [])}
        members = {}
        for one in field["fields"]:
            known = shape.get(one["name"], {}).get("type")
            member = canonical(shapes, one, found[one["name"]])
            if one["type"] == "string" and known == "integer":
                member = int(member)
            if one["type"] == "string" and known == "boolean":
                member = str(member).lower() == "true"
            members[one["name"]] = member
        return members
    return found


def loose(field, found):
    """The same answer in the other forms that `accept` lists: numbers and flags as text."""
    if isinstance(found, list):
        items = field.get("items") or {}
        return [loose({**items, "name": field["name"]}, one) for one in found]
    if isinstance(found, dict) and field.get("fields"):
        return {one["name"]: loose(one, found[one["name"]]) for one in field["fields"]}
    accept = field.get("accept", [])
    if "string" in accept and isinstance(found, (bool, int, float)):
        return str(found)
    if "string" in accept and isinstance(found, dict) and not field.get("conflict"):
        return json.dumps(found, ensure_ascii=False)
    if "integer" in accept and isinstance(found, str) and found.isdigit():
        return int(found)
    return found


def write(folder, name, content):
    text = content if isinstance(content, str) else json.dumps(content, indent=1, ensure_ascii=False)
    (folder / name).write_text(text + "\n", encoding="utf-8")


def mark_conflicts(shapes, of):
    """Fields that are text in one use and structured in another keep the form they came in."""
    for field in of.get("fields", []):
        shape = {one["name"]: one for one in shapes.get(of.get("shape"), {}).get("fields", [])}
        if "type_conflicts" in shape.get(field["name"], {}):
            field["conflict"] = True
        mark_conflicts(shapes, field)
    if isinstance(of.get("items"), dict):
        mark_conflicts(shapes, of["items"])


def make(operation, shapes, client, root):
    request = {field["name"]: value(field) for field in operation["request"]}
    for field in operation["response"]:
        mark_conflicts(shapes, field)
    answer = {field["name"]: value(field) for field in operation["response"]}
    Server.answer = json.dumps(answer, ensure_ascii=False).encode()
    model = getattr(models, operation["name"] + "Request")().from_map(request)
    call = getattr(client, operation["python_name"] + "_with_options")
    read = call(model, RuntimeOptions()).body.to_map()
    assert read == answer, (operation["name"], read, answer)
    seen = Server.seen
    assert seen["action"] == operation["name"] and seen["version"] == "2019-06-01"
    flags = {field["name"] for field in operation["request"] if field["type"] == "boolean"}
    pairs = urllib.parse.parse_qsl(seen["query"], keep_blank_values=True, strict_parsing=True)
    pairs = sorted([n, v.lower() if n in flags else v] for n, v in pairs)
    folder = root / operation["python_name"]
    folder.mkdir(exist_ok=True)
    facts = {"operation": operation["name"], "method": seen["method"], "origin": ORIGIN}
    write(folder, "case.json", facts)
    write(folder, "request.query", seen["query"])
    write(folder, "request.json", pairs)
    write(folder, "answer.json", answer)
    fields = operation["response"]
    encoded = {one["name"]: canonical(shapes, one, answer[one["name"]]) for one in fields}
    other = {one["name"]: loose(one, answer[one["name"]]) for one in fields}
    for name, content in [("encoded.json", encoded), ("loose.json", other)]:
        (folder / name).unlink(missing_ok=True)
        if content != answer:
            write(folder, name, content)


def main():
    spec = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"127.0.0.1:{server.server_port}"
    config = Config(access_key_id="id", access_key_secret="secret", protocol="HTTP", endpoint=endpoint)
    client = sdk.Client(config)
    for operation in spec["operations"]:
        make(operation, spec["shapes"], client, pathlib.Path(__file__).parent)


main()
