"""Who signs in. What they may see comes from the roles granted to them on units."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identifiers import new_uuid


class User(AbstractUser):
    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    display_name = models.CharField(_("name shown"), max_length=120, blank=True)
    # A program acts with a token of the account; said by the door, for the journal.
    is_signed_in_by_token = False

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username


class ApiToken(models.Model):
    """The token of a program; only its digest is stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name
