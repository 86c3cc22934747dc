"""The import pages, from another system's file to the result for each row."""

from __future__ import annotations

import csv
import io
import re
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qorgau.exchange.incidents import importing
from qorgau.exchange.incidents.uploads import uploads_of
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import ImportRun, Incident
from qorgau.records.people.models import UnitVersion
from qorgau.records.people.services import grant_role
from qorgau.web.imports import pages as door
from tests.exchange.incidents.conftest import HEADER, MAPPING, cells
from tests.world import World

pytestmark = pytest.mark.django_db

OWN = MAPPING.replace("create = true", 'create = true\nunder = "BDE-1"')


@pytest.fixture
def officer(world: World) -> Client:
    """Who imports, and manages the units that the rule of the mapping makes."""
    who = world.inside[Role.SAFETY_OFFICER]
    grant_role(user=who, role=Role.ADMINISTRATOR, unit=world.battalion, acting_user=None)
    return client_of(world, Role.SAFETY_OFFICER)


def client_of(world: World, role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.inside[role])
    return client


def file_of(rows, header=HEADER, name="accidents.csv", encoding="utf-8") -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return SimpleUploadedFile(name, text.getvalue().encode(encoding))


def send(client: Client, file, mapping: str = ""):
    posted = {"file": file}
    if mapping:
        posted["mapping"] = SimpleUploadedFile("map.toml", mapping.encode())
    return client.post(reverse("imports"), posted)


def sent(client: Client, world: World, rows, mapping: str = OWN):
    """The one upload of the safety officer, after sending a file."""
    assert send(client, file_of(rows), mapping).status_code == 302
    (upload,) = uploads_of(world.inside[Role.SAFETY_OFFICER].uuid)
    return upload


def shown(client: Client, name: str, upload) -> str:
    return client.get(reverse(name, args=[upload.uuid])).content.decode()


def filled_in(page: str) -> dict[str, str]:
    """The data that the form of the columns sends without any change."""
    values = {}
    for name, inside in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        values[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"[^>]* checked', page):
        values[name] = value
    values["source"] = re.search(r'name="source" value="([^"]*)"', page)[1]
    return values


def test_from_a_file_to_its_incidents(officer: Client, world: World) -> None:
    rows = [*(cells(n) for n in range(9)), cells(9, day="31.02.2024")]
    upload = sent(officer, world, rows, mapping="")
    page = shown(officer, "import_columns", upload)
    posted = filled_in(page)
    columns = {name: posted[f"use_{place}"] for place, name in enumerate(HEADER)}
    assert columns["day"] == "occurred_on"
    assert columns["story"] == "narrative"
    assert "% sure" in page
    posted |= {"unit_way": "made", "unit": "BDE-1"}

    answer = officer.post(reverse("import_columns", args=[upload.uuid]), posted)
    assert answer.headers["Location"] == reverse("try_import", args=[upload.uuid])
    tried = shown(officer, "try_import", upload)
    assert "Tested on the whole file. Nothing was written." in tried
    assert "Row" in tried
    assert "31.02.2024" in tried
    assert not Incident.objects.filter(source="accidents").exists()

    done = officer.post(reverse("run_import", args=[upload.uuid]), follow=True).content.decode()
    run = ImportRun.objects.get()
    assert (run.imported_count, run.rejected_count, run.row_count) == (9, 1, 10)
    assert "View the incidents" in done
    assert Incident.objects.filter(source="accidents").count() == 9
    top = UnitVersion.objects.get(unit__code="ACCIDENTS")
    assert top.parent == world.battalion
    assert not uploads_of(world.inside[Role.SAFETY_OFFICER].uuid)


def test_rejects_are_downloaded_corrected_and_sent_again(officer: Client, world: World) -> None:
    upload = sent(officer, world, [cells(0), cells(1, day="31.02.2024")])
    officer.post(reverse("run_import", args=[upload.uuid]))
    run = ImportRun.objects.get()
    answer = officer.get(reverse("import_rejects", args=[run.uuid]))
    content = b"".join(answer).decode("utf-8-sig")
    assert answer.headers["Content-Disposition"].endswith('"accidents-rejects.csv"')
    assert "is not a date" in content
    corrected = SimpleUploadedFile("corrected.csv", content.replace("31.02", "28.02").encode())
    send(officer, corrected, OWN)
    (again,) = uploads_of(world.inside[Role.SAFETY_OFFICER].uuid)
    officer.post(reverse("run_import", args=[again.uuid]))
    assert Incident.objects.filter(source="their-system").count() == 2


def test_columns_and_values_are_corrected(officer: Client, world: World) -> None:
    upload = sent(officer, world, [cells(n, kind="Unfall") for n in range(3)], mapping="")
    posted = filled_in(shown(officer, "import_columns", upload))
    place = HEADER.index("kind")
    posted |= {
        "unit_way": "one",
        "unit": "BDE-1-1",
        f"use_{place}": "kind",
        "source": "Their System",
    }
    officer.post(reverse("import_columns", args=[upload.uuid]), posted)
    # The column now contains the kind, so its texts are shown and need values.
    page = shown(officer, "import_columns", upload)
    assert "Unfall" in page
    posted = filled_in(page) | {"unit_way": "one", "unit": "BDE-1-1", "value_kind_0": "near_miss"}
    officer.post(reverse("import_columns", args=[upload.uuid]), posted)
    officer.post(reverse("run_import", args=[upload.uuid]))
    incidents = Incident.objects.filter(source="their-system")
    assert {incident.kind for incident in incidents} == {"near_miss"}
    assert {incident.unit for incident in incidents} == {world.company}


def test_column_of_our_own_codes_is_recognised_by_content(officer: Client, world: World) -> None:
    upload = sent(officer, world, [cells(n, unit="BDE-1-1") for n in range(3)], mapping="")
    posted = filled_in(shown(officer, "import_columns", upload))
    assert posted["unit_way"] == "known"
    assert posted[f"use_{HEADER.index('unit')}"] == "units"
    officer.post(reverse("import_columns", args=[upload.uuid]), posted)
    officer.post(reverse("run_import", args=[upload.uuid]))
    assert Incident.objects.filter(unit=world.company, source="accidents").count() == 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"use_0": "occurred_on", "use_1": "occurred_on"}, "fill the same field"),
        ({"unit_way": "made", "unit": ""}, "Choose the unit."),
        ({"unit_way": "known", "use_6": "", "use_7": ""}, "No column gives the unit"),
        ({"unit_way": "known", "use_6": "units", "use_7": "units"}, "Leave only that one."),
        ({"use_1": ""}, "does not fill"),
        ({"unit": "BDE-2"}, "Select a valid choice"),
    ],
)
def test_contradictions_are_reported_and_nothing_is_saved(
    officer: Client, world: World, change: dict[str, str], sentence: str
) -> None:
    upload = sent(officer, world, [cells(n) for n in range(3)], mapping="")
    before = upload.mapping_text
    posted = filled_in(shown(officer, "import_columns", upload))
    posted |= {"unit_way": "made", "unit": "BDE-1"} | change
    answer = officer.post(reverse("import_columns", args=[upload.uuid]), posted)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert upload.mapping_text == before


def test_mapping_is_corrected_as_a_text(officer: Client, world: World) -> None:
    upload = sent(officer, world, [cells(0)])
    address = reverse("import_mapping", args=[upload.uuid])
    assert officer.get(address).content.decode() == OWN
    wrong = officer.post(address, {"text": OWN.replace("narrative", "naratve")})
    assert wrong.status_code == 422
    assert "the nearest is &quot;narrative&quot;" in wrong.content.decode()
    assert upload.mapping_text == OWN
    officer.post(address, {"text": OWN.replace('"story"', '"unit name"')})
    officer.post(reverse("run_import", args=[upload.uuid]))
    assert Incident.objects.get(source="their-system").narrative == "Рота 0"


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("a.csv", b'id,text\n1,"open'), "was cut short"),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.7 x"), "This is a PDF document"),
        (SimpleUploadedFile("a.csv", b""), "empty"),
        (SimpleUploadedFile("a.csv", b"\n\n"), "should contain the column names"),
        (None, "required"),
    ],
)
def test_file_that_cannot_be_used_is_refused_in_a_sentence(
    officer: Client, world: World, media_of_a_test: Path, file, sentence: str
) -> None:
    answer = officer.post(reverse("imports"), {"file": file} if file else {})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not list(media_of_a_test.rglob("*.csv"))


def test_file_over_the_limit_is_refused_and_not_kept(
    officer: Client, settings, media_of_a_test: Path
) -> None:
    settings.QORGAU_UPLOAD_LIMIT_BYTES = 2_000
    answer = send(officer, SimpleUploadedFile("big.csv", b"id,text\n" + b"1,x\n" * 2_000))
    assert answer.status_code == 422
    assert "The file is larger than 2.0" in answer.content.decode()
    assert not media_of_a_test.exists()


def test_wrong_mapping_that_comes_with_a_file_is_refused(officer: Client) -> None:
    page = send(officer, file_of([cells(0)]), OWN.replace("kind = ", "kid = ")).content.decode()
    assert "the nearest is &quot;kind&quot;" in page


def test_mapping_that_does_not_fit_the_file_is_refused_by_the_trial(
    officer: Client, world: World
) -> None:
    upload = sent(officer, world, [cells(0)], OWN.replace('"story"', '"stroy"'))
    page = shown(officer, "try_import", upload)
    assert "no column &quot;stroy&quot;" in page
    officer.post(reverse("run_import", args=[upload.uuid]), follow=True)
    assert not ImportRun.objects.exists()


def test_large_file_is_imported_in_several_requests(
    officer: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "SECONDS_A_REQUEST", -1.0)
    monkeypatch.setattr(importing, "BATCH_ROWS", 5)
    upload = sent(officer, world, [cells(n) for n in range(12)])
    first = officer.post(reverse("run_import", args=[upload.uuid]), follow=True)
    assert "5 of 12 rows have been processed so far." in first.content.decode()
    assert "Started, not finished" in officer.get(reverse("imports")).content.decode()
    officer.post(reverse("run_import", args=[upload.uuid]))
    last = officer.post(reverse("run_import", args=[upload.uuid]), follow=True)
    assert "Finished" in last.content.decode()
    assert ImportRun.objects.get().imported_count == 12


def test_page_of_a_wide_file_stays_light(officer: Client, world: World) -> None:
    header = [*HEADER, *(f"column {n}" for n in range(60))]
    rows = [[*cells(n), *(["x"] * 60)] for n in range(3)]
    send(officer, file_of(rows, header), OWN)
    (upload,) = uploads_of(world.inside[Role.SAFETY_OFFICER].uuid)
    address = reverse("import_columns", args=[upload.uuid])
    answer = officer.get(address, headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) < 60_000


def test_only_the_sender_reaches_a_file(officer: Client, world: World) -> None:
    upload = sent(officer, world, [cells(0), cells(1, day="?")])
    other = client_of(world, Role.ANALYST)
    for name in ("import_columns", "import_mapping", "try_import"):
        assert other.get(reverse(name, args=[upload.uuid])).status_code == 404
    for name in ("run_import", "discard_import"):
        assert other.post(reverse(name, args=[upload.uuid])).status_code == 404
    officer.post(reverse("run_import", args=[upload.uuid]))
    run = ImportRun.objects.get()
    assert other.get(reverse("import_run", args=[run.uuid])).status_code == 404
    assert other.get(reverse("import_rejects", args=[run.uuid])).status_code == 404


def test_unwanted_file_is_removed(officer: Client, world: World) -> None:
    upload = sent(officer, world, [cells(0)])
    page = officer.post(reverse("discard_import", args=[upload.uuid]), follow=True)
    assert "accidents.csv was removed." in page.content.decode()
    assert not upload.folder.exists()


def test_unknown_upload_and_run_are_not_found(officer: Client) -> None:
    for name in ("import_columns", "import_run", "import_rejects"):
        assert officer.get(reverse(name, args=[uuid.uuid4()])).status_code == 404
