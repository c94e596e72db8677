"""The form of an entry. Its rows of recipients are made from the agencies there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, cast

from wtforms.validators import StopValidation

from psg.accounts.models import Agency
from psg.cases.models import Party
from psg.sharing import policy
from psg.sharing.models import Category, Channel, Disclosure, LegalGround
from psg.sharing.particulars import Particulars, Recipient
from psg.web.dates import LONDON, london, now, today
from psg.web.fields import Checks, Choice, DayField, Line, Paragraphs, RadioChoice
from psg.web.forms import Form
from psg.web.time_field import TimeOfDay

LONGEST_REASON = 4_000
CATEGORIES: Any = [
    (category.value, category.label, {"hint": category.protection})
    if category.protection
    else (category.value, category.label)
    for category in Category
]
CHANNELS = [(channel.value, channel.label) for channel in Channel]


class GatewayChoice(Choice):
    """The gateways that reach one agency. Any other is refused with the reason."""

    def __init__(self, *, agency: Agency, gateways: Mapping[str, LegalGround], **kwargs: Any) -> None:
        self.agency, self.gateways = agency, gateways
        fitting = policy.gateways_for(agency, gateways.values())
        super().__init__(
            f"Gateway to {agency.name}",
            choices=[(gateway.code, gateway.name) for gateway in fitting],
            **kwargs,
        )
        self.unknown = f"Choose the gateway that reaches {agency.name}"

    def pre_validate(self, form: Form) -> None:
        gateway = self.gateways.get(self.data or "")
        if gateway and (sentence := policy.why_not(gateway, self.agency)):
            raise StopValidation(sentence)
        super().pre_validate(form)


class DisclosureForm(Form):
    parties = Checks("Who or what was it about?", required="Choose who or what the information was about")
    recipients = Checks(
        "Which agencies received it?", required="Choose at least one agency that received the information"
    )
    categories = Checks(
        "What kinds of information?",
        choices=CATEGORIES,
        required="Choose what kinds of information were shared",
    )
    description = Paragraphs(
        "What was shared",
        required="Enter what was shared",
        maximum=LONGEST_REASON,
        rows=4,
        hint="Itemise it, so that each item can be put right later. No more detail than was shared.",
    )
    purpose = Line("Purpose", required="Enter what it was shared for", maximum=300)
    why_necessary = Paragraphs(
        "Why it was necessary",
        required="Enter why it was necessary to share this",
        maximum=LONGEST_REASON,
        rows=3,
        hint="What could not have been done without it.",
    )
    why_proportionate = Paragraphs(
        "Why it was proportionate",
        required="Enter why it was proportionate to share this",
        maximum=LONGEST_REASON,
        rows=3,
        hint="Why no less would have done, and what was left out.",
    )
    basis = RadioChoice("Lawful basis", required="Choose the lawful basis")
    condition = Choice(
        "Condition",
        hint="Needed with special category or criminal offence data.",
        empty="None: neither was shared",
    )
    policy_document = Line(
        "Appropriate policy document", hint="The document and version you rely on with that condition."
    )
    channel = RadioChoice("How was it shared?", choices=CHANNELS, required="Choose how it was shared")
    disclosed_on = DayField("Day it was shared", required="Enter the day it was shared", default=today)
    disclosed_time = TimeOfDay(
        "Time",
        required="Enter the time it was shared, such as 14:30",
        maximum=5,
        hint="On the 24-hour clock, such as 14:30",
        default=lambda: f"{london(now()):%H:%M}",
    )

    _fields: dict[str, Any]
    agencies: Sequence[Agency] = ()
    gateways: Sequence[LegalGround] = ()
    held_parties: Mapping[str, Party]
    grounds: Mapping[str, LegalGround]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipients.choices = [(str(agency.id), agency.name) for agency in self.agencies]
        rows = [f"{part}_{agency.id}" for agency in self.agencies for part in ("person", "gateway")]
        names = [name for name in self._fields if name not in rows]
        place = names.index("recipients") + 1
        # The errors are listed in the order of the page.
        self._fields = {name: self._fields[name] for name in [*names[:place], *rows, *names[place:]]}

    def rows(self) -> list[tuple[Agency, Any, Any, bool]]:
        """Each agency with who received it there, the gateway, and whether it is ticked."""
        ticked = set(self.recipients.data or [])
        return [
            (agency, self[f"person_{agency.id}"], self[f"gateway_{agency.id}"], str(agency.id) in ticked)
            for agency in self.agencies
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        for agency, person, gateway, is_ticked in self.rows():
            if is_ticked and not person.data and not person.errors:
                self.refuse(person.name, f"Enter who at {agency.name} received it")
            if is_ticked and not gateway.data and not gateway.errors:
                self.refuse(gateway.name, gateway.unknown)
            if not is_ticked and (person.data or gateway.data):
                self.refuse("recipients", f"Tick {agency.name} as well, or clear what you entered for them")
        return valid and not self.errors

    def particulars(self) -> Particulars:
        """What a valid form says."""
        chosen = [row for row in self.rows() if row[3]]
        day = self.disclosed_on.data or today()
        moment = datetime.combine(day, self.disclosed_time.time or time(), LONDON)
        return Particulars(
            parties=tuple(self.held_parties[number] for number in self.parties.data),
            recipients=tuple(
                Recipient(agency, person.data, self.grounds[gateway.data])
                for agency, person, gateway, _ in chosen
            ),
            categories=tuple(Category(value) for value in self.categories.data),
            description=self.description.data,
            purpose=self.purpose.data,
            basis=self.grounds[self.basis.data],
            condition=self.grounds.get(self.condition.data or ""),
            policy_document=self.policy_document.data,
            why_necessary=self.why_necessary.data,
            why_proportionate=self.why_proportionate.data,
            channel=Channel(self.channel.data),
            disclosed_at=moment,
        )


class CorrectionForm(DisclosureForm):
    what_was_wrong = Paragraphs(
        "What was wrong",
        required="Enter what was wrong in the entry you correct",
        maximum=LONGEST_REASON,
        rows=3,
        hint="Which item, and who found it. The entry itself stays as it is.",
    )


def disclosure_form(
    kind: type[DisclosureForm],
    *,
    parties: Sequence[Party],
    agencies: Sequence[Agency],
    gateways: Sequence[LegalGround],
    bases: Sequence[LegalGround],
    conditions: Sequence[LegalGround],
    corrects: Disclosure | None = None,
) -> DisclosureForm:
    """The form with a row for each agency, filled with what the entry that is corrected says."""
    by_code = {gateway.code: gateway for gateway in gateways}
    rows: dict[str, Any] = {"agencies": agencies}
    for agency in agencies:
        rows[f"person_{agency.id}"] = Line(f"Who at {agency.name} received it", hint="Name and role")
        rows[f"gateway_{agency.id}"] = GatewayChoice(agency=agency, gateways=by_code)
    made = cast(type[DisclosureForm], type(kind.__name__, (kind,), rows))
    form = made(data=said_by(corrects, parties) if corrects else None)
    for name in (*rows, "condition"):  # asked for in some answers only, so never marked as optional
        if name != "agencies":
            form[name].flags.required = True
    form.gateways = gateways
    form.held_parties = {str(party.id): party for party in parties}
    form.grounds = by_code | {ground.code: ground for ground in (*bases, *conditions)}
    form.parties.choices = [
        (str(party.id), f"{party.subject.reference} {party.subject.name}, {party.role.label.lower()}")
        for party in parties
    ]
    form.basis.choices = [(basis.code, basis.name, {"hint": basis.rule}) for basis in bases]
    form.condition.choices = [(condition.code, condition.name) for condition in conditions]
    return form


def said_by(entry: Disclosure, parties: Sequence[Party]) -> dict[str, Any]:
    """An entry as its own form would have been filled."""
    about = {(subject.subject_id, subject.role) for subject in entry.subjects}
    filled: dict[str, Any] = {
        "parties": [str(party.id) for party in parties if (party.subject_id, party.role) in about],
        "recipients": [str(recipient.agency_id) for recipient in entry.recipients],
        "categories": [category.category.value for category in entry.categories],
        "basis": entry.basis.code,
        "condition": entry.condition.code if entry.condition else "",
        "channel": entry.channel.value,
        "disclosed_on": entry.disclosed_on,
        "disclosed_time": f"{london(entry.disclosed_at):%H:%M}",
    }
    for recipient in entry.recipients:
        filled[f"person_{recipient.agency_id}"] = recipient.person
        filled[f"gateway_{recipient.agency_id}"] = recipient.gateway.code
    for name in ("description", "purpose", "policy_document", "why_necessary", "why_proportionate"):
        filled[name] = getattr(entry, name)
    return filled


class AskClearanceForm(Form):
    agency = Choice("Which agency is to be told?", required="Choose the agency to be told")
    reason = Paragraphs(
        "What, and why they must know", required="Enter what they are to be told and why", maximum=500
    )


class ClearanceAnswerForm(Form):
    answer = RadioChoice(
        "May they be told?",
        choices=[("yes", "Yes, once, within seven days"), ("no", "No")],
        required="Choose whether they may be told",
    )
