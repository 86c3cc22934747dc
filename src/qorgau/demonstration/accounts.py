"""The accounts of the demonstration: one for every role, all with one known password.

The names are invented. They need no translation, because each role's label is shown with them.
"""

from __future__ import annotations

from dataclasses import dataclass

from qorgau.demonstration.establishment import ROOT_CODE

# Public: a register with these accounts must only run on one's own machine, never on a network.
PASSWORD = "qorgau-demonstration"
# The secret of the synthetic medical register, public as well.
SECRET_OF_REGISTERS = "a secret of the demonstration that everybody knows"


@dataclass(frozen=True)
class DemonstrationAccount:
    """An account with its role for a unit and everything below it."""

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
