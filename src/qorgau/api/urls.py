"""The addresses of the API: each file of the API has a `router`; this is their list."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from qorgau.api import (
    effects,
    incidents,
    places,
    problems,
    rates,
    reporting_delay,
    reports,
    rises,
    signals,
    units,
    versions,
)

ROOT = "/api/v1"
DOORS = (
    places,
    units,
    reports,
    incidents,
    versions,
    rates,
    signals,
    rises,
    reporting_delay,
    effects,
)


class Utf8Renderer(JSONRenderer):
    """Kazakh and Russian without escapes: half the bytes, and readable in a terminal."""

    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """Answers that no cache stores, and a schema that describes refusals as problems."""

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        response = super().create_response(request, data, **options)
        response["Cache-Control"] = "no-store"
        return response

    def get_openapi_schema(self, **_options: Any) -> dict[str, Any]:
        schema = super().get_openapi_schema(path_prefix=f"{ROOT}/")
        for methods in schema["paths"].values():
            for operation in methods.values():
                _describe_refusals(operation["responses"])
        return schema


def _describe_refusals(responses: dict[int, Any]) -> None:
    for status, response in responses.items():
        content = response.get("content", {})
        if status >= 400 and "application/json" in content:
            response["content"] = {problems.MEDIA_TYPE: content["application/json"]}


api = Api(
    title="Qorgau",
    version=version("qorgau"),
    description="Safety of people in service. Sign in with a token: see docs/api.md.",
    docs_url=None,
    renderer=Utf8Renderer(),
)
problems.add_handlers(api)
for door in DOORS:
    api.add_router("", door.router)


def no_such_address(request: HttpRequest, rest: str) -> HttpResponse:
    """An unknown address; a program gets a problem document, not a page."""
    return api.on_exception(request, Http404(rest))


urlpatterns = [
    path(f"{ROOT[1:]}/", api.urls),
    re_path(r"^api/(?P<rest>(?s:.+))\Z", no_such_address),
]
