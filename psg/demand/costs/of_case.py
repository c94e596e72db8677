"""What the contacts of a case's own people and places are estimated to cost, on the overview of the case.

It stands inside the case, for those who may read it, and in no list and on no page of a person: nobody is
ranked by what they cost. Victims, witnesses and the rest of a household are not asked what they cost at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psg.cases.adding import Part, adds
from psg.cases.models import Party, PartyRole
from psg.demand.conditions import When
from psg.demand.costs import queries
from psg.demand.costs.arithmetic import Estimate, estimate
from psg.demand.costs.models import CostSet

PRICED = frozenset({PartyRole.PERPETRATOR, PartyRole.PERSON_OF_CONCERN, PartyRole.PLACE})


@dataclass(frozen=True)
class CostOfCase:
    estimate: Estimate
    costs: CostSet
    as_at: date


@adds
def cost_of(parties: Sequence[Party], today: date) -> Part | None:
    """Nothing, until the partnership has entered its unit costs and there is a contact to put them on."""
    subjects = {party.subject_id for party in parties if party.role in PRICED}
    costs = queries.set_in_force(today) if subjects else None
    if costs is None:
        return None
    found = estimate(queries.contacts_by_kind(subjects, When(today)), costs.pence)
    if not found.counted:
        return None
    return Part("costs/_partials/of_case.html", CostOfCase(found, costs, today))
