"""Who signs in to the demonstration: one account for every role, all with one known password."""

from __future__ import annotations

from dataclasses import dataclass

from qorgau.exchange.demonstration.establishment import ROOT_CODE

# Known to everybody who reads this: such a register belongs on no network but one's own machine.
PASSWORD = "qorgau-demonstration"
# Of the made-up medical register, just as known.
SECRET_OF_REGISTERS = "a secret of the demonstration that everybody knows"


@dataclass(frozen=True)
class SignIn:
    """An account with its role over a unit and everything below it."""

    username: str
    role: str
    unit_code: str
    display_name: str


SIGN_INS: tuple[SignIn, ...] = (
    SignIn("officer", "safety_officer", ROOT_CODE, "Қауіпсіздік офицері"),
    SignIn("officer3", "safety_officer", f"{ROOT_CODE}-R3", "3-батальонның қауіпсіздік офицері"),
    SignIn("medic", "medical_officer", ROOT_CODE, "Медициналық қызмет офицері"),
    SignIn("analyst", "analyst", ROOT_CODE, "Талдаушы"),
    SignIn("commander", "commander", ROOT_CODE, "Командир"),
    SignIn("reporter", "reporter", ROOT_CODE, "Хабарлаушы"),
    SignIn("duty", "duty_officer", ROOT_CODE, "Жедел кезекші"),
    SignIn("liaison", "liaison", ROOT_CODE, "Өзара іс-қимыл офицері"),
    SignIn("planner", "planner", ROOT_CODE, "Жоспарлаушы"),
    SignIn("auditor", "auditor", ROOT_CODE, "Аудитор"),
    SignIn("admin", "administrator", ROOT_CODE, "Әкімші"),
)
