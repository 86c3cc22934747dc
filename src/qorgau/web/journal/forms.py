"""Finding entries of the journal."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.queries import uuids_of_accounts
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.queries import written_by


class JournalFilterForm(forms.Form):
    actor = forms.CharField(label=_("Who"), max_length=150, required=False)
    action = forms.CharField(label=_("Action starts with"), max_length=80, required=False)
    subject = forms.UUIDField(
        label=_("Record"),
        required=False,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off"}),
    )

    @property
    def tells_what(self) -> bool:
        """Whether the entries found have in common what was done, or to which record."""
        self.is_valid()
        return bool(self.cleaned_data.get("action") or self.cleaned_data.get("subject"))

    def matching(self, entries: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
        self.is_valid()
        fields, conditions = self.cleaned_data, Q()
        if fields.get("actor"):
            conditions &= written_by(fields["actor"], uuids_of_accounts(fields["actor"]))
        if fields.get("action"):
            conditions &= Q(action__startswith=fields["action"])
        if fields.get("subject"):
            conditions &= Q(subject_uuid=fields["subject"])
        return entries.filter(conditions)
