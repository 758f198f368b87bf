"""Whatever is asked for in the form of our routes is answered, and none of it is a fault.

Schemathesis makes the requests. It is no part of the tests' own set-up, as it brings twenty
libraries: `make fuzz` installs it.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.attacks.test_requests import paths_of, routes, service  # noqa: F401 - a fixture
from tests.serving import Service

schemathesis = pytest.importorskip("schemathesis", reason="make fuzz installs it")

_EXAMPLES = 30  # of each route and method
_TEXT = {"type": "string"}
_QUERY = [{"name": n, "in": "query", "schema": _TEXT} for n in ("q", "lang", "page", "token")]
_FORM = {"type": "object", "additionalProperties": {"type": "string"}}
_BODIES = {
    "application/x-www-form-urlencoded": {"schema": _FORM},
    "application/json": {"schema": {}},
    "multipart/form-data": {"schema": _FORM},
    "text/plain": {"schema": _TEXT},
}


def description() -> dict[str, Any]:
    """Return our routes as OpenAPI describes them."""
    paths: dict[str, Any] = {}
    for route in routes():
        named = [
            {"name": name, "in": "path", "required": True, "schema": {**_TEXT, "minLength": 1}}
            for name in route.param_convertors
        ]
        told = {"parameters": [*named, *_QUERY], "responses": {"default": {"description": "any"}}}
        methods = route.methods or {"GET", "HEAD", "POST"}
        posted = told | {"requestBody": {"content": _BODIES}}
        paths[_described(route)] = {
            method.lower(): posted if method == "POST" else told for method in sorted(methods)
        }
    return {"openapi": "3.0.3", "info": {"title": "service", "version": "1"}, "paths": paths}


def _described(route: Any) -> str:
    base = paths_of(route, "@").partition(route.path.partition("{")[0])[0]
    return f"{base}{route.path}"


SCHEMA = schemathesis.openapi.from_dict(description())
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
BOUNDS = settings(
    max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda found: found.label)
def test_no_request_in_our_form_is_a_fault(service: Service, operation: Any) -> None:  # noqa: F811
    @BOUNDS
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        answer = case.call(base_url=f"http://127.0.0.1:{service.port}", timeout=60)
        assert answer.status_code < 500

    ask()
