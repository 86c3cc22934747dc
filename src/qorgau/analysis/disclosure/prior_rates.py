"""How many incidents are expected before any figure of this register is released.

Only the fineness of the first plan hangs on these: a rate that is too high makes boxes that are
rarely full, one that is too low makes few and large ones. From the second year on, the figures that
were released take their place.
"""

from __future__ import annotations

# Incidents per 1,000 person-years by class of confidentiality and kind. Injuries: about half of the
# 628 per 1,000 person-years that Hauret et al. (2010, Am J Prev Med 38:S61) found in the records of
# clinics of active-duty personnel, since a register holds only what is reported to it.
EXPECTED_PER_1000_PERSON_YEARS = {
    "plain": {
        "injury": 250.0,
        "near_miss": 120.0,
        "hazard": 60.0,
        "dangerous_occurrence": 10.0,
        "illness": 40.0,
    },
    "identity": {"injury": 10.0, "dangerous_occurrence": 2.0},
    "medical": {"injury": 10.0, "illness": 30.0},
}
DAYS_PER_YEAR = 365.25
