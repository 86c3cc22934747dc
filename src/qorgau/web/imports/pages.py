"""Import: another system's file is sent, corrected, tried, and taken into the register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.rejects import reject_lines
from qorgau.exchange.incidents.correcting import (
    correct,
    mapping_of,
    replace_mapping,
    sample_of,
)
from qorgau.exchange.incidents.report import LISTED_REJECTIONS, RowReason
from qorgau.exchange.incidents.uploaded_import import receive_upload, take_upload, try_upload
from qorgau.exchange.incidents.uploads import Upload, upload_of, uploads_of
from qorgau.exchange.sentences import sentence_of
from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.models import ImportRun
from qorgau.records.incidents.queries import imports_of, rejected_rows
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.frame.requests import requested_page
from qorgau.web.imports.forms import ColumnsForm, MappingTextForm, UploadForm

NAVIGATION = (
    MenuEntry(
        Section.ADMINISTRATION,
        "imports",
        gettext_lazy("Import"),
        "import",
        Capability.IMPORT_INCIDENTS,
    ),
)
ROWS_PER_PAGE = 25
# A trial on the page checks the top of a file; the import itself checks every row.
TRIED_ROWS = 2_000
# A request takes rows for this long; what is left is taken by the next one.
SECONDS_A_REQUEST = 8.0


@needs(Capability.IMPORT_INCIDENTS)
def imports(request: HttpRequest) -> HttpResponse:
    """What was imported, what is under way, and a place to send the next file."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, was_too_large=size > settings.QORGAU_UPLOAD_LIMIT_BYTES)
    if form.is_bound and form.is_valid():
        try:
            upload = _received(request, form)
        except FormatError as error:
            form.add_error("file", sentence_of(error))
        else:
            return redirect("import_columns", upload.uuid)
    page = requested_page(
        request, imports_of(request.user), key=("-started_at", "-id"), size=ROWS_PER_PAGE
    )
    waiting = uploads_of(request.user.uuid)
    context = {"form": form, "page": page, "waiting": waiting}
    return render(request, "imports/list.html", context, status=422 if form.errors else 200)


def _received(request: HttpRequest, form: UploadForm) -> Upload:
    file = form.cleaned_data["file"]
    return receive_upload(
        file_name=file.name,
        content=file.chunks(),
        given_mapping=form.cleaned_data["mapping"],
        acting_user=request.user,
        now=clock.now(),
    )


# A wide file has the same list of choices for every column: packed, it still loads over a bad line.
@gzip_page
@needs(Capability.IMPORT_INCIDENTS)
def columns(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The columns of the file with what each seems to be, for a person to correct."""
    upload = _upload_or_404(request, uuid)
    sample = sample_of(upload)
    sent = (request.POST,) if request.method == "POST" else ()
    form = ColumnsForm(*sent, mapping=mapping_of(upload), sample=sample, user=request.user)
    if form.is_bound and form.is_valid():
        try:
            correct(upload, form.corrections(), sample)
        except FormatError as error:
            form.add_error(None, sentence_of(error))
        else:
            return redirect("try_import", uuid)
    return _columns_page(request, upload, form)


def _columns_page(
    request: HttpRequest,
    upload: Upload,
    form: ColumnsForm,
    text_form: MappingTextForm | None = None,
) -> HttpResponse:
    is_wrong = bool(form.errors or (text_form and text_form.errors))
    context = {
        "upload": upload,
        "form": form,
        "text_form": text_form or MappingTextForm(initial={"text": upload.mapping_text}),
    }
    return render(request, "imports/columns.html", context, status=422 if is_wrong else 200)


@needs(Capability.IMPORT_INCIDENTS)
def mapping(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The mapping as a file to keep, and as a text to correct."""
    upload = _upload_or_404(request, uuid)
    if request.method != "POST":
        response = HttpResponse(upload.mapping_text, content_type="application/toml")
        response["Content-Disposition"] = f'attachment; filename="{upload.path.stem}.toml"'
        return response
    form = MappingTextForm(request.POST)
    if form.is_valid():
        try:
            replace_mapping(upload, form.cleaned_data["text"])
        except FormatError as error:
            form.add_error("text", sentence_of(error))
        else:
            return redirect("try_import", uuid)
    shown = ColumnsForm(mapping=mapping_of(upload), sample=sample_of(upload), user=request.user)
    return _columns_page(request, upload, shown, form)


@needs(Capability.IMPORT_INCIDENTS)
def trial(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What an import would do, found out on the top of the file; nothing is written."""
    upload = _upload_or_404(request, uuid)
    context: dict[str, Any] = {"upload": upload, "most_rows": TRIED_ROWS}
    try:
        context["report"] = try_upload(upload, acting_user=request.user, most_rows=TRIED_ROWS)
    except FormatError as error:
        context["refusal"] = sentence_of(error)
    return render(request, "imports/trial.html", context)


@require_POST
@needs(Capability.IMPORT_INCIDENTS)
def run(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take rows for a few seconds; a large file is taken in several requests."""
    upload = _upload_or_404(request, uuid)
    try:
        report = take_upload(upload, acting_user=request.user, seconds=SECONDS_A_REQUEST)
    except (FormatError, ValidationError) as error:
        sentence = sentence_of(error) if isinstance(error, FormatError) else error.messages[0]
        messages.error(request, sentence)
        return redirect("try_import", uuid)
    return redirect("import_run", report.run_uuid)


@require_POST
@needs(Capability.IMPORT_INCIDENTS)
def discard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Remove a file that is not to be imported after all."""
    upload = _upload_or_404(request, uuid)
    upload.discard()
    messages.success(request, _("%(file)s was removed.") % {"file": upload.file_name})
    return redirect("imports")


@login_required
def import_run(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What happened to the rows of one file."""
    found = _run_or_404(request, uuid)
    waiting = (u for u in uploads_of(request.user.uuid) if u.run_uuid == str(found.uuid))
    context = {
        "run": found,
        "rejections": [
            RowReason(row.row_number, row.reason)
            for row in rejected_rows(found)[:LISTED_REJECTIONS]
        ],
        "upload": next(waiting, None) if found.finished_at is None else None,
        "percent": 100 * found.settled_count // max(found.row_count, 1),
    }
    return render(request, "imports/run.html", context)


@login_required
def rejects(request: HttpRequest, uuid: UUID) -> StreamingHttpResponse:
    """The rows that were not taken, with the reasons, to be corrected and imported again."""
    found = _run_or_404(request, uuid)
    rows = rejected_rows(found).iterator(chunk_size=1_000)
    response = StreamingHttpResponse(
        _with_byte_order_mark(reject_lines(found.columns, ((r.cells, r.reason) for r in rows))),
        content_type="text/csv; charset=utf-8",
    )
    name = found.file_name.rpartition(".")[0] or found.file_name
    response["Content-Disposition"] = f'attachment; filename="{name}-rejects.csv"'
    return response


def _with_byte_order_mark(lines: Iterator[str]) -> Iterator[bytes]:
    """Excel takes a CSV file for UTF-8 only with the mark in front."""
    yield "\ufeff".encode()
    yield from (line.encode() for line in lines)


def _upload_or_404(request: HttpRequest, uuid: UUID) -> Upload:
    upload = upload_of(request.user.uuid, uuid)
    if upload is None:
        raise Http404(uuid)
    return upload


def _run_or_404(request: HttpRequest, uuid: UUID) -> ImportRun:
    return get_object_or_404(imports_of(request.user), uuid=uuid)


urlpatterns = [
    path("imports/", imports, name="imports"),
    path("imports/files/<uuid:uuid>/", columns, name="import_columns"),
    path("imports/files/<uuid:uuid>/mapping.toml", mapping, name="import_mapping"),
    path("imports/files/<uuid:uuid>/trial/", trial, name="try_import"),
    path("imports/files/<uuid:uuid>/run/", run, name="run_import"),
    path("imports/files/<uuid:uuid>/discard/", discard, name="discard_import"),
    path("imports/<uuid:uuid>/", import_run, name="import_run"),
    path("imports/<uuid:uuid>/rejects.csv", rejects, name="import_rejects"),
]
