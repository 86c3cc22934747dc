"""What a person decides about another system's file: its columns, its values, its units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _

from qorgau.exchange.formats.mapping import Mapping
from qorgau.exchange.formats.mapping.spec import ValueRule
from qorgau.exchange.formats.suggestion import (
    KEY,
    UNITS,
    Corrections,
    Sample,
    UnitChoice,
    uses_of,
)
from qorgau.exchange.formats.suggestion.fitness import fit_of
from qorgau.exchange.formats.suggestion.profile import ColumnProfile
from qorgau.exchange.formats.suggestion.reasons import SuggestionReason
from qorgau.exchange.incidents.fields import (
    INCIDENT_SCHEMA,
    choice_labels,
    incident_vocabulary,
)
from qorgau.exchange.incidents.suggesting import source_name
from qorgau.exchange.sentences import sentences_of_reasons
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.web.frame.unit_names import UnitField

LARGEST_MAPPING_BYTES = 1 << 20
KNOWN, MADE, ONE = "known", "made", "one"
_EACH_ITS_OWN = SuggestionReason(gettext_noop("Every checked row has a different text."))
_SHARED = SuggestionReason(
    gettext_noop("Some rows have the same text: another column is needed as well.")
)
_DIFFERENT_TEXTS = gettext_noop("Different texts: %(count)s.")


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A table: CSV, or an Excel workbook (.xlsx)."),
        allow_empty_file=False,
    )
    mapping = forms.FileField(
        label=gettext_lazy("Mapping, if you have one"),
        help_text=gettext_lazy("Without one, a mapping is suggested from the columns."),
        required=False,
    )

    def __init__(self, *args: Any, was_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if was_too_large:
            self.fields["file"].error_messages["required"] = self._too_large()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.QORGAU_UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(self._too_large())
        return file

    def clean_mapping(self) -> str:
        file = self.cleaned_data["mapping"]
        if file is None:
            return ""
        if file.size > LARGEST_MAPPING_BYTES:
            raise forms.ValidationError(_("This file is too large for a mapping (limit: 1 MB)."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The mapping is not UTF-8 text.")) from None

    def _too_large(self) -> str:
        return _(
            "The file is larger than %(limit)s, the limit for this page. Split it, or ask"
            " for it to be imported on the server with: qorgau import incidents"
        ) % {"limit": filesizeformat(settings.QORGAU_UPLOAD_LIMIT_BYTES)}


@dataclass(frozen=True)
class ColumnLine:
    """A row of the table of columns: the name, samples and use of a column, and why."""

    name: str
    samples: tuple[str, ...]
    filled_percent: int
    choice: BoundField
    confidence: float
    reason: str


@dataclass(frozen=True)
class ValueGroup:
    """The texts of a column and the value that each is to have."""

    label: str
    column: str
    lines: list[tuple[str, int, BoundField]]


def _why(profile: ColumnProfile, use: str) -> tuple[float, tuple[SuggestionReason, ...]]:
    """How sure it is that a column is what it is used for, 0 for what is not weighed, and why."""
    if use == KEY:
        return 0.0, (_EACH_ITS_OWN if profile.is_unique else _SHARED,)
    if use in INCIDENT_SCHEMA.names():
        fit = fit_of(profile, INCIDENT_SCHEMA.field(use), incident_vocabulary())
        return fit.confidence, fit.reasons
    if use == UNITS:
        return 0.0, (SuggestionReason(_DIFFERENT_TEXTS, {"count": profile.n_distinct}),)
    return 0.0, ()


class ColumnsForm(forms.Form):
    """The mapping as a table of the file's columns, and of the texts in those with set values."""

    source = forms.CharField(
        label=gettext_lazy("Short name of the system the file comes from"),
        help_text=gettext_lazy(
            "Use the same name for every file of that system: rows are recognised by it."
        ),
        max_length=40,
    )
    unit_way = forms.ChoiceField(
        label=gettext_lazy("Units"),
        widget=forms.RadioSelect,
        choices=[
            (KNOWN, gettext_lazy("A column contains the codes of our units")),
            (
                MADE,
                gettext_lazy(
                    "Create the units named in the columns as sub-units of the unit below"
                ),
            ),
            (ONE, gettext_lazy("The whole file is about the unit below")),
        ],
    )
    constant_kind = forms.ChoiceField(
        label=gettext_lazy("Kind, if no column gives it"), required=False
    )

    def __init__(
        self, *args: Any, mapping: Mapping, sample: Sample, user: User, **kwargs: Any
    ) -> None:
        self._rules = dict(mapping.fields)
        self._sample = sample
        super().__init__(*args, initial=self._initial(mapping), **kwargs)
        self.fields["unit"] = UnitField(
            label=_("Unit"),
            user=user,
            capability=Capability.IMPORT_INCIDENTS,
            required=False,
        )
        if mapping.units and mapping.units.under:
            self.fields["unit"].initial = mapping.units.under
        kind: Any = self.fields["constant_kind"]
        kind.choices = [("", "–"), *choice_labels("kind")]
        self._add_columns(mapping)
        self._add_values()
        self.order_fields(("source", "unit_way", "unit"))

    def _initial(self, mapping: Mapping) -> dict[str, Any]:
        kind = self._rules.get("kind")
        is_constant = kind is not None and kind.source.kind == "constant"
        makes = mapping.units is None or mapping.units.may_create
        reads_a_column = mapping.units is not None and any(
            level.code.source.columns for level in mapping.units.levels
        )
        way = MADE if makes else KNOWN if reads_a_column else ONE
        return {
            "source": mapping.source,
            "unit_way": way,
            "constant_kind": kind.source.text if kind and is_constant else "",
        }

    def _add_columns(self, mapping: Mapping) -> None:
        choices = [
            ("", _("– do not read –")),
            (UNITS, _("Unit")),
            (KEY, _("Number of the row")),
            *((field.name, capfirst(_(field.label))) for field in INCIDENT_SCHEMA),
        ]
        uses = uses_of(mapping, self._sample.columns)
        for place, (column, use) in enumerate(zip(self._sample.columns, uses, strict=True)):
            self.fields[f"use_{place}"] = forms.ChoiceField(
                label=column, choices=choices, initial=use, required=False
            )

    def _add_values(self) -> None:
        for name, rule, texts in self._mapped_columns():
            values = {text.casefold(): value for text, value in rule.values}
            for place, (text, _count) in enumerate(texts):
                self.fields[f"value_{name}_{place}"] = forms.ChoiceField(
                    label=text,
                    choices=[("", _("– leave empty –")), *choice_labels(name)],
                    initial=values.get(text.casefold(), rule.default or ""),
                    required=False,
                )

    def _mapped_columns(self) -> Iterator[tuple[str, ValueRule, list[tuple[str, int]]]]:
        """Fields with set values that a column fills, with the texts of that column."""
        profiles = {profile.name: profile for profile in self._sample.profiles}
        for field in INCIDENT_SCHEMA:
            rule = self._rules.get(field.name)
            if field.kind == "choice" and rule is not None and rule.source.kind == "column":
                profile = profiles.get(rule.source.columns[0])
                if profile is not None:
                    prefix = rule.strip_prefix
                    pairs = ((t.removeprefix(prefix).strip(), n) for t, n in profile.values)
                    yield field.name, rule, list(pairs)

    def column_lines(self) -> list[ColumnLine]:
        lines = []
        for place, profile in enumerate(self._sample.profiles):
            choice = self[f"use_{place}"]
            confidence, reasons = _why(profile, choice.value())
            filled = 100 * profile.n_filled / profile.n_rows if profile.n_rows else 0
            lines.append(
                ColumnLine(
                    profile.name,
                    profile.samples,
                    round(filled),
                    choice,
                    confidence,
                    sentences_of_reasons(reasons),
                )
            )
        return lines

    def value_groups(self) -> list[ValueGroup]:
        return [
            ValueGroup(
                capfirst(_(INCIDENT_SCHEMA.field(name).label)),
                rule.source.columns[0],
                [
                    (text, count, self[f"value_{name}_{place}"])
                    for place, (text, count) in enumerate(texts)
                ],
            )
            for name, rule, texts in self._mapped_columns()
        ]

    def clean_source(self) -> str:
        return source_name(self.cleaned_data["source"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("unit_way") in (MADE, ONE) and not cleaned.get("unit"):
            self.add_error("unit", _("Choose the unit."))
        return cleaned

    def corrections(self) -> Corrections:
        """What was decided, for `correct`."""
        fields = self.cleaned_data
        unit = fields.get("unit")
        return Corrections(
            source=fields["source"],
            uses=tuple(fields[f"use_{place}"] for place in range(len(self._sample.columns))),
            values={
                name: {
                    text: fields[f"value_{name}_{place}"] for place, (text, _n) in enumerate(texts)
                }
                for name, _rule, texts in self._mapped_columns()
            },
            constants={"kind": fields["constant_kind"]},
            units=UnitChoice(
                fields["unit_way"],
                unit.code if unit and fields["unit_way"] != KNOWN else "",
                (get_language() or "en")[:2],
            ),
        )


class MappingTextForm(forms.Form):
    """The mapping as its text, for what the table does not show."""

    text = forms.CharField(
        label=gettext_lazy("Mapping"),
        max_length=LARGEST_MAPPING_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "code"}),
    )
