"""What is asked of whoever keeps agencies and accounts."""

from collections.abc import Iterable, Sequence
from typing import Any

from psg.accounts.administration.requests import ASKED_BY_LEAD
from psg.accounts.models import Agency, AgencyKind, Role
from psg.accounts.services import LONGEST_EMAIL, LONGEST_NAME
from psg.web.fields import Choice, DayField, Line, Paragraphs, RadioChoice, choices_of
from psg.web.forms import EditForm, Form

LONGEST_REASON = 500
ROLE_HINTS = {
    Role.PRACTITIONER: "Works on cases.",
    Role.COORDINATOR: "Runs the group and its meetings. A second administrator gives this role.",
    Role.AGENCY_LEAD: "Works on cases, and looks after the accounts of the agency.",
    Role.DELIVERY_GROUP: "Reads totals and the plan, no case. At an oversight body.",
    Role.AUDITOR: "Reads the record, no case. At an oversight body. A second administrator gives this role.",
    Role.ADMINISTRATOR: "Keeps agencies and accounts, no case. A second administrator gives this role.",
}


def role_choices(roles: Iterable[Role] = Role) -> list[Any]:
    return [(role.value, role.label, {"hint": ROLE_HINTS[role]}) for role in roles]


class AgencyForm(EditForm):
    name = Line("Name", required="Enter the agency’s name", maximum=LONGEST_NAME)
    agreement_from = DayField("Agreement from", required="Enter the first day of the agreement")
    agreement_until = DayField(
        "Agreement until",
        required="Enter the last day of the agreement",
        hint="From the day after, nobody of this agency opens anything. For example, 12 8 2026",
    )


class NewAgencyForm(Form):
    code = Line(
        "Code", required="Enter a code", maximum=12, hint="1 to 12 letters and figures, such as POLICE"
    )
    name = Line("Name", required="Enter the agency’s name", maximum=LONGEST_NAME)
    kind = Choice(
        "Kind",
        required="Choose what kind of agency it is",
        hint="Decides by which gateways it may receive information. It stays as it is.",
        choices=[(kind.value, kind.value.replace("_", " ").capitalize()) for kind in AgencyKind],
    )
    agreement_from = DayField("Agreement from", required="Enter the first day of the agreement")
    agreement_until = DayField("Agreement until", required="Enter the last day of the agreement")


class _WithAgency(Form):
    """An agency chosen from the list, as `form.chosen_agency`."""

    agency: Choice
    _agencies: Sequence[Agency] = ()

    def offer(self, agencies: Sequence[Agency]) -> None:
        self._agencies = agencies
        self.agency.choices = choices_of((agency.id, agency.name) for agency in agencies)

    @property
    def chosen_agency(self) -> Agency:
        return next(agency for agency in self._agencies if str(agency.id) == self.agency.data)


class _PersonForm(Form):
    name = Line("Name", required="Enter the person’s name", maximum=LONGEST_NAME)
    email = Line(
        "Work e-mail address",
        required="Enter the person’s work e-mail address",
        maximum=LONGEST_EMAIL,
        hint="The invitation goes there. It stays the address of this account.",
    )


class InviteForm(_PersonForm, _WithAgency):
    agency = Choice("Agency", required="Choose the agency")
    role = RadioChoice("Role", required="Choose a role", choices=role_choices())
    reason = Paragraphs(
        "Why this role",
        maximum=LONGEST_REASON,
        rows=3,
        hint="For the second administrator, where one is needed.",
    )


class UserForm(_WithAgency, EditForm):
    name = Line("Name", required="Enter the person’s name", maximum=LONGEST_NAME)
    agency = Choice("Agency", required="Choose the agency")


class RoleForm(Form):
    role = RadioChoice("Role", required="Choose a role", choices=role_choices())
    reason = Paragraphs(
        "Why",
        maximum=LONGEST_REASON,
        rows=3,
        hint="For the second administrator, where one is needed.",
    )


class DecideForm(Form):
    decision = RadioChoice(
        "Your decision",
        required="Choose whether to grant it",
        choices=[("granted", "Grant it"), ("refused", "Refuse it")],
    )


class AskForAccountForm(_PersonForm):
    role = RadioChoice("Role", required="Choose a role", choices=role_choices(ASKED_BY_LEAD))
    reason = Paragraphs("Why they need an account", maximum=LONGEST_REASON, rows=3)


class AskForFactorsForm(Form):
    reason = Paragraphs(
        "What happened",
        required="Say what happened, and how you know that it is this person who asks",
        maximum=LONGEST_REASON,
        rows=3,
        hint="Such as: telephone stolen, spoke to them at the station today.",
    )
