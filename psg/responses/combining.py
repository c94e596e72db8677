"""What responses have to say of combining two records: offers and responses go with the part in a case they are for."""

from typing import Any

from sqlalchemy import Select, func, select

from psg.accounts.models import User
from psg.cases.models import Case, Party
from psg.cases.visibility import is_visible
from psg.responses.models import Response, SupportOffer
from psg.subjects.merging.preview import carries


@carries("response", "responses", "response")
def _responses(user: User, number: int) -> Select[Any]:
    return (
        select(func.count(Response.id))
        .join(Party, Party.id == Response.party_id)
        .join(Case, Case.id == Response.case_id)
        .where(Party.subject_id == number, is_visible(user))
    )


@carries("offer of support", "offers of support", "support_offer")
def _offers(user: User, number: int) -> Select[Any]:
    return (
        select(func.count(SupportOffer.id))
        .join(Party, Party.id == SupportOffer.party_id)
        .join(Case, Case.id == SupportOffer.case_id)
        .where(Party.subject_id == number, is_visible(user))
    )
