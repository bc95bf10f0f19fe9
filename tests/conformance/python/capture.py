"""Captures what the newest official client sends for the inputs of tests/golden/wire.

    python capture.py [--write] DIRECTORY

Each directory below DIRECTORY is an operation: `input.min.json` and `input.max.json` hold its
parameters, made from the specification; the client's queries go into `request.min.query` and
`request.max.query`. The answer that the client gets is `answer.json`; what it makes of it has to be
the same document. Without `--write` nothing is changed: what differs from the files is reported, and
so is every operation, parameter and field of an answer that only the package or only we know. The last
line is `N passed, N failed`, the exit code 0 if nothing failed.
"""

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from alibabacloud_oos20190601 import models
from alibabacloud_oos20190601.client import Client
from alibabacloud_tea_openapi import utils_models
from darabonba.model import DaraModel
from darabonba.runtime import RuntimeOptions

PACKAGE = "alibabacloud_oos20190601"
EXTENTS = ("min", "max")
METHOD = re.compile(r"(\w+)_with_options$")


class Server(ThreadingHTTPServer):
    """Keeps the last request and answers with a given body."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = b"{}"
        self.seen = None
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.server.seen = (self.command, self.path, self.headers, self.rfile.read(length))
        self.send_response(200)
        self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    do_GET = do_POST

    def log_message(self, *_):
        """Says nothing."""


def capture(server, client, operation, given, answer):
    """Method and query that the client sends, and the answer as it reads it.

    Raises for a request that is no query alone.
    """
    server.answer, server.seen = answer.encode(), None
    request = getattr(models, f"{operation}Request")().from_map(given)
    # Reading a map leaves empty lists where there is none; a caller would leave them out.
    for name in without(request, given):
        setattr(request, name, None)
    call = getattr(client, f"{snake(operation)}_with_options")
    read = call(request, RuntimeOptions()).body
    method, target, headers, body = server.seen
    parts = urlsplit(target)
    facts = (parts.path, headers["x-acs-action"], headers["x-acs-version"], body)
    if facts != ("/", operation, "2019-06-01", b""):
        raise AssertionError(f"path, action, version and body are {facts}")
    return method, parts.query, read


def check(folder, write, sending):
    """The problems of one operation; with `write` its files are made to agree first."""
    facts = json.loads((folder / "case.json").read_text())
    operation = facts["operation"]
    answer = (folder / "answer.json").read_text()
    problems = []
    for extent in EXTENTS:
        given = json.loads((folder / f"input.{extent}.json").read_text())
        method, query, read = sending(operation, given, answer)
        path = folder / f"request.{extent}.query"
        if write:
            path.write_text(query + "\n")
            facts = {"operation": operation, "method": method,
                     "origin": f"{PACKAGE} {version(PACKAGE)} against a server of capture.py"}
            (folder / "case.json").write_text(json.dumps(facts, indent=1) + "\n")
        known = path.read_text().strip() if path.exists() else ""
        if method != facts["method"]:
            problems.append(f"{operation}: sent with {method}, not {facts['method']}")
        problems += [f"{operation}, {extent}: {line}" for line in difference(known, query)]
        problems += [f"{operation}, {extent}: it dropped {name}" for name in lost(given, query)]
        if read.to_map() != json.loads(answer):
            problems.append(f"{operation}: it reads another answer: {read.to_map()!r:.400}")
    request = getattr(models, f"{operation}Request")()
    problems += [f"{operation}: only the package knows the parameter {name}"
                 for name in without(request, given)]
    problems += [f"{operation}: only the package knows the field {place} of the answer"
                 for place in empty(read, "")]
    return problems


def without(request, given):
    """The attributes of a request that none of the parameters given fills."""
    return sorted(vars(request).keys() - {snake(name) for name in given})


def empty(read, place):
    """The attributes of an answer, and of what it is made of, that have no value."""
    if isinstance(read, list):
        read = next(iter(read), None)
    if not isinstance(read, DaraModel):
        return
    for name, value in vars(read).items():
        if value is None:
            yield f"{place}{name}"
        yield from empty(value, f"{place}{name}.")


def difference(known, found):
    known, found = dict(parse_qsl(known, True)), dict(parse_qsl(found, True))
    for name in sorted(known.keys() | found.keys()):
        if known.get(name) != found.get(name):
            yield f"{name} is {found.get(name)!r}, was {known.get(name)!r}"


def lost(given, query):
    """The parameters given that the client does not know."""
    sent = {name.split(".")[0] for name, _ in parse_qsl(query, True)}
    return sorted(given.keys() - sent)


def snake(operation):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", operation).lower()


def main(write, root):
    server = Server()
    client = Client(utils_models.Config(
        access_key_id="id", access_key_secret="secret", protocol="HTTP",
        endpoint=f"127.0.0.1:{server.server_port}"))
    sending = lambda *asked: capture(server, client, *asked)
    folders = sorted(path for path in Path(root).iterdir() if path.is_dir())
    passed, problems = 0, []
    for folder in folders:
        try:
            found = check(folder, write, sending)
        except Exception as error:  # whatever the client raises is a finding
            found = [f"{folder.name}: {type(error).__name__}: {error}"]
        passed += not found
        problems += found
    theirs = {match[1] for match in map(METHOD.match, dir(Client)) if match}
    ours = {folder.name for folder in folders}
    for name in sorted(theirs ^ ours):
        problems.append(f"{name}: only {'the package' if name in theirs else 'we'} know it")
    for problem in problems:
        print(f"FAILED  {problem}")
    print(f"{PACKAGE} {version(PACKAGE)}, requests and answers of {len(folders)} operations")
    print(f"{passed} passed, {len(problems)} failed")
    return 1 if problems or not passed else 0


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv[1:], sys.argv[-1]))
