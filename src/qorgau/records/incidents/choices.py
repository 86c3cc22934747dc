"""Enumerations of reports, incidents and injuries, with their labels."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    INJURY = "injury", _("Injury")
    NEAR_MISS = "near_miss", _("Near miss")
    HAZARD = "hazard", _("Hazard")
    DANGEROUS_OCCURRENCE = "dangerous_occurrence", _("Dangerous occurrence")
    ILLNESS = "illness", _("Illness")


class ReportState(models.TextChoices):
    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted as an incident")
    MERGED = "merged", _("Joined to an incident already known")
    CLOSED = "closed", _("Closed without an incident")


class IncidentState(models.TextChoices):
    TRIAGED = "triaged", _("Triaged")
    UNDER_INVESTIGATION = "under_investigation", _("Under investigation")
    AWAITING_ENDORSEMENT = "awaiting_endorsement", _("Awaiting endorsement")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged into another")


class Precision(models.TextChoices):
    """How exactly the time of the event is known."""

    MINUTE = "minute", _("To the minute")
    DAY = "day", _("To the day")
    MONTH = "month", _("To the month")
    YEAR = "year", _("To the year")


class Confidentiality(models.TextChoices):
    PLAIN = "plain", _("Plain")
    IDENTITY = "identity", _("Names those involved")
    MEDICAL = "medical", _("Medical")


class DutyStatus(models.TextChoices):
    ON_DUTY = "on_duty", _("On duty")
    OFF_DUTY = "off_duty", _("Off duty")
    UNKNOWN = "unknown", _("Not known")


class InvolvedRole(models.TextChoices):
    INJURED = "injured", _("Injured or ill")
    WITNESS = "witness", _("Witness")
    OPERATOR = "operator", _("Operator or driver")
    OTHER = "other", _("Otherwise involved")


class Outcome(models.TextChoices):
    """What the injury led to, worst first."""

    FATAL = "fatal", _("Death")
    PERMANENT_TOTAL = "permanent_total", _("Permanent total disability")
    PERMANENT_PARTIAL = "permanent_partial", _("Permanent partial disability")
    DAYS_AWAY = "days_away", _("Days away from duty")
    RESTRICTED = "restricted", _("Limited duty or transfer")
    MEDICAL_TREATMENT = "medical_treatment", _("Treatment beyond first aid")
    FIRST_AID = "first_aid", _("First aid only")
    UNKNOWN = "unknown", _("Not known")


class Treatment(models.TextChoices):
    NONE = "none", _("No treatment")
    FIRST_AID = "first_aid", _("First aid")
    OUTPATIENT = "outpatient", _("Outpatient treatment")
    INPATIENT = "inpatient", _("Inpatient treatment")
    UNKNOWN = "unknown", _("Not known")


class Side(models.TextChoices):
    LEFT = "left", _("Left")
    RIGHT = "right", _("Right")
    BOTH = "both", _("Both sides")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class Intent(models.TextChoices):
    UNINTENTIONAL = "unintentional", _("Unintentional")
    SELF_HARM = "self_harm", _("Self-harm")
    ASSAULT = "assault", _("Assault")
    HOSTILE_ACTION = "hostile_action", _("Hostile action")
    UNDETERMINED = "undetermined", _("Undetermined")


class SeverityClass(models.TextChoices):
    A = "A", _("Class A")
    B = "B", _("Class B")
    C = "C", _("Class C")
    D = "D", _("Class D")
    E = "E", _("Class E")
    UNCLASSED = "", _("Not classed")


# Letters of a Kazakh or Russian keyboard that look like the letter of a class, or sound like it.
_TYPED_IN_CYRILLIC = str.maketrans("АВСДЕ", "ABCDE")


def severity_class_typed(text: str) -> str:
    """The letter of a severity class as a person typed it, on whatever keyboard.

    Anything else comes back as it is, so that the caller can refuse it by its own name.
    """
    letter = text.strip().upper().translate(_TYPED_IN_CYRILLIC)
    return letter if letter in SeverityClass.values else text


class Cause(models.TextChoices):
    """The cause tree: the part before the dot is the branch (ICD-10 chapter XX grouped)."""

    TRANSPORT = "transport", _("Transport")
    TRANSPORT_ROAD = "transport.road", _("Road vehicle")
    TRANSPORT_OFF_ROAD = "transport.off_road", _("Off-road or tracked vehicle")
    TRANSPORT_PEDESTRIAN = "transport.pedestrian", _("Pedestrian struck by a vehicle")
    TRANSPORT_RAIL = "transport.rail", _("Rail")
    TRANSPORT_WATER = "transport.water", _("Water transport")
    TRANSPORT_AIR = "transport.air", _("Air transport")
    TRANSPORT_ANIMAL = "transport.animal", _("Riding animal")
    FALL = "fall", _("Fall")
    FALL_SAME_LEVEL = "fall.same_level", _("Slip or trip on the same level")
    FALL_HEIGHT = "fall.height", _("Fall from a height")
    FALL_PARACHUTE = "fall.parachute", _("Parachute landing")
    FORCE = "force", _("Mechanical force")
    FORCE_STRUCK = "force.struck", _("Struck by or against an object")
    FORCE_CAUGHT = "force.caught", _("Caught or crushed between objects")
    FORCE_MACHINERY = "force.machinery", _("Machinery")
    FORCE_HAND_TOOL = "force.hand_tool", _("Hand tool")
    FORCE_EXPLOSION = "force.explosion", _("Explosion or blast")
    FORCE_FIREARM = "force.firearm", _("Accidental discharge of a weapon")
    FORCE_ANIMAL = "force.animal", _("Animal")
    FORCE_COLLAPSE = "force.collapse", _("Collapse of ground or structure")
    EXERTION = "exertion", _("Overexertion")
    EXERTION_LIFTING = "exertion.lifting", _("Lifting or handling")
    EXERTION_LOAD = "exertion.load_carriage", _("March with load")
    EXERTION_RUNNING = "exertion.running", _("Running")
    EXERTION_SPORT = "exertion.sport", _("Sport or physical training")
    ENVIRONMENT = "environment", _("Environment")
    ENVIRONMENT_HEAT = "environment.heat", _("Heat")
    ENVIRONMENT_COLD = "environment.cold", _("Cold")
    ENVIRONMENT_NOISE = "environment.noise", _("Noise")
    ENVIRONMENT_PRESSURE = "environment.pressure", _("Pressure or lack of oxygen")
    ENVIRONMENT_LIGHTNING = "environment.lightning", _("Lightning or storm")
    DROWNING = "drowning", _("Drowning")
    FIRE = "fire", _("Fire, heat and hot substances")
    FIRE_FLAME = "fire.flame", _("Fire or flame")
    FIRE_HOT = "fire.hot_substance", _("Hot substance or object")
    ELECTRICITY = "electricity", _("Electricity")
    CHEMICAL = "chemical", _("Chemical or radiation")
    CHEMICAL_SUBSTANCE = "chemical.substance", _("Chemical substance")
    CHEMICAL_GAS = "chemical.gas", _("Gas, fume or smoke")
    CHEMICAL_RADIATION = "chemical.radiation", _("Radiation")
    BIOLOGICAL = "biological", _("Illness or infection")
    BIOLOGICAL_HEART = "biological.heart", _("Heart attack on duty")
    BIOLOGICAL_INFECTION = "biological.infection", _("Infection")
    VIOLENCE = "violence", _("Violence")
    VIOLENCE_FIREARM = "violence.firearm", _("Shot by another person")
    VIOLENCE_OTHER = "violence.other", _("Other assault")
    OTHER = "other", _("Other cause")
    UNKNOWN = "unknown", _("Cause not known")


class Nature(models.TextChoices):
    """The columns of the Barell matrix."""

    FRACTURE = "fracture", _("Fracture")
    DISLOCATION = "dislocation", _("Dislocation")
    SPRAIN_STRAIN = "sprain_strain", _("Sprain or strain")
    INTERNAL = "internal", _("Internal injury")
    OPEN_WOUND = "open_wound", _("Open wound")
    AMPUTATION = "amputation", _("Amputation")
    BLOOD_VESSEL = "blood_vessel", _("Blood vessel injury")
    CONTUSION = "contusion", _("Contusion or superficial injury")
    CRUSH = "crush", _("Crush injury")
    BURN = "burn", _("Burn")
    NERVE = "nerve", _("Nerve injury")
    UNSPECIFIED = "unspecified", _("Unspecified nature")


class OveruseType(models.TextChoices):
    """The columns of the overuse matrix (Hauret 2010)."""

    INFLAMMATION = "inflammation", _("Inflammation or pain from overuse")
    JOINT = "joint_derangement", _("Joint derangement")
    STRESS_FRACTURE = "stress_fracture", _("Stress fracture")
    SPRAIN_RUPTURE = "sprain_rupture", _("Sprain, strain or rupture")
    DISLOCATION = "dislocation", _("Dislocation from overuse")


class BodyRegion(models.TextChoices):
    """The 36 rows of the Barell matrix."""

    TBI_1 = "tbi_1", _("Brain injury, type 1")
    TBI_2 = "tbi_2", _("Brain injury, type 2")
    TBI_3 = "tbi_3", _("Brain injury, type 3")
    HEAD_OTHER = "head_other", _("Other head")
    FACE = "face", _("Face")
    EYE = "eye", _("Eye")
    NECK = "neck", _("Neck")
    HEAD_NECK = "head_neck", _("Head, face and neck, unspecified")
    CORD_CERVICAL = "cord_cervical", _("Spinal cord, cervical")
    CORD_THORACIC = "cord_thoracic", _("Spinal cord, thoracic")
    CORD_LUMBAR = "cord_lumbar", _("Spinal cord, lumbar")
    CORD_SACRAL = "cord_sacral", _("Spinal cord, sacrum and coccyx")
    CORD = "cord", _("Spinal cord, unspecified")
    SPINE_CERVICAL = "spine_cervical", _("Vertebral column, cervical")
    SPINE_THORACIC = "spine_thoracic", _("Vertebral column, thoracic")
    SPINE_LUMBAR = "spine_lumbar", _("Vertebral column, lumbar")
    SPINE_SACRAL = "spine_sacral", _("Vertebral column, sacrum and coccyx")
    SPINE = "spine", _("Vertebral column, unspecified")
    CHEST = "chest", _("Chest")
    ABDOMEN = "abdomen", _("Abdomen")
    PELVIS = "pelvis", _("Pelvis and urogenital")
    TRUNK = "trunk", _("Trunk, other")
    BACK = "back", _("Back and buttock")
    SHOULDER = "shoulder", _("Shoulder and upper arm")
    FOREARM = "forearm", _("Forearm and elbow")
    HAND = "hand", _("Wrist, hand and fingers")
    ARM_OTHER = "arm_other", _("Upper limb, other")
    HIP = "hip", _("Hip")
    THIGH = "thigh", _("Upper leg and thigh")
    KNEE = "knee", _("Knee")
    LOWER_LEG = "lower_leg", _("Lower leg and ankle")
    FOOT = "foot", _("Foot and toes")
    LEG_OTHER = "leg_other", _("Lower limb, other")
    MULTIPLE = "multiple", _("Other and multiple regions")
    UNSPECIFIED = "unspecified", _("Region not stated")
    SYSTEM_WIDE = "system_wide", _("Whole body")


class ClosingReason(models.TextChoices):
    NOT_AN_INCIDENT = "not_an_incident", _("Not an incident")
    NOT_OURS = "not_ours", _("Outside our units; passed on")
    TOO_LITTLE = "too_little", _("Too little to act on, and nobody to ask")
    TEST = "test", _("Sent as a test")


# Sources of incidents that come with Qorgau; every other one was named by who imported from it.
DEMONSTRATION_SOURCE = "demonstration"
_BUILT_IN_SOURCES: dict[str, str | Promise] = {DEMONSTRATION_SOURCE: _("synthetic brigade")}


def source_label(source: str) -> str | Promise:
    """What a source is called: a built-in one in the active language, any other by its name."""
    return _BUILT_IN_SOURCES.get(source, source)
