"""Reads of places: the subtree by one range of an index."""

from __future__ import annotations

import pytest
from django.db import connection

from qorgau.records.places import queries, services
from qorgau.records.places.models import Area

pytestmark = pytest.mark.django_db


def test_a_subtree_is_read_through_one_range_of_the_index_of_paths() -> None:
    akmola = Area.objects.get(code="110000000")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table of 21 rows is read as a whole; the test only checks that the index can serve.
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = queries.subtree_of(akmola).explain()
    assert "area_path" in plan
    assert plan.count("path") >= 3  # the index, and both ends of the range


def test_one_query_reads_the_subtree(django_assert_num_queries: object) -> None:
    whole = Area.objects.get(code="KZ")
    with django_assert_num_queries(1):
        assert len(queries.subtree_of(whole)) == 21


def test_siblings_with_numbers_that_begin_alike_are_distinguished() -> None:
    """Digits of equal width: 00000012 is not a prefix of 00000120."""
    parent = Area.objects.get(code="110000000")
    made = [
        services.create_area(
            code=f"11{number:07d}", level="district", names={}, parent=parent, acting_user=None
        )
        for number in range(1, 120)
    ]
    for area in made:
        assert list(queries.subtree_of(area)) == [area]
    assert queries.subtree_of(parent).count() == 120


def test_the_requested_country_or_the_only_one() -> None:
    user = services.User.objects.create_user("reader")
    assert queries.country_visible_to(user, "KZ").code == "KZ"
    assert queries.country_visible_to(user, "KG").code == "KZ"
