"""Who has looked at a case is told to those who work in it, as far as they may know of what was looked at."""

from collections.abc import Callable

import pytest

from psg.accounts.models import User
from psg.cases.models import AudienceKind
from psg.cases.services import add_note
from psg.web.dates import now
from tests.access.standing import let_in
from tests.browser import Browser
from tests.factories.accounts import make_user
from tests.factories.cases import make_case

SignIn = Callable[[User], Browser]
WHAT = ("Added a note", "Read a note")


@pytest.mark.parametrize("audience", AudienceKind)
def test_what_was_done_with_a_note_is_told_to_whom_the_note_is_for(
    session: object, sign_in: SignIn, audience: AudienceKind
) -> None:
    case, named, other = make_case(), make_user(), make_user()
    let_in(case, named)
    let_in(case, other)
    note = add_note(
        case,
        body="The address is known",
        happened_at=now(),
        by=case.lead,
        now=now(),
        audience=audience,
        readers=[named.agency],
    )
    page = f"/cases/{case.reference}/access"
    assert sign_in(case.lead).get(f"/cases/{case.reference}/notes/{note.id}/correct").status_code == 200
    told = {
        person: [what in sign_in(person).get(page).text for what in WHAT]
        for person in (case.lead, named, other)
    }
    assert told == {
        case.lead: [True, True],
        named: [audience is not AudienceKind.OWN] * 2,
        other: [audience is AudienceKind.CASE] * 2,
    }
