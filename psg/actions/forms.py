from collections.abc import Iterable
from datetime import date
from typing import cast

from psg.accounts.models import Agency, User
from psg.actions.models import Action
from psg.web.fields import Choice, DayField, Line, Paragraphs
from psg.web.forms import EditForm, Form


class DoerMixin:
    """Who will do it: an agency that will name someone, or a person, by agency."""

    doer: Choice
    agencies: dict[str, Agency]
    people: dict[str, User]

    def offer(self, agencies: Iterable[Agency], people: Iterable[User], kept: Action | None = None) -> None:
        """Offer these; and whoever has the action already, though they may have left since."""
        self.agencies = {f"agency-{agency.id}": agency for agency in agencies}
        self.people = {f"user-{person.id}": person for person in people}
        if kept is not None:
            self.agencies.setdefault(f"agency-{kept.agency_id}", kept.agency)
            if kept.owner is not None:
                self.people.setdefault(kept.doer, kept.owner)
        choices = [(key, f"{agency.name} – name to follow") for key, agency in self.agencies.items()]
        choices += [(key, f"{person.agency.name} – {person.name}") for key, person in self.people.items()]
        self.doer.choices = sorted(
            choices, key=lambda choice: (choice[1].partition(" – ")[0], choice[0][0], choice[1])
        )

    @property
    def owner(self) -> User | None:
        return self.people.get(self.doer.data)

    @property
    def agency(self) -> Agency:
        owner = self.owner
        return owner.agency if owner else self.agencies[self.doer.data]


class ActionForm(DoerMixin, EditForm):
    title = Line(
        "What will be done",
        required="Enter what will be done",
        maximum=200,
        hint="For example, joint visit to fit a door guard",
    )
    doer = Choice(
        "Who will do it",
        required="Choose the agency or person who will do it",
        hint="Choose the agency where you do not know the person yet",
    )
    due_on = DayField("Due date", required="Enter the date the action is due")

    @property
    def due(self) -> date:
        return cast(date, self.due_on.data)


class CompleteForm(EditForm):
    outcome = Paragraphs(
        "What was done, and what came of it", required="Enter what was done and what came of it", maximum=5000
    )


class DropForm(EditForm):
    outcome = Paragraphs("Why it will not be done", required="Enter why it will not be done", maximum=5000)


class ReopenForm(Form):
    """One button: nothing is asked."""
