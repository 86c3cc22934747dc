"""The digest covers every field, and equal content has equal text."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid

import pytest

from qorgau.foundation.journal.chain import GENESIS, canonical_details, digest_of_row

ROW = {
    "sequence": 7,
    "at": dt.datetime(2025, 3, 1, 9, 30, 0, 250, tzinfo=dt.UTC),
    "actor": "aigul",
    "action": "people.unit_created",
    "subject_kind": "unit",
    "subject_uuid": uuid.UUID("0e37df36-f698-11e6-8dd4-cb9ced3df976"),
    "details": '{"code":"A"}',
    "previous_digest": GENESIS,
    "actor_kind": "person",
    "content": "a" * 64,
}


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("sequence", 8),
        ("at", ROW["at"] + dt.timedelta(microseconds=1)),
        ("actor", "aigul2"),
        ("action", "people.unit_closed"),
        ("subject_kind", "user"),
        ("subject_uuid", uuid.UUID("0e37df36-f698-11e6-8dd4-cb9ced3df977")),
        ("details", '{"code":"B"}'),
        ("previous_digest", "1" * 64),
        ("actor_kind", "program"),
        ("content", "b" * 64),
    ],
)
def test_a_change_of_any_field_changes_the_digest(field: str, other: object) -> None:
    assert digest_of_row(**ROW | {field: other}) != digest_of_row(**ROW)


def test_the_time_zone_of_a_moment_does_not_matter() -> None:
    almaty = ROW["at"].astimezone(dt.timezone(dt.timedelta(hours=5)))
    assert digest_of_row(**ROW | {"at": almaty}) == digest_of_row(**ROW)


def test_text_cannot_move_from_one_field_to_the_next() -> None:
    one = digest_of_row(**ROW | {"actor": 'a","b', "action": "c"})
    other = digest_of_row(**ROW | {"actor": "a", "action": 'b","c'})
    assert one != other


def test_details_have_the_same_text_in_any_order_of_keys() -> None:
    day = dt.date(2025, 1, 2)
    assert canonical_details({"b": day, "a": "Қ"}) == '{"a":"Қ","b":"2025-01-02"}'
    assert canonical_details({"a": "Қ", "b": day}) == canonical_details({"b": day, "a": "Қ"})


def test_a_row_of_before_keeps_its_digest() -> None:
    """As the register computed it when rows had no kind of actor and said nothing of records."""
    before = {name: value for name, value in ROW.items() if name not in ("actor_kind", "content")}
    fields = ["7", "2025-03-01T09:30:00.000250+00:00", "aigul", "people.unit_created", "unit"]
    fields += ["0e37df36-f698-11e6-8dd4-cb9ced3df976", '{"code":"A"}', GENESIS]
    text = json.dumps(fields, ensure_ascii=False).encode()
    assert digest_of_row(**before) == hashlib.sha256(text).hexdigest()
