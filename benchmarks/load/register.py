"""Programs that make the register of those who send, and count what it took."""

from __future__ import annotations

# The units and the tokens of those who report; each of them is a person of its own.
REGISTER = """
import django; django.setup()
import datetime as dt, json, uuid
from qorgau.foundation.identity.services import create_user, issue_api_token
from qorgau.records.people.services import UnitDraft, create_organisation, create_units, grant_role
opened = dt.date(2020, 1, 1)
force = create_organisation(code="FORCE", names={"en": "A force"}, acting_user=None)
companies = [UnitDraft(f"BN-{n}", opened, parent_code="BN") for n in range(8)]
battalion, *rest = create_units(
    organisation=force, drafts=[UnitDraft("BN", opened), *companies], acting_user=None
)
tokens = []
for n in range(8):
    user = create_user(username=f"program-{n}", password=uuid.uuid4().hex, acting_user=None)
    grant_role(user=user, role="reporter", unit=battalion, acting_user=None)
    tokens.append(issue_api_token(user=user, name="load", acting_user=None))
print(json.dumps({"units": [unit.code for unit in rest], "tokens": tokens}))
"""
COUNTED = """
import django; django.setup()
from qorgau.records.incidents.models import Report
print(Report.objects.count())
"""
