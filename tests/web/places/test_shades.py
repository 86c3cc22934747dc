"""The shade of a count on a map."""

from __future__ import annotations

from qorgau.web.places.shades import ShadeClass, shade_classes, shade_of


def test_nothing_happened_anywhere():
    assert shade_classes([0, 0]) == []
    assert shade_of(0, []) == 0


def test_few_different_counts_each_have_a_shade_and_the_largest_the_darkest():
    assert shade_classes([0, 7, 2, 2]) == [ShadeClass(3, 2, 2), ShadeClass(4, 7, 7)]


def test_a_count_and_a_tenth_of_it_have_different_shades():
    classes = shade_classes([4, 7, 9, 13, 20, 26, 41, 46, 220])
    assert classes == [
        ShadeClass(1, 4, 9),
        ShadeClass(2, 13, 26),
        ShadeClass(3, 41, 46),
        ShadeClass(4, 220, 220),
    ]
    assert [shade_of(count, classes) for count in (None, 0, 4, 26, 46, 220)] == [0, 0, 1, 2, 3, 4]


def test_every_count_has_a_class_and_a_class_without_counts_is_left_out():
    for counts in ([1, 2, 3, 4, 5, 1000], list(range(1, 200)), [1, 10, 11, 12, 13]):
        classes = shade_classes(counts)
        assert all(shade_of(count, classes) for count in counts)
        assert [each.shade for each in classes] == list(range(5 - len(classes), 5))
