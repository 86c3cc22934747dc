"""Read the areas in a GeoJSON file of boundaries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from qorgau.exchange.formats import kato
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.geojson import Feature, parse_features
from qorgau.exchange.place_import.entries import (
    AreaInFile,
    PlaceFile,
    PlaceImportOptions,
    Recoded,
    any_name,
    check_lengths,
    text_of,
)
from qorgau.exchange.place_import.outlines import sound_shape
from qorgau.exchange.place_import.properties import PropertyReading, recognise
from qorgau.records.places.rules import BOUNDARIES, REGION, REPUBLIC, AreaRecord, may_be_parent

_ISO_3166_2 = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}\Z")


def read_boundaries(data: bytes, options: PlaceImportOptions) -> PlaceFile:
    """Read a file of boundaries.

    Parameters
    ----------
    data : bytes
        GeoJSON.
    options : PlaceImportOptions

    Returns
    -------
    PlaceFile

    Raises
    ------
    FormatError
        When the file cannot be read, is about another country, or lacks properties.
    """
    features = parse_features(data)
    properties = list(dict.fromkeys(name for feature in features for name in feature.properties))
    return _BoundaryReader(features, recognise(properties, options), options).read()


class _BoundaryReader:
    """Reads the features of one file."""

    def __init__(
        self, features: Sequence[Feature], reading: PropertyReading, options: PlaceImportOptions
    ) -> None:
        self.features = features
        self.reading = reading
        self.options = options
        self.file = PlaceFile(BOUNDARIES, options.credit)
        self.uses_of_codes = Counter(self._text(feature, reading.code) for feature in features)

    def read(self) -> PlaceFile:
        self._refuse_another_country()
        for feature in self.features:
            code = self._text(feature, self.reading.code)
            names = self._names(feature, self.reading.names)
            try:
                self.file.entries.append(self._entry(feature, code, names))
            except FormatError as fault:
                self.file.reject(feature.number, code, names, fault)
        return self.file

    def _text(self, feature: Feature, key: str | None) -> str:
        return text_of(feature.properties.get(key)) if key else ""

    def _names(self, feature: Feature, keys: Mapping[str, str]) -> dict[str, str]:
        names = {language: self._text(feature, key) for language, key in keys.items()}
        return {language: name for language, name in names.items() if name}

    def _refuse_another_country(self) -> None:
        top = self.reading.upper.get(REPUBLIC)
        for feature in self.features:
            found = self._text(feature, top.code if top else None).upper()
            if len(found) == 2 and found != self.options.country:
                raise FormatError(
                    gettext_noop(
                        "The file is for the country %(found)s, not %(country)s. Choose the "
                        "country %(found)s to import it."
                    ),
                    found=found,
                    country=self.options.country,
                )

    def _entry(self, feature: Feature, code: str, names: Mapping[str, str]) -> AreaInFile:
        check_lengths(code, names)
        if feature.fault is not None:
            raise feature.fault
        if feature.geometry is None:
            raise FormatError(gettext_noop("It has no outline. Export it with its geometry."))
        shape = sound_shape(feature.geometry)
        is_kato = self.reading.has_kato and kato.is_kato(code)
        level = self.reading.level or (kato.level_of(code) if is_kato else None)
        if level is None:
            raise FormatError(
                gettext_noop("Its level is not given. Give a level for the whole file.")
            )
        parents = self._parent_candidates(feature, code, level, is_kato=is_kato)
        if level == REPUBLIC:
            code = self.options.country
        elif is_kato and kato.level_of(code) != level:
            code = self._another_code(feature, code, level, names)
        iso = self._text(feature, self.reading.iso_3166_2)
        has_iso = level == REGION and _ISO_3166_2.match(iso)
        record = AreaRecord(
            code=code,
            level=level,
            names=self.file.spelled(code, names),
            iso_3166_2=iso if has_iso else "",
        )
        return AreaInFile(feature.number, record, parents, shape)

    def _another_code(
        self, feature: Feature, code: str, level: str, names: Mapping[str, str]
    ) -> str:
        """Another code for a district that has the code of a town in the file.

        The code of the town's district if no other area of the file has it, because the town
        represents its district; otherwise the P-code.
        """
        above = [other for other in kato.codes_above(code) if kato.level_of(other) == level]
        free = (other for other in above if not self.uses_of_codes[other])
        kept = next(free, self._text(feature, self.reading.p_code))
        if not kept:
            raise FormatError(
                gettext_noop(
                    "Its code %(code)s belongs to another level, and it has no P-code to "
                    "identify it."
                ),
                code=code,
            )
        self.uses_of_codes[kept] += 1
        self.file.recoded.append(Recoded(any_name(names), code, kept))
        return kept

    def _parent_candidates(
        self, feature: Feature, code: str, level: str, *, is_kato: bool
    ) -> tuple[str, ...]:
        if level == REPUBLIC:
            return ()
        self._note_areas_above(feature, is_kato=is_kato)
        parent = self._text(feature, self.reading.parent)
        if level == REGION:
            is_mapped = "parent" in self.options.property_map and parent
            return (parent if is_mapped else self.options.country,)
        if is_kato:
            above = kato.codes_above(code)
            return tuple(other for other in above if may_be_parent(kato.level_of(other), level))
        if not parent:
            raise FormatError(
                gettext_noop(
                    "The area that it belongs to is not given. Name the property: parent=PROPERTY."
                )
            )
        return (parent,)

    def _note_areas_above(self, feature: Feature, *, is_kato: bool) -> None:
        """Note what the feature says about the areas above, for a country not yet imported."""
        country = self.options.country
        above = self.file.areas_above
        above.setdefault(country, AreaRecord(country, REPUBLIC))
        parent = country
        for level, properties in self.reading.upper.items():
            code = self._text(feature, properties.code)
            if level == REPUBLIC:
                code = country
            elif is_kato or not code:
                continue
            if code not in above or not above[code].names:
                names = self.file.spelled(code, self._names(feature, properties.names))
                is_top = code == country
                above[code] = AreaRecord(code, level, None if is_top else parent, names)
            parent = code
