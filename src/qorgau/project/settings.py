"""Settings of one installation, read from the environment; every name is in docs/settings.md."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.addresses import networks
from qorgau.project.secret import secret_key_from

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("QORGAU_DATA", Path.cwd() / "var")).resolve()

DEBUG = os.environ.get("QORGAU_DEBUG", "") == "1"
SECRET_KEY = secret_key_from(os.environ.get("QORGAU_SECRET_KEY"), DATA / "secret-key")
ALLOWED_HOSTS = os.environ.get("QORGAU_HOSTS", "localhost 127.0.0.1 [::1]").split()
CSRF_TRUSTED_ORIGINS = os.environ.get("QORGAU_ORIGINS", "").split()

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "qorgau.foundation.identity",
    "qorgau.foundation.entrance",
    "qorgau.foundation.journal",
    "qorgau.foundation.outbox",
    "qorgau.records.places",
    "qorgau.records.people",
    "qorgau.records.incidents",
    "qorgau.records.reporting",
    "qorgau.records.publication",
    "qorgau.records.signals",
    "qorgau.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "qorgau.web.accounts.first_password.FirstPasswordMiddleware",
    "qorgau.web.frame.refusals.UnknownRecordMiddleware",
    "qorgau.web.frame.refusals.TooManyTriesMiddleware",
]

ROOT_URLCONF = "qorgau.project.urls"
WSGI_APPLICATION = "qorgau.project.wsgi.application"

# The fields of forms are drawn by our own templates where we have one.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qorgau.web.page_context.page_context",
            ],
        },
    },
]


def _database() -> dict[str, object]:
    """SQLite unless QORGAU_POSTGRES names a PostgreSQL (a libpq connection string)."""
    postgres = os.environ.get("QORGAU_POSTGRES")
    if postgres:
        from psycopg.conninfo import conninfo_to_dict

        parts = conninfo_to_dict(postgres)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.pop("dbname", "qorgau"),
            "USER": parts.pop("user", ""),
            "PASSWORD": parts.pop("password", ""),
            "HOST": parts.pop("host", ""),
            "PORT": parts.pop("port", ""),
            "OPTIONS": parts,
            "CONN_MAX_AGE": 60,
        }
    return {
        "ENGINE": "qorgau.foundation.sqlite",
        "NAME": os.environ.get("QORGAU_SQLITE", str(DATA / "qorgau.sqlite3")),
        # Opening a connection for each request took a third of the time of a report.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # IMMEDIATE takes the write lock first, so that two writers queue instead of failing;
            # FULL loses nothing on power loss.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                # What was removed is overwritten: a session, and what waits of anonymous reports.
                "PRAGMA secure_delete=ON;"
                "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = [
    # Every door asks this one; a second would make a second hash.
    "qorgau.foundation.entrance.passwords.OneEntrance",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# An administrator creates accounts; nobody can sign up.
ACCOUNT_ADAPTER = "qorgau.web.accounts.sign_in.ClosedSignUp"
ACCOUNT_FORMS = {"change_password": "qorgau.web.accounts.password_form.PasswordForm"}
# Counted in the memory of each process, and per address alone: ours are in foundation/entrance.
ACCOUNT_RATE_LIMITS = False
QORGAU_TRUSTED_PROXIES = networks(os.environ.get("QORGAU_PROXIES", ""))
# Off: what it offers, pages and commands offer with the journal.
QORGAU_ADMIN_SITE = os.environ.get("QORGAU_ADMIN_SITE", "") == "1"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Qorgau"

LANGUAGE_CODE = os.environ.get("QORGAU_LANGUAGE", "kk")
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "project" / "locale"]
FORMAT_MODULE_PATH = ["qorgau.project.formats"]
TIME_ZONE = os.environ.get("QORGAU_TIME_ZONE", "Asia/Almaty")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The page that corrects an import has a field for every column and every value of a file.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000
FILE_UPLOAD_HANDLERS = [
    "qorgau.web.imports.upload_limit.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Only these pages take files; all other requests are small.
QORGAU_TAKES_FILES = "/imports/"
QORGAU_UPLOAD_LIMIT_BYTES = int(os.environ.get("QORGAU_UPLOAD_LIMIT_MB", "300")) * 1024 * 1024
QORGAU_UPLOADS_PER_USER_BYTES = int(os.environ.get("QORGAU_UPLOADS_MB", "1000")) * 1024 * 1024

# A host that serves over TLS says so; on localhost the cookies must work without it.
_TLS = os.environ.get("QORGAU_TLS", "") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
SESSION_COOKIE_AGE = 12 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

QORGAU_INSTALLATION_NAME = os.environ.get("QORGAU_NAME", _("Qorgau"))
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
