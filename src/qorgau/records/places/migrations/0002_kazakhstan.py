"""The republic and its 20 first-level units.

Codes: the state classifier KATO. Kazakh and Russian names: the names in force since the reform of
2022, as the classifier writes them, in full and each in its own alphabet. ISO 3166-2 codes: the
standard as changed in November 2022.
"""

from django.db import migrations

from qorgau.records.places.rules import area_uuid, path_of

COUNTRY = "KZ"
REPUBLIC = (
    "KZ",
    "Қазақстан Республикасы",
    "Республика Казахстан",
    "Republic of Kazakhstan",
)
REGIONS = [
    ("100000000", "Абай облысы", "область Абай", "Abai Region"),
    ("110000000", "Ақмола облысы", "Акмолинская область", "Akmola Region"),
    ("150000000", "Ақтөбе облысы", "Актюбинская область", "Aktobe Region"),
    ("190000000", "Алматы облысы", "Алматинская область", "Almaty Region"),
    ("230000000", "Атырау облысы", "Атырауская область", "Atyrau Region"),
    (
        "270000000",
        "Батыс Қазақстан облысы",
        "Западно-Казахстанская область",
        "West Kazakhstan Region",
    ),
    ("310000000", "Жамбыл облысы", "Жамбылская область", "Zhambyl Region"),
    ("330000000", "Жетісу облысы", "область Жетісу", "Zhetisu Region"),
    ("350000000", "Қарағанды облысы", "Карагандинская область", "Karaganda Region"),
    ("390000000", "Қостанай облысы", "Костанайская область", "Kostanay Region"),
    ("430000000", "Қызылорда облысы", "Кызылординская область", "Kyzylorda Region"),
    ("470000000", "Маңғыстау облысы", "Мангистауская область", "Mangystau Region"),
    ("550000000", "Павлодар облысы", "Павлодарская область", "Pavlodar Region"),
    (
        "590000000",
        "Солтүстік Қазақстан облысы",
        "Северо-Казахстанская область",
        "North Kazakhstan Region",
    ),
    ("610000000", "Түркістан облысы", "Туркестанская область", "Turkistan Region"),
    ("620000000", "Ұлытау облысы", "область Ұлытау", "Ulytau Region"),
    (
        "630000000",
        "Шығыс Қазақстан облысы",
        "Восточно-Казахстанская область",
        "East Kazakhstan Region",
    ),
    ("710000000", "Астана қаласы", "город Астана", "Astana City"),
    ("750000000", "Алматы қаласы", "город Алматы", "Almaty City"),
    ("790000000", "Шымкент қаласы", "город Шымкент", "Shymkent City"),
]


def load(apps, schema_editor):
    area = apps.get_model("places", "Area")
    republic = _create(area, REPUBLIC, "republic", None, "")
    for row in REGIONS:
        _create(area, row, "region", republic, f"{COUNTRY}-{row[0][:2]}")


def _create(area, row, level, parent, iso_3166_2):
    code, name_kk, name_ru, name_en = row
    created = area.objects.create(
        uuid=area_uuid(COUNTRY, code),
        country=COUNTRY,
        code=code,
        level=level,
        parent=parent,
        name_kk=name_kk,
        name_ru=name_ru,
        name_en=name_en,
        name_source="shipped",
        iso_3166_2=iso_3166_2,
    )
    created.path = path_of(parent.path if parent else "", created.pk)
    created.save(update_fields=["path"])
    return created


def unload(apps, schema_editor):
    """Nothing: the tables themselves go with the migration before this one."""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
