"""What demand has to say of combining two records: contacts and incidents go with whom they were about."""

from typing import Any

from sqlalchemy import Select, func, select

from psg.accounts.models import User
from psg.demand.imports.models import WaitingContact
from psg.demand.models import Contact, Incident
from psg.demand.screening.models import Dismissal
from psg.subjects.merging.preview import carries


@carries("contact", "contacts", "contact")
def _contacts(_user: User, number: int) -> Select[Any]:
    return select(func.count(Contact.id)).where(Contact.subject_id == number)


@carries("incident", "incidents", "incident")
def _incidents(_user: User, number: int) -> Select[Any]:
    return select(func.count(Incident.id)).where(Incident.subject_id == number)


@carries("row of an import under way", "rows of imports under way", "waiting_contact")
def _waiting(_user: User, number: int) -> Select[Any]:
    return select(func.count(WaitingContact.id)).where(WaitingContact.subject_id == number)


@carries("word that they are not to be proposed", "words that they are not to be proposed", "dismissal")
def _dismissals(_user: User, number: int) -> Select[Any]:
    return select(func.count(Dismissal.id)).where(Dismissal.subject_id == number)
