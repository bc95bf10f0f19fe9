"""Drives a local OOS with the official Python clients and prints what they make of it.

    oos dev --output json --mock mocks.yml ... | python main.py

Reads the first line of `oos dev --output json` from standard input. The last line it prints is
`N passed, N failed`; the exit code is 0 if nothing failed.
"""

import json
import sys
from urllib.parse import urlsplit

import clients
import operations
import signatures
from results import Results


class Server:
    """Where the local OOS is, and the key that it knows."""

    def __init__(self, announced):
        parts = urlsplit(announced["endpoint"])
        self.host, self.port = parts.hostname, parts.port
        self.region = announced["region"]
        self.key = (announced["access_key_id"], announced["access_key_secret"])


def main():
    server = Server(json.loads(sys.stdin.readline()))
    results = Results([kind.name for kind in clients.KINDS])
    for kind in clients.KINDS:
        for module in (operations, signatures):
            module.check_all(results.of(kind.name), kind, server)
    return results.show()


if __name__ == "__main__":
    sys.exit(main())
