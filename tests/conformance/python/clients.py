"""The official clients, behind one way to call them.

A client is made with `kind(server, key=..., port=..., endpoint=...)`. `call(operation, Name=value)`
takes the names and values as they are on the wire and gives the answer as the client reads it;
`generic(operation, method, query, form)` is the call without a typed request that each core has.
Both raise `Refused` with what the client made of a refusal.
"""

import asyncio
import json
import re
from contextlib import contextmanager
from unittest import mock

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from aliyunsdkcore.utils import parameter_helper
from alibabacloud_oos20190601 import models
from alibabacloud_oos20190601.client import Client
from alibabacloud_tea_openapi import utils_models
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils import Utils
from darabonba.runtime import RuntimeOptions
from importlib import import_module

VERSION = "2019-06-01"


class Refused(Exception):
    """A refusal, as the client shows it."""

    def __init__(self, status, code, message, request_id):
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.request_id = status, code, message, request_id


class Newest:
    """alibabacloud-oos20190601: signs ACS3-HMAC-SHA256 in headers."""

    name = "newest V3"
    algorithm = None
    # The code that the client shows for a wrong secret.
    wrong_secret = "SignatureDoesNotMatch"
    # Whether it takes the scheme off an endpoint.
    strips_scheme = False

    def __init__(self, server, key=None, port=None, endpoint=None):
        key_id, secret = key or server.key
        self.client = Client(utils_models.Config(
            access_key_id=key_id,
            access_key_secret=secret,
            endpoint=endpoint or f"{server.host}:{port or server.port}",
            protocol="HTTP",
            region_id=server.region,
            signature_algorithm=self.algorithm,
        ))

    def call(self, operation, **fields):
        fields = {_snake(name): value for name, value in fields.items()}
        request = getattr(models, f"{operation}Request")(**fields)
        with self._refusals():
            return self._send(operation, request).body.to_map()

    def _send(self, operation, request):
        method = getattr(self.client, f"{_snake(operation)}_with_options")
        return method(request, RuntimeOptions())

    def generic(self, operation, method, query=None, form=None):
        params = utils_models.Params(
            action=operation, version=VERSION, protocol="HTTP", pathname="/", method=method,
            auth_type="AK", style="RPC", req_body_type="formData", body_type="json")
        request = utils_models.OpenApiRequest(query=query, body=form)
        with self._refusals():
            return self.client.call_api(params, request, RuntimeOptions())["body"]

    @staticmethod
    @contextmanager
    def _refusals():
        try:
            yield
        except AlibabaCloudException as error:
            message, _, request_id = error.message.rpartition(" request id: ")
            status = f"code: {error.status_code}, "
            if not message.startswith(status):
                raise
            raise Refused(error.status_code, error.code, message[len(status):], request_id) from error

    @staticmethod
    def clock_at(moment):
        """Within this context the client believes that it is `moment` (UTC)."""
        stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        return mock.patch.object(Utils, "get_timestamp", staticmethod(lambda: stamp))


class NewestAsync(Newest):
    """The same client over aiohttp, which writes URLs its own way."""

    name = "newest V3 async"

    def _send(self, operation, request):
        method = getattr(self.client, f"{_snake(operation)}_with_options_async")
        return asyncio.run(method(request, RuntimeOptions()))


class NewestV1(Newest):
    """The same client with HMAC-SHA1 in the query, which it calls v2."""

    name = "newest V1"
    algorithm = "v2"


class Core:
    """aliyun-python-sdk-oos on aliyun-python-sdk-core: HMAC-SHA1 in the query."""

    name = "sdk-core V1"
    # It compares the server's string to sign with its own: if they are equal, it is the secret.
    wrong_secret = "InvalidAccessKeySecret"
    strips_scheme = True

    def __init__(self, server, key=None, port=None, endpoint=None):
        key_id, secret = key or server.key
        self.endpoint = endpoint or server.host
        self.client = AcsClient(key_id, secret, server.region, port=port or server.port)

    def call(self, operation, **fields):
        module = import_module(f"aliyunsdkoos.request.v20190601.{operation}Request")
        request = getattr(module, f"{operation}Request")()
        for name, value in fields.items():
            if isinstance(value, (dict, list)):
                value = json.dumps(value, ensure_ascii=False)
            getattr(request, f"set_{name}")(value)
        return self._send(request)

    def generic(self, operation, method, query=None, form=None):
        request = CommonRequest(product="oos", version=VERSION, action_name=operation)
        request.set_method(method)
        for name, value in (query or {}).items():
            request.add_query_param(name, value)
        for name, value in (form or {}).items():
            request.add_body_params(name, value)
        return self._send(request)

    def _send(self, request):
        request.set_endpoint(self.endpoint)
        try:
            return json.loads(self.client.do_action_with_exception(request))
        except ServerException as error:
            raise Refused(error.get_http_status(), error.get_error_code(), error.get_error_msg(),
                          error.get_request_id()) from error

    @staticmethod
    def clock_at(moment):
        """Within this context the client believes that it is `moment` (UTC)."""
        stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        return mock.patch.object(parameter_helper, "get_iso_8061_date", lambda: stamp)


KINDS = [Newest, NewestAsync, NewestV1, Core]


def _snake(name):
    """`TemplateURL` is `template_url`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
