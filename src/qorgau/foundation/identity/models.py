"""Who signs in. What they may see comes from the roles granted to them on units."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identifiers import new_uuid
from qorgau.foundation.identity.names import name_key


class NameKeyField(models.CharField):
    """What a user name looks like, so that the database itself refuses a second one.

    None belongs to an account of before there were keys that looks like another one; it stays so.
    """

    def pre_save(self, model_instance: Any, add: bool) -> str | None:
        held = getattr(model_instance, self.attname)
        key = name_key(model_instance.username) if add or held is not None else None
        setattr(model_instance, self.attname, key)
        return key


class User(AbstractUser):
    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    display_name = models.CharField(_("name shown"), max_length=120, blank=True)
    # A program acts with a token of the account; said by the door, for the journal.
    is_signed_in_by_token = False
    # A letter that looks like two makes the key longer than the name.
    name_key = NameKeyField(max_length=300, unique=True, null=True, editable=False)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    # Raised to end every session at once: what a browser holds is a digest that includes it.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_session_auth_hash(self) -> str:
        return self._digest_of_session(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Any:
        return (self._digest_of_session(one) for one in super().get_session_auth_fallback_hash())

    def _digest_of_session(self, plain: str) -> str:
        if not self.session_epoch:
            return plain
        return salted_hmac("qorgau.session", f"{plain}{self.session_epoch}").hexdigest()


class FormerName(models.Model):
    """A name that an account had before: nobody else gets it, as the journal still says it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_names")
    username = models.CharField(_("user name"), max_length=150)
    name_key = models.CharField(max_length=300, db_index=True, editable=False)

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")

    def __str__(self) -> str:
        return self.username


class LinkPurpose(models.TextChoices):
    INVITE = "invite", _("First password")
    RESET = "reset", _("New password")


class AccountLink(models.Model):
    """Where a person sets the password once; of the secret in the address, a digest is stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(_("purpose"), max_length=8, choices=LinkPurpose)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("link of an account")
        verbose_name_plural = _("links of accounts")
        indexes = [models.Index(fields=["user", "expires_at"])]

    def __str__(self) -> str:
        return f"{self.purpose} {self.user_id}"


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
