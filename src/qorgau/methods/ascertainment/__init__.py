"""How many cases happened, those that no register holds included."""

from qorgau.methods.ascertainment.linkage import LinkedRegisters, link_registers
from qorgau.methods.ascertainment.three_registers import (
    LogLinearModel,
    ThreeRegisterEstimate,
    three_registers,
)
from qorgau.methods.ascertainment.two_registers import TwoRegisterEstimate, two_registers

__all__ = [
    "LinkedRegisters",
    "LogLinearModel",
    "ThreeRegisterEstimate",
    "TwoRegisterEstimate",
    "link_registers",
    "three_registers",
    "two_registers",
]
