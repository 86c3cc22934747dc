"""The places of the synthetic brigade, and where each activity takes place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qorgau.demonstration.draws import pick

# Code of the region in the list of areas: Karaganda Region.
AREA_CODE = "350000000"


@dataclass(frozen=True)
class SiteRow:
    """A place; the coordinates are in open steppe, not in any garrison."""

    key: str
    name: str
    kind: str
    latitude: float
    longitude: float


SITES: tuple[SiteRow, ...] = (
    SiteRow("barracks", "Казарма аумағы (жасанды)", "station", 48.9012, 73.4021),
    SiteRow("garage2", "№ 2 гараж (жасанды)", "workshop", 48.8991, 73.4103),
    SiteRow("park", "Техника паркі (жасанды)", "workshop", 48.8978, 73.4139),
    SiteRow("store3", "№ 3 қойма (жасанды)", "depot", 48.9034, 73.4188),
    SiteRow("ground", "Оқу-жаттығу алаңы (жасанды)", "training_ground", 48.8402, 73.5517),
    SiteRow("range", "Атыс алаңы (жасанды)", "training_ground", 48.8613, 73.4906),
    SiteRow("medical", "Медициналық пункт (жасанды)", "medical", 48.9026, 73.4057),
)

# Site of an activity and words for the place; without a site it is somewhere on the road.
_OF_ACTIVITY = {
    "march": ("ground", "ground"),
    "obstacle_course": ("ground", "ground"),
    "exercise": ("ground", "ground"),
    "field_camp": ("ground", "ground"),
    "swimming": ("ground", "ground"),
    "convoy": ("", "road"),
    "driving": ("", "road"),
    "range": ("range", "range"),
    "loading": ("store3", "store3"),
    "repair": ("park", "park"),
    "maintenance": ("park", "park"),
    "kitchen": ("barracks", "kitchen"),
    "barracks": ("barracks", "indoors"),
    "weapon_cleaning": ("barracks", "indoors"),
    "morning_run": ("barracks", "track"),
    "physical_training": ("barracks", "track"),
    "sport": ("barracks", "track"),
}

_PLACES: dict[str, dict[str, tuple[str, ...]]] = {
    "kk": {
        "garrison": ("казарма алдындағы алаң", "асхана маңы", "сап алаңы", "бақылау-өткізу бекеті"),
        "track": ("спорт алаңы", "стадион", "спортзал"),
        "indoors": ("казарма, 1-қабат", "казарма, 2-қабат"),
        "kitchen": ("асхана", "ас блогы"),
        "garage2": ("№ 2 гараж",),
        "park": ("техника паркі", "№ 1 гараж", "жөндеу шеберханасы"),
        "store3": ("№ 3 қойма", "№ 3 қойма, пандус"),
        "ground": ("оқу-жаттығу алаңы", "оқу-жаттығу алаңы, солтүстік бөлігі"),
        "range": ("атыс алаңы", "атыс алаңы, 2-шеп"),
        "road": ("тас жол", "дала жолы"),
    },
    "ru": {
        "garrison": ("площадка у казармы", "у столовой", "плац", "контрольно-пропускной пункт"),
        "track": ("спортивный городок", "стадион", "спортзал"),
        "indoors": ("казарма, первый этаж", "казарма, второй этаж"),
        "kitchen": ("столовая", "варочный цех"),
        "garage2": ("гараж № 2",),
        "park": ("парк техники", "гараж № 1", "ремонтная мастерская"),
        "store3": ("склад № 3", "склад № 3, пандус"),
        "ground": ("учебное поле", "учебное поле, северная часть"),
        "range": ("стрельбище", "стрельбище, второй рубеж"),
        "road": ("шоссе", "полевая дорога"),
    },
    "en": {
        "garrison": ("in front of the barracks", "by the canteen", "parade ground"),
        "track": ("sports ground", "gym"),
        "indoors": ("barracks, first floor",),
        "kitchen": ("canteen kitchen",),
        "garage2": ("garage 2",),
        "park": ("vehicle park", "repair shop"),
        "store3": ("store 3", "store 3, ramp"),
        "ground": ("training ground",),
        "range": ("firing range",),
        "road": ("highway", "field track"),
    },
}


def site_of(rng: np.random.Generator, activity: str, fixed: str, language: str) -> tuple[str, str]:
    """The key of the site ("" for none) and the reporter's words for the place."""
    site, place = _OF_ACTIVITY.get(activity, ("barracks", "garrison"))
    if fixed:
        site = place = fixed
    return site, pick(rng, _PLACES[language][place])
