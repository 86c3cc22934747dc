"""Further calls of services that write more than one action, or differ by what they are given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from qorgau.foundation.identity import services as accounts
from qorgau.foundation.identity.models import ApiToken, User
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents import services as incidents
from qorgau.records.incidents.choices import Kind
from qorgau.records.people import services as people
from qorgau.records.places import services as places
from qorgau.records.places.models import Area
from qorgau.records.reporting import services as reporting
from tests.records.account_calls import WHY, a_request, with_second_step
from tests.records.service_calls import CALLS, Call, batch_of_one, begun_import
from tests.world import OCCURRED, World

# "<app>.<service>, <when>".
VARIANTS: dict[str, Callable[[World, User], Call]] = {}


def variant_of(
    name: str,
) -> Callable[[Callable[[World, User], Call]], Callable[[World, User], Call]]:
    def register(prepare: Callable[[World, User], Call]) -> Callable[[World, User], Call]:
        VARIANTS[name] = prepare
        return prepare

    return register


@variant_of("identity.create_user")
def _create_user(world: World, who: User) -> Call:
    return lambda: accounts.create_user(username="new", password="long-1", acting_user=who)


@variant_of("identity.issue_api_token")
def _issue_token(world: World, who: User) -> Call:
    return lambda: accounts.issue_api_token(user=who, name="NIGHTLY", acting_user=who)


@variant_of("identity.revoke_api_token")
def _revoke_token(world: World, who: User) -> Call:
    accounts.issue_api_token(user=who, name="NIGHTLY", acting_user=None)
    token = ApiToken.objects.get()
    return lambda: accounts.revoke_api_token(token=token, acting_user=who)


@variant_of("identity.use_account_link")
def _use_account_link(world: World, who: User) -> Call:
    secret = people.make_password_link(user=world.inside[Role.REPORTER], acting_user=who)
    return lambda: accounts.use_account_link(secret=secret, password="a sentence of my own")


@variant_of("people.approve_request, at the machine")
def _approve_at_the_machine(world: World, who: User) -> Call:
    request = a_request(world)
    who.role_grants.filter(role=Role.ADMINISTRATOR).delete()
    return lambda: people.approve_request(request=request, operator="Асан", acting_user=None)


@variant_of("people.approve_request, of a second step")
def _approve_second_step(world: World, who: User) -> Call:
    request = people.request_second_factor_reset(
        user=with_second_step(world.inside[Role.ANALYST]),
        reason=WHY,
        acting_user=world.inside[Role.ADMINISTRATOR],
    )
    return lambda: people.approve_request(request=request, acting_user=who)


@variant_of("people.revoke_role, on a later day")
def _revoke_later(world: World, who: User) -> Call:
    grant = world.inside[Role.PLANNER].role_grants.get()
    on = dt.date(9000, 1, 1)
    return lambda: people.revoke_role(grant=grant, on=on, acting_user=who)


@variant_of("people.rename_account, the shown name alone")
def _rename_shown(world: World, who: User) -> Call:
    user = world.inside[Role.REPORTER]
    return lambda: people.rename_account(
        user=user, username=user.username, display_name="New", acting_user=who
    )


@variant_of("people.close_account, with a token")
def _close_with_token(world: World, who: User) -> Call:
    user = world.inside[Role.REPORTER]
    accounts.issue_api_token(user=user, name="NIGHTLY", acting_user=None)
    return lambda: people.close_account(user=user, acting_user=who)


@variant_of("incidents.begin_import, again")
def _begin_import_again(world: World, who: User) -> Call:
    begun_import(who)
    return CALLS["incidents.begin_import"](world, who)


@variant_of("incidents.record_import_batch, revised")
def _record_import_batch_revised(world: World, who: User) -> Call:
    first = incidents.record_import_batch(
        run=begun_import(), batch=batch_of_one(world), acting_user=None
    )
    incidents.finish_import(run=first, acting_user=None)
    draft = incidents.IncidentDraft(
        kind=Kind.ILLNESS,
        unit=world.company,
        occurred_at=OCCURRED,
        involved=(incidents.InvolvedDraft(),),
        fields={"narrative": "A text of the other system."},
    )
    row = incidents.SourceRow(2, "1", "d" * 32, draft, ["1"])
    batch = incidents.ImportBatch(rows=[row], last_row_number=2)
    run = begun_import(who)
    return lambda: incidents.record_import_batch(run=run, batch=batch, acting_user=who)


@variant_of("incidents.edit_incident, every field")
def _edit_every_field(world: World, who: User) -> Call:
    changes = other_values(world)
    return lambda: incidents.edit_incident(
        incident=world.incident, changes=changes, acting_user=who
    )


def other_values(world: World) -> dict[str, object]:
    """Another value of every field of the incident that can be edited."""
    return {
        "kind": Kind.NEAR_MISS,
        "occurred_at": OCCURRED + dt.timedelta(hours=1),
        "precision": "day",
        "unit": world.battalion,
        "area": Area.objects.first(),
        "site": places.create_site(name="Тир", area=Area.objects.first(), acting_user=None),
        "place": "Қақпа 2",
        "latitude": 43.25,
        "longitude": 76.95,
        "narrative": "A text that stays out of the journal.",
        "immediate_action": "A text that stays out of the journal.",
        "cause": "fall",
        "intent": "undetermined",
        "duty_status": "on_duty",
        "activity": "Guard duty",
        "weather": "Көктайғақ",
        "cost_amount": Decimal("12.50"),
        "cost_currency": "KZT",
        "confidentiality": "identity",
        "finding": "A text that stays out of the journal.",
    }


@variant_of("incidents.edit_incident, nothing changed")
def _edit_nothing(world: World, who: User) -> Call:
    return lambda: incidents.edit_incident(
        incident=world.incident, changes={"weather": ""}, acting_user=who
    )


@variant_of("reporting.release_finding_to_reporter, corrected")
def _correct_finding(world: World, who: User) -> Call:
    reporting.release_finding_to_reporter(incident=world.incident, text="Old.", acting_user=None)
    return lambda: reporting.release_finding_to_reporter(
        incident=world.incident, text="New.", acting_user=who
    )
