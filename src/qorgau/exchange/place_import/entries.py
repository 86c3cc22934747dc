"""What a file of any format says about areas: the areas, and the faults of those rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qorgau.exchange.formats.alphabets import correct_mixed_alphabets
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop, nearest
from qorgau.exchange.place_import.outlines import SoundShape
from qorgau.records.places.rules import LEVELS, AreaRecord

LANGUAGES = ("kk", "ru", "en")
MAPPABLE = (
    "id", "parent_id", "code", "parent", "level", "iso_3166_2", "name_kk", "name_ru", "name_en",
)  # fmt: skip
_LONGEST_CODE, _LONGEST_NAME = 30, 200


@dataclass(frozen=True, slots=True)
class PlaceImportOptions:
    """What the user says about the file.

    Attributes
    ----------
    country : str
        Two capital letters of ISO 3166.
    level : str or None
        Level of every area in the file; None reads it from the file.
    property_map : mapping of str to str
        The property or column for each of `MAPPABLE`.
    is_dry_run : bool
        True to report what would change without writing anything.
    credit : str
        Source of the boundaries, shown with every map; empty keeps the stored one.
    """

    country: str = "KZ"
    level: str | None = None
    property_map: Mapping[str, str] = field(default_factory=dict)
    is_dry_run: bool = False
    credit: str = ""


@dataclass(frozen=True, slots=True)
class AreaInFile:
    """One area as in the file.

    Attributes
    ----------
    number : int
        Number of the feature or row.
    record : AreaRecord
        Without the parent, which is one of ``parent_candidates``.
    parent_candidates : tuple of str
        Codes of areas that may contain it, the most likely first.
    shape : SoundShape or None
    """

    number: int
    record: AreaRecord
    parent_candidates: tuple[str, ...]
    shape: SoundShape | None = None


@dataclass(frozen=True, slots=True)
class AreaRejection:
    """An area that is not imported, and why."""

    number: int
    code: str
    name: str
    fault: FormatError


@dataclass(frozen=True, slots=True)
class NameNote:
    """A name that mixes alphabets; ``after`` is the corrected name, or the same name."""

    code: str
    language: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Recoded:
    """An area that has another area's code in the file, and the code that it gets."""

    name: str
    code_in_file: str
    code_kept: str


@dataclass(slots=True)
class PlaceFile:
    """Everything read from one file, filled while it is read.

    Attributes
    ----------
    source : str
    credit : str
        Source of the boundaries.
    entries : list of AreaInFile
    areas_above : dict of str to AreaRecord
        By code: what the file says about areas that contain its own areas.
    rejections : list of AreaRejection
    corrected_names, mixed_names : list of NameNote
        Names that were corrected, and names that could not be.
    recoded : list of Recoded
    """

    source: str
    credit: str = ""
    entries: list[AreaInFile] = field(default_factory=list)
    areas_above: dict[str, AreaRecord] = field(default_factory=dict)
    rejections: list[AreaRejection] = field(default_factory=list)
    corrected_names: list[NameNote] = field(default_factory=list)
    mixed_names: list[NameNote] = field(default_factory=list)
    recoded: list[Recoded] = field(default_factory=list)

    def spelled(self, code: str, names: Mapping[str, str]) -> dict[str, str]:
        """Correct the spelling of names and note what was corrected and what could not be."""
        corrected = {}
        for language, name in names.items():
            spelled = correct_mixed_alphabets(name, language=language)
            if spelled.text != name:
                self.corrected_names.append(NameNote(code, language, name, spelled.text))
            if spelled.mixed_words:
                self.mixed_names.append(NameNote(code, language, name, spelled.text))
            corrected[language] = spelled.text
        return corrected

    def reject(self, number: int, code: str, names: Mapping[str, str], fault: FormatError) -> None:
        self.rejections.append(AreaRejection(number, code, any_name(names), fault))

    def forget_rejections(self, kept: int) -> None:
        """Forget all but the first ones, because the file is compared with the register again."""
        del self.rejections[kept:]


def check_options(options: PlaceImportOptions) -> None:
    """Refuse options with unknown names.

    Raises
    ------
    FormatError
    """
    for name in options.property_map:
        if name not in MAPPABLE:
            raise FormatError(
                gettext_noop(
                    'There is no field called "%(name)s". Did you mean "%(nearest)s"? Choose '
                    "one of: %(known)s."
                ),
                name=name,
                nearest=nearest(name, MAPPABLE) or MAPPABLE[2],
                known=", ".join(MAPPABLE),
            )
    if options.level is not None and options.level not in LEVELS:
        raise FormatError(
            gettext_noop('There is no level "%(level)s". Choose one of: %(known)s.'),
            level=options.level,
            known=", ".join(LEVELS),
        )
    if not (len(options.country) == 2 and options.country.isascii() and options.country.isupper()):
        raise FormatError(
            gettext_noop(
                'A country is two capital letters of ISO 3166, such as KZ; "%(country)s" is not.'
            ),
            country=options.country,
        )


def check_lengths(code: str, names: Mapping[str, str]) -> None:
    """Refuse a missing code or name, or one that is too long.

    Raises
    ------
    FormatError
    """
    if not code:
        raise FormatError(gettext_noop("It has no code. Give it one and import the file again."))
    if len(code) > _LONGEST_CODE:
        raise FormatError(
            gettext_noop("Its code is too long (%(length)s characters; the maximum is %(most)s)."),
            length=len(code),
            most=_LONGEST_CODE,
        )
    longest = max((len(name) for name in names.values()), default=0)
    if longest > _LONGEST_NAME:
        raise FormatError(
            gettext_noop(
                "One of its names is too long (%(length)s characters; the maximum is %(most)s)."
            ),
            length=longest,
            most=_LONGEST_NAME,
        )
    if not any(names.values()):
        raise FormatError(gettext_noop("It has no name in Kazakh, Russian or English."))


def any_name(names: Mapping[str, str]) -> str:
    """Return the name in the first language that has one."""
    return next((names[key] for key in LANGUAGES if names.get(key)), "")


def text_of(value: object) -> str:
    """Return a property or cell as text on one line; None gives an empty text."""
    return "" if value is None else " ".join(str(value).split())
