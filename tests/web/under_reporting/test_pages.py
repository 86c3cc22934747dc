"""The page of under-reporting: a file is answered at once, and nothing is stored."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.web.under_reporting import forms as forms
from tests.linked_registers import SECRET, key_file, record_overlap

ADDRESS = "/under-reporting/"


@pytest.fixture
def medic(client, world):
    client.force_login(world.inside[Role.MEDICAL_OFFICER])
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def keys(world, tmp_path):
    return key_file(tmp_path / "keys.csv", record_overlap(world)).read_bytes()


def send(client, content, **changed):
    fields = {
        "unit": "BDE-1",
        "since": "2024-01-01",
        "until": "2024-12-31",
        "tolerance_days": "3",
        "secret": SECRET,
        "file": SimpleUploadedFile("keys.csv", content),
    }
    return client.post(ADDRESS, fields | changed)


def test_the_empty_page_explains_how_to_make_the_file(medic):
    text = medic.get(ADDRESS).content.decode()
    assert "How the medical service prepares its file" in text
    assert "qorgau methods linkage-keys" in text
    assert 'type="password"' in text


def test_the_answer_is_a_sentence_a_chart_and_a_table(medic, keys):
    page = send(medic, keys)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Estimated number of injuries: 61 (95% confidence interval " in text
    assert "The safety register has 54%" in text
    assert 'role="img"' in text
    assert "Unit BDE-1-2" in text
    assert "The estimate assumes that treatment and reporting are independent" in text
    assert page.context["result"].overall.both == 21


def test_the_file_and_secret_are_on_no_page_and_in_no_journal(medic, keys):
    text = send(medic, keys).content.decode()
    token = keys.decode().splitlines()[1].split(",")[0]
    details = "".join(JournalEntry.objects.values_list("details", flat=True))
    for secret in (SECRET, token):
        assert secret not in text
        assert secret not in details
    assert JournalEntry.objects.filter(action="incidents.linked_with_register").count() == 1


def test_a_wrong_secret_is_reported_and_the_question_kept(medic, keys):
    page = send(medic, keys, secret="a secret of somebody else", tolerance_days="2")
    assert page.status_code == 422
    text = page.content.decode()
    assert "no person in common" in text
    assert "Choose the file and enter the secret again" in text
    assert 'value="2024-01-01"' in text
    assert 'value="2"' in text
    assert "a secret of somebody else" not in text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"person,day\nP-1,2024-05-06\n", "has no column “token”"),
        (b"token,day\nP-1,2024-05-06\n", "Row 2 has no token"),
        (b"PK\x03\x04 no workbook", ""),
        (bytes(range(256)) * 9, ""),
    ],
)
def test_a_file_without_keys_is_refused_at_the_field(medic, content, sentence):
    page = send(medic, content)
    assert page.status_code == 422
    assert page.context["form"].errors["file"]
    assert sentence in page.content.decode()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"secret": "short"}, "secret"),
        ({"secret": ""}, "secret"),
        ({"file": ""}, "file"),
        ({"unit": "BDE-2"}, "unit"),
        ({"since": "yesterday"}, "since"),
        ({"tolerance_days": "-1"}, "tolerance_days"),
        ({"tolerance_days": "400"}, "tolerance_days"),
        ({"since": "2025-01-01"}, "__all__"),
    ],
)
def test_each_fault_is_at_its_field(medic, keys, changed, field):
    page = send(medic, keys, **changed)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]


def test_a_file_too_large_for_the_page_names_the_command(medic, keys, monkeypatch):
    monkeypatch.setattr(forms, "LARGEST_FILE_BYTES", 100)
    text = send(medic, keys).content.decode()
    assert "qorgau under-reporting" in text


def test_the_unit_s_page_links_here_for_users_who_see_medical_detail(medic, client, world):
    address = reverse("unit", args=["BDE-1"])
    assert f"{ADDRESS}?unit=BDE-1" in medic.get(address).content.decode()
    chosen = medic.get(ADDRESS, {"unit": "BDE-1-1"}).content.decode()
    assert '<option value="BDE-1-1" selected>' in chosen
    client.force_login(world.inside[Role.ANALYST])
    assert ADDRESS not in client.get(address).content.decode()
