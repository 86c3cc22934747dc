"""Watching every unit and every measure of a force at once: plain arrays, no register.

Counts are rolled up along the unit tree and the tree of measures (``counts``, ``panel``), every
series is tested (``watch``), the false alarms of all are controlled together (``control``), and of
rises that share their cases one is chosen (``explanation``); ``week`` puts these in order. The
register and plain files are watched by the same functions.
"""
