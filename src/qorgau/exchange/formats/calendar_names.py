"""Names of months and weekdays as files write them, in English, Russian and Kazakh.

Kazakh and Russian names: Unicode CLDR (kk, ru), stand-alone and genitive forms.
"""

from __future__ import annotations

_MONTHS = (
    "january jan январь января янв қаңтар қаң",
    "february feb февраль февраля фев февр ақпан ақп",
    "march mar март марта мар наурыз нау",
    "april apr апрель апреля апр сәуір сәу",
    "may май мая мамыр мам",
    "june jun июнь июня июн маусым мау",
    "july jul июль июля июл шілде шіл",
    "august aug август августа авг тамыз там",
    "september sep sept сентябрь сентября сен сент қыркүйек қыр",
    "october oct октябрь октября окт қазан қаз",
    "november nov ноябрь ноября ноя нояб қараша қар",
    "december dec декабрь декабря дек желтоқсан жел",
)

_WEEKDAYS = (
    "monday mon понедельник пн дүйсенбі дс",
    "tuesday tue tues вторник вт сейсенбі сс",
    "wednesday wed среда ср сәрсенбі ср",
    "thursday thu thur thurs четверг чт бейсенбі бс",
    "friday fri пятница пт жұма жм",
    "saturday sat суббота сб сенбі сб",
    "sunday sun воскресенье вс жексенбі жс",
)

MONTH_NUMBERS: dict[str, int] = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()
}
"""Number of the month by its name in lower case; January is 1."""

WEEKDAY_NUMBERS: dict[str, int] = {
    name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()
}
"""Number of the weekday by its name in lower case; Monday is 0."""
