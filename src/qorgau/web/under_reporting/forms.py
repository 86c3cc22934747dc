"""The form for under-reporting: unit, period, the medical register's keys, the secret."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.analysis.rates.question import default_period
from qorgau.analysis.under_reporting.linked_injuries import MedicalRegister
from qorgau.analysis.under_reporting.question import (
    MOST_TOLERANCE_DAYS,
    USUAL_TOLERANCE_DAYS,
    UnderReportingQuestion,
)
from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.linkage_keys import (
    KeyFile,
    checked_secret,
    read_keys,
    tokens_under,
)
from qorgau.exchange.sentences import sentence_of
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.web.frame.fields import DayInput
from qorgau.web.frame.unit_names import UnitField

# Half a million injuries; link more of them on the server, where nobody waits for a page.
LARGEST_FILE_BYTES = 50 * 1024 * 1024


class UnderReportingForm(forms.Form):
    """File and secret are read but never stored; a refused form needs both again."""

    since = forms.DateField(label=gettext_lazy("From"), widget=DayInput())
    until = forms.DateField(label=gettext_lazy("To"), widget=DayInput())
    file = forms.FileField(
        label=gettext_lazy("Key file of the medical register"),
        help_text=gettext_lazy("Columns token, day and, optionally, unit. The file is not kept."),
        allow_empty_file=True,
    )
    secret = forms.CharField(
        label=gettext_lazy("Shared secret of both registers"),
        help_text=gettext_lazy("The secret that the file was created with. It is not kept."),
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    tolerance_days = forms.IntegerField(
        label=gettext_lazy("Maximum days apart"),
        help_text=gettext_lazy("Someone hurt on Friday may not see a doctor until Monday."),
        min_value=0,
        max_value=MOST_TOLERANCE_DAYS,
        initial=USUAL_TOLERANCE_DAYS,
    )

    def __init__(
        self,
        *sent: Any,
        user: User,
        today: dt.date,
        unit: str = "",
        was_too_large: bool = False,
    ) -> None:
        since, until = default_period(today)
        super().__init__(*sent, initial={"since": since, "until": until})
        chosen = {"initial": unit} if unit else {}
        self.fields["unit"] = UnitField(
            label=_("Unit"), user=user, capability=Capability.SEE_MEDICAL, **chosen
        )
        self.order_fields(("unit",))
        if was_too_large:
            self.fields["file"].error_messages["required"] = _too_large()

    def clean_file(self) -> KeyFile:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE_BYTES:
            raise forms.ValidationError(_too_large())
        try:
            return _keys_in(file)
        except FormatError as error:
            raise forms.ValidationError(sentence_of(error)) from None

    def clean_secret(self) -> bytes:
        try:
            return checked_secret(self.cleaned_data["secret"])
        except FormatError as error:
            raise forms.ValidationError(sentence_of(error)) from None

    def question(self) -> UnderReportingQuestion:
        """The question of a valid form."""
        values = self.cleaned_data
        return UnderReportingQuestion(
            values["unit"], values["since"], values["until"], values["tolerance_days"]
        )

    def medical_register(self) -> MedicalRegister:
        """The medical register of a valid form."""
        keys = self.cleaned_data["file"]
        return MedicalRegister(
            keys.cases, tokens_under(self.cleaned_data["secret"]), keys.has_units
        )


def _too_large() -> str:
    return _(
        "The file is larger than %(limit)s, the limit for this page. Link it on the server"
        " with: qorgau under-reporting"
    ) % {"limit": filesizeformat(LARGEST_FILE_BYTES)}


def _keys_in(file: UploadedFile) -> KeyFile:
    """Read the file; the copy on disk is deleted before this returns."""
    with tempfile.TemporaryDirectory(prefix="qorgau-") as folder:
        path = Path(folder) / "keys"
        with path.open("wb") as copy:
            copy.writelines(file.chunks())
        return read_keys(path)
