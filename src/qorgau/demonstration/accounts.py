"""The accounts of the demonstration: one for every role, all with one known password.

The names are invented; a name needs no translation, a role shows its own label beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from qorgau.demonstration.establishment import ROOT_CODE

# Known to everybody who reads this: such a register belongs on no network but one's own machine.
PASSWORD = "qorgau-demonstration"
# Of the synthetic medical register, just as known.
SECRET_OF_REGISTERS = "a secret of the demonstration that everybody knows"


@dataclass(frozen=True)
class DemonstrationAccount:
    """An account with its role over a unit and everything below it."""

    username: str
    role: str
    unit_code: str
    display_name: str


ACCOUNTS: tuple[DemonstrationAccount, ...] = (
    DemonstrationAccount("officer", "safety_officer", ROOT_CODE, "Айгүл Серікова"),
    DemonstrationAccount(
        "officer3", "safety_officer", f"{ROOT_CODE}-R3", "3-батальонның қауіпсіздік офицері"
    ),
    DemonstrationAccount("medic", "medical_officer", ROOT_CODE, "Ольга Ким"),
    DemonstrationAccount("analyst", "analyst", ROOT_CODE, "Данияр Ахметов"),
    DemonstrationAccount("commander", "commander", ROOT_CODE, "Ерлан Сәрсенов"),
    DemonstrationAccount("reporter", "reporter", ROOT_CODE, "Иван Петренко"),
    DemonstrationAccount("duty", "duty_officer", ROOT_CODE, "Гүлнар Омарова"),
    DemonstrationAccount("liaison", "liaison", ROOT_CODE, "Тимур Юсупов"),
    DemonstrationAccount("planner", "planner", ROOT_CODE, "Марина Волкова"),
    DemonstrationAccount("auditor", "auditor", ROOT_CODE, "Нұрлан Ибраев"),
    DemonstrationAccount("admin", "administrator", ROOT_CODE, "Сәуле Жұманова"),
)
