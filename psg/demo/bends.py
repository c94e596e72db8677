"""How single stories of the demonstration differ from the run of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from psg.cases.models import Stage
from psg.osara.models import AimType


@dataclass(frozen=True)
class Bend:
    """What is particular to one case. Everything left out is as in any other."""

    left: float = 0.45
    """How much of the demand remains once responses have had their time."""
    monthly: float | None = None
    """Contacts a month at the worst, where severity alone would not say."""
    is_rising: bool = False
    is_stale: bool = False
    """Its review has been forgotten, and its answers are out of date."""
    days: Mapping[Stage, int] = field(default_factory=dict)
    window_days: int = 42
    aim: AimType = AimType.REDUCE
    returned: tuple[Stage, str] | None = None
    """The stage it had to go back to, and why."""
    paused: tuple[Stage, str, str] | None = None
    """The stage at which it was closed too early, why, and why it was opened again."""
    waived: tuple[Stage, str, str] | None = None
    """The stage, the requirement of its gate and the chair's reason."""
    is_complete: bool = False
    """Everything its stage asks for is there."""
    code: str = "objective_met"
    reason: str = ""
    no_number: str = ""
    """Why the problem has no number to start from."""


ORDINARY = Bend()
BENDS: Mapping[str, Bend] = {
    "Maureen Bitternell": Bend(left=0.6, monthly=9),
    "Sheila Fenwarden": Bend(
        left=0.5,
        waived=(
            Stage.ANALYSIS,
            "review",
            "Two fires in a month. A reading of the analysis by somebody else would take a week, and the visits start "
            "tonight. It is read at the next meeting.",
        ),
    ),
    "Kayleigh Ospreyle": Bend(is_rising=True, monthly=7),
    "Carly Wigmere": Bend(left=0.3, monthly=17, aim=AimType.DEAL_EFFICIENTLY),
    "Kingfisher moorings": Bend(monthly=5),
    "Grebe Court": Bend(is_rising=True),
    "Drovers lay-by": Bend(is_rising=True),
    "Lantern Street car park": Bend(left=0.5, monthly=9, is_complete=True),
    "Osier Parade shops": Bend(is_stale=True, monthly=9),
    "James Reedmace": Bend(left=0.7, monthly=9),
    "Bittern Drove underpass": Bend(left=0.15, monthly=18, is_complete=True),
    "Stacey Bulrusher": Bend(is_rising=True, aim=AimType.REDUCE_SERIOUSNESS),
    "Jodie Wellstream": Bend(
        monthly=9,
        returned=(Stage.SCANNING, "Half of the complaints turn out to be about another flat: count again"),
    ),
    "Sluice Yard": Bend(left=0.55, is_stale=True),
    "Tyler Cattailer": Bend(
        is_rising=True,
        aim=AimType.PERSUADE,
        no_number="Nobody has counted: school, family and police each saw a part of it.",
    ),
    "Shane Teasdrake": Bend(left=0.7, monthly=9),
    "Weir Close recreation ground": Bend(
        left=0.5,
        window_days=70,
        monthly=8,
        days={Stage.OBJECTIVE: 7, Stage.SCANNING: 12, Stage.ANALYSIS: 14, Stage.RESPONSE: 105},
    ),
    "Gordon Marshlow": Bend(
        left=0.2,
        monthly=15,
        aim=AimType.DEAL_EFFICIENTLY,
        days={Stage.SCANNING: 58},
        paused=(
            Stage.SCANNING,
            "No call for a fortnight since the new carer came",
            "The carer left after three weeks, and the calls are back",
        ),
    ),
    "Ryan Cattailer": Bend(is_stale=True),
    "Brian Droveham": Bend(
        paused=(
            Stage.ANALYSIS,
            "The gate is unlocked, and he has written to the walkers",
            "The gate is chained again, and a walker was threatened",
        ),
    ),
    "Lode End bus shelter": Bend(
        left=0.3, returned=(Stage.ANALYSIS, "A second fire, at the shelter we thought was safe: think again")
    ),
    "Station Drove footpath (closed)": Bend(left=0.12, monthly=10),
    "Lee Gadwell (closed)": Bend(left=0.3),
    "Tracey Dunlow (closed)": Bend(left=0.15, monthly=14, aim=AimType.DEAL_EFFICIENTLY),
    "Simon Washby (closed)": Bend(
        left=1.25,
        code="cannot_engage",
        reason="No progress. The line was painted twice and changed nothing; Highways refused the posts; he declined to "
        "meet. Everything open to us was tried and is listed. His mother's carers were asked after him: well, and as angry.",
    ),
    "Ethan Brightmere (closed)": Bend(left=0.1),
    "Phil Drovemere (closed)": Bend(left=0.35),
    "Rita Willowby (closed)": Bend(
        left=0.2,
        code="deceased",
        reason="She died in hospital after an illness that had nothing to do with this. Her son asked us to thank the bank.",
        waived=(
            Stage.RESPONSE,
            "assessment",
            "She has died. Nothing is left to assess for her, and her son is not to be asked for more.",
        ),
    ),
    "Keith Sedgeley (closed)": Bend(left=0.15, monthly=8),
    "Callum Osprell (closed)": Bend(left=0.2),
}  # fmt: skip
FORGOTTEN_DAYS = 36
"""How long ago the cases whose review was forgotten were last scored."""


def bend_of(key: str) -> Bend:
    return BENDS.get(key, ORDINARY)
