from __future__ import annotations

import pytest

from qorgau.foundation.optimistic_locking import StaleRecordError, require_version


@pytest.mark.parametrize("seen", [None, 3])
def test_the_seen_version_or_none_passes(seen: int | None) -> None:
    require_version(seen=seen, current=3)


@pytest.mark.parametrize("seen", [2, 4])
def test_any_other_version_is_refused_in_a_sentence(seen: int) -> None:
    with pytest.raises(StaleRecordError, match="Someone else changed this record") as refusal:
        require_version(seen=seen, current=3)
    assert refusal.value.code == "stale"
