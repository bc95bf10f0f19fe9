"""Who may call: secrets, nonces, clocks, endpoints, and the ways a request can be written."""

from datetime import datetime, timedelta, timezone

from clients import Refused
from results import equal, holds
from wire import Relay, send


def check_all(column, kind, server):
    secrets(column, kind, server)
    nonces(column, kind, server)
    clocks(column, kind, server)
    endpoints(column, kind, server)
    forms(column, kind, server)


def refused(call, status, code):
    """The refusal, which has to be this one and to name its request."""
    try:
        answer = call()
    except Refused as refusal:
        equal((refusal.status, refusal.code), (status, code))
        equal(len(refusal.request_id or ""), 36)
        return refusal
    raise AssertionError(f"it was not refused: {answer}")


def secrets(column, kind, server):
    key_id, secret = server.key
    with column.check("wrong secret", "is told apart from a wrong encoding"):
        client = kind(server, key=(key_id, f"{secret}x"))
        # Letters whose encodings differ between libraries, so that equal strings mean something.
        call = lambda: client.call("ListTemplates", TemplateName="a b+c*d~e/é")
        refusal = refused(call, 400, kind.wrong_secret)
        equal(secret in refusal.message, False)
        if kind.wrong_secret == "InvalidAccessKeySecret":
            holds(refusal.message, "The AccessKeySecret is incorrect.")
        elif kind.algorithm == "v2":
            holds(refusal.message, "server string to sign is:POST&%2F&AccessKeyId%3D")
        else:
            holds(refusal.message, "server StringToSign is [ACS3-HMAC-SHA256\n",
                  "server CanonicalRequest is [POST\n/\n")
    with column.check("wrong secret", "does not use the right one up"):
        kind(server).call("ListTemplates")
    with column.check("unknown key", "is named as such"):
        client = kind(server, key=("LTAInobody", secret))
        refused(lambda: client.call("ListTemplates"), 404, "InvalidAccessKeyId.NotFound")


def nonces(column, kind, server):
    with column.check("used nonce", "the bytes of an answered call are refused"):
        with Relay(server) as relay:
            answer = kind(server, port=relay.port).call("ListTemplates", TemplateName="nonce")
        equal(answer.get("Templates"), [])
        status, document = send(server, relay.sent)
        equal((status, document["Code"]), (400, "SignatureNonceUsed"))


def clocks(column, kind, server):
    client = kind(server)
    now = datetime.now(timezone.utc)
    for minutes in (-14, 14):
        with column.check("clock", f"{minutes} minutes pass"):
            with kind.clock_at(now + timedelta(minutes=minutes)):
                client.call("ListTemplates")
    for minutes in (-16, 16):
        with column.check("clock", f"{minutes} minutes do not"):
            with kind.clock_at(now + timedelta(minutes=minutes)):
                call = lambda: client.call("ListTemplates")
                refused(call, 400, "InvalidTimeStamp.Expired")


def endpoints(column, kind, server):
    if kind.strips_scheme:
        with column.check("endpoint with scheme", "is understood"):
            kind(server, endpoint=f"http://{server.host}").call("ListTemplates")
        return
    right = f"{server.host}:{server.port}"
    for endpoint in (f"http://{right}", f"http://{right}/"):
        with column.check("endpoint with scheme", f"{endpoint} is told how to mend it"):
            client = kind(server, endpoint=endpoint)
            refusal = refused(lambda: client.call("ListTemplates"), 400, "InvalidHost")
            holds(refusal.message, endpoint, f'Config(endpoint="{right}", protocol="HTTP")')


def forms(column, kind, server):
    client = kind(server)
    content = "FormatVersion: OOS-2019-06-01\nTasks: []\n# a b+c*d~e/é 中文 ☃ 'x' \"y\" %41 &=;\n"
    with column.check("GET", "with everything in the query"):
        answer = client.generic("ListTemplates", "GET", query={"TemplateName": "a b+c*d~e/é"})
        equal(answer["Templates"], [])
    for what, text in (("short", content), ("60 KB", content + "#☃ " * 12_000)):
        with column.check("form body", what):
            form = {"Content": text}
            call = lambda: client.generic("ValidateTemplateContent", "POST", form=form)
            holds(refused(call, 400, "InvalidContent").message, "Tasks")
