"""Refusals as problem details (RFC 9457), with the same sentences and languages as the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as UnreadableRequest
from pydantic import Field

from qorgau.analysis.answers import QuestionError
from qorgau.api.field_sentences import sentence_of
from qorgau.foundation.identity.authority import NotAuthorised
from qorgau.foundation.optimistic_locking import StaleRecordError
from qorgau.foundation.rate_limits import TooManyTriesError

MEDIA_TYPE = "application/problem+json"


class FieldProblem(Schema):
    """What is wrong with one field."""

    field: str = Field(description="Name of the field or parameter, e.g. `occurred_at`")
    sentence: str = Field(description="What is wrong with it and what to do")


class Problem(Schema):
    """Why a request was refused (RFC 9457)."""

    type: str = "about:blank"
    title: str = Field(description="The HTTP status in words")
    status: int
    detail: str = Field(description="What is wrong and what to do, in the requested language")
    errors: list[FieldProblem] = Field([], description="The fields that are wrong, if any")


def answered_with(answer: Any, *refusals: int) -> dict[int, Any]:
    """The answers of an operation: its own, and the refusals that every operation can give."""
    answers = answer if isinstance(answer, dict) else {200: answer}
    return answers | dict.fromkeys((401, 403, 422, *refusals), Problem)


@dataclass(frozen=True)
class Refusal:
    status: int
    detail: str
    errors: list[FieldProblem] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


def add_handlers(api: NinjaAPI) -> None:
    for kind, refusal_of in _REFUSALS.items():
        api.add_exception_handler(kind, partial(_answer, api, refusal_of))


def _answer(
    api: NinjaAPI, refusal_of: Callable[[Any], Refusal], request: HttpRequest, error: Exception
) -> HttpResponse:
    refusal = refusal_of(error)
    said = asdict(refusal)
    headers = said.pop("headers")
    problem = Problem(title=HTTPStatus(refusal.status).phrase, **said)
    response = api.create_response(request, problem.model_dump(), status=refusal.status)
    response["Content-Type"] = MEDIA_TYPE
    for name, value in headers.items():
        response[name] = value
    return response


def _unknown(_error: AuthenticationError) -> Refusal:
    return Refusal(
        401,
        _("Send a valid token in the header “Authorization: Bearer …”."),
        headers={"WWW-Authenticate": 'Bearer realm="Qorgau"'},
    )


def _forbidden(error: PermissionDenied) -> Refusal:
    if isinstance(error, NotAuthorised) and not error.is_known:
        return _missing(Http404())
    return Refusal(
        403, _("Your role does not allow this. Ask the person who manages access in your unit.")
    )


def _missing(_error: Http404) -> Refusal:
    return Refusal(404, _("Not found, or you do not have access. Check the address."))


def _stale(error: StaleRecordError) -> Refusal:
    return Refusal(409, error.messages[0])


def _too_many(error: TooManyTriesError) -> Refusal:
    """The sentence of the pages, with the header that a program waits by."""
    sentence = ngettext(
        "Too much was sent from your network in a short time. Nothing that you entered is lost:"
        " send it again in %(seconds)s second.",
        "Too much was sent from your network in a short time. Nothing that you entered is lost:"
        " send it again in %(seconds)s seconds.",
        error.seconds,
    )
    detail = sentence % {"seconds": error.seconds}
    return Refusal(429, detail, headers={"Retry-After": str(error.seconds)})


def _refused(error: ValidationError) -> Refusal:
    status = 400 if getattr(error, "code", None) == "cursor" else 422
    return Refusal(status, *_sentence_and_fields(field_problems(error)))


def _unanswerable(error: QuestionError) -> Refusal:
    return Refusal(422, str(error))


def _unreadable(error: UnreadableRequest) -> Refusal:
    return Refusal(422, *_sentence_and_fields([_unread(one) for one in error.errors]))


def _malformed(error: HttpError) -> Refusal:
    return Refusal(error.status_code, _("The body of the request is not valid JSON."))


def _too_large(_error: RequestDataTooBig) -> Refusal:
    limit = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return Refusal(
        413,
        _("The body of the request is larger than %(limit)s. Send less at once.")
        % {"limit": limit},
    )


_REFUSALS: dict[type[Exception], Callable[[Any], Refusal]] = {
    AuthenticationError: _unknown,
    PermissionDenied: _forbidden,
    Http404: _missing,
    StaleRecordError: _stale,
    TooManyTriesError: _too_many,
    ValidationError: _refused,
    QuestionError: _unanswerable,
    UnreadableRequest: _unreadable,
    HttpError: _malformed,
    RequestDataTooBig: _too_large,
}


def field_problems(error: ValidationError) -> list[FieldProblem]:
    """The sentences of a service, by field; a sentence about no field has an empty field."""
    by_field = (
        error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    )
    return [
        FieldProblem(field="" if name == NON_FIELD_ERRORS else name, sentence=sentence)
        for name, sentences in by_field.items()
        for sentence in sentences
    ]


def _sentence_and_fields(problems: list[FieldProblem]) -> tuple[str, list[FieldProblem]]:
    """The sentence to show first, and the sentences about single fields."""
    of_fields = [problem for problem in problems if problem.field]
    general = [problem.sentence for problem in problems if not problem.field]
    return " ".join(general) or _("Check the marked fields."), of_fields


def _unread(fault: dict[str, Any]) -> FieldProblem:
    """A field's fault, whose location in ninja is ``(source, "parameters", field, ...)``."""
    _source, *names = fault["loc"]
    if names[:1] == ["parameters"]:
        names = names[1:]
    if not names:
        sentence = _("Send a JSON object with the fields that this address accepts.")
        return FieldProblem(field="", sentence=sentence)
    return FieldProblem(field=".".join(str(name) for name in names), sentence=sentence_of(fault))
