"""What sharing has to say of combining two records: what was disclosed about either was about the one."""

from typing import Any

from sqlalchemy import Select, func, select

from psg.accounts.models import User
from psg.cases.models import Case
from psg.cases.visibility import is_visible
from psg.sharing.models import Disclosure, DisclosureSubject
from psg.subjects.merging.preview import carries


@carries("disclosure", "disclosures", "disclosure_subject")
def _disclosures(user: User, number: int) -> Select[Any]:
    about = select(DisclosureSubject.disclosure_id).where(DisclosureSubject.subject_id == number)
    return (
        select(func.count(Disclosure.id))
        .join(Case, Case.id == Disclosure.case_id)
        .where(Disclosure.id.in_(about), is_visible(user))
    )
