"""What is entered about a link, as it reads from the record whose page it is entered at."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from psg.accounts.models import Agency
from psg.subjects.links.models import Link, LinkKind
from psg.subjects.links.services import LinkDetails
from psg.subjects.models import Subject
from psg.subjects.queries import Hit
from psg.web.fields import Choice, DayField, Line, choices_of
from psg.web.forms import EditForm, Form

BACK = "-back"


class FindForm(Form):
    """It carries no key: the page that answers holds it again, for other words."""

    request_key = None

    q = Line(
        "Reference, name, alias or address",
        required="Enter a reference, name, alias or address to search for",
        maximum=100,
    )


class LinkPart(Form):
    reading = Choice("How they are linked", required="Choose how they are linked")
    since = DayField("First day, if it is known")
    until = DayField("Last day, if it is known", hint="Leave it empty where it still holds")
    source_agency = Choice("Which agency says so", required="Choose which agency says so")
    source = Line(
        "How they know",
        required="Enter how it is known, such as a visit or a tenancy record",
        hint="For example, tenancy record, or said so to an officer on a visit",
    )

    def __init__(
        self, *args: Any, subject: Subject, other: Subject, agencies: Sequence[Agency], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.id): agency for agency in agencies}
        self.reading.choices = readings(subject, other)
        self.source_agency.choices = choices_of((agency.id, agency.name) for agency in agencies)

    def details(self) -> LinkDetails:
        return LinkDetails(
            kind=LinkKind(self.reading.data.removesuffix(BACK)),
            is_back=self.reading.data.endswith(BACK),
            since=self.since.data,
            until=self.until.data,
            source_agency=self.agencies[self.source_agency.data],
            source=self.source.data,
        )


class NewLinkForm(LinkPart):
    pass


class EditLinkForm(LinkPart, EditForm):
    pass


class EndLinkForm(Form):
    until = DayField("Last day, if it is known")
    reason = Line(
        "Why it ends",
        required="Enter why it ends",
        hint="For example, moved out, or recorded in error",
    )


def readings(subject: Subject, other: Subject) -> list[tuple[str, str]]:
    """Each way in which the one may be linked to the other, in words that begin at `subject`."""
    found = []
    for kind in LinkKind:
        if (subject.kind, other.kind) == kind.joins:
            found.append((kind.value, kind.label))
        if (other.kind, subject.kind) == kind.joins and (kind.is_directed or subject.kind != other.kind):
            found.append((kind.value + BACK, kind.back))
    return found


def that_fit(subject: Subject, found: Sequence[Hit]) -> list[Hit]:
    """Those among what a search found that the record may be linked to: a place is linked to people only."""
    own = subject.record_id
    prefix = "" if subject.is_person else "person_"
    return [hit for hit in found if hit.record_id != own and hit.record_id.startswith(prefix)]


def as_typed(link: Link, subject: Subject) -> SimpleNamespace:
    """A link in the words of its form, so that what is saved and what is typed can be compared."""
    is_back = link.kind.is_directed and link.from_id != subject.id
    return SimpleNamespace(
        version=link.version,
        reading=link.kind.value + (BACK if is_back else ""),
        since=link.since,
        until=link.until,
        source_agency=str(link.source_agency_id),
        source=link.source,
    )
