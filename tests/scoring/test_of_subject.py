"""Scores on the page of a person or place: the standing one of each case, of the cases the reader may see."""

import re
from datetime import timedelta

from psg.audit.queries import latest
from psg.cases.models import PartyRole, Visibility
from psg.cases.services import add_party
from psg.scoring.models import MatrixKind
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import a_person, make_case
from tests.factories.scoring import make_score


def scores_on(page: str) -> list[str]:
    table = page.partition('id="scores"')[2].partition("</tbody>")[0].partition("<tbody")[2]
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]


def test_the_standing_score_of_each_case_with_its_change(sign_in, session, matrices) -> None:
    officer = make_user()
    person = a_person()
    case = make_case(subject=person, by=officer)
    party = case.parties[0]
    earlier = now() - timedelta(days=30)
    make_score(party, MatrixKind.RISK, "3 2 2 2 1 2 0 1", by=officer, at=earlier)
    newest = make_score(party, MatrixKind.RISK, "2 1 2 2 1 2 0 ?", by=officer)
    make_score(party, MatrixKind.NEED, "3 2 2 1 2 1 0", by=officer)
    other = make_case(by=officer, subject=a_person())
    witness = add_party(other, person, role=PartyRole.VICTIM, by=officer, now=now())
    victim = make_score(witness, MatrixKind.VICTIM, "1 1 1 1 1 1 1 0 2 0", by=officer)
    other.visibility = Visibility.MEMBERS
    browser = sign_in(officer)
    shown = scores_on(browser.get(person.path).text)
    assert len(shown) == 3
    assert shown[0].startswith(f"{other.reference} , its scores {victim.kind.label} 32 Medium –")
    risk = next(
        line for line in shown if line.startswith(f"{case.reference} , its scores {newest.kind.label}")
    )
    assert f" {newest.interval} {newest.completeness}% complete" in risk
    assert f"▼ {newest.index_low - 52:+d} points since the last score since " in risk
    entry = latest(limit=1)[0]
    assert {newest.record_id, victim.record_id} <= set(entry.detail["ids"])
    seen = scores_on(sign_in(make_user()).get(person.path).text)
    assert len(seen) == 2
    assert not any(other.reference in line for line in seen)
    assert 'id="scores"' not in browser.get(a_person().path).text


def test_as_many_statements_for_many_scores_as_for_one(sign_in, session, matrices, queries) -> None:
    officer = make_user()
    person = a_person()
    browser = sign_in(officer)
    counts = []
    for number in (1, 6):
        for _ in range(number):
            party = make_case(subject=person, by=officer).parties[0]
            for ago in (9, 5, 0):
                make_score(
                    party, MatrixKind.RISK, "1 1 1 1 1 1 1 1", by=officer, at=now() - timedelta(days=ago)
                )
        browser.get(person.path)
        with queries() as sent:
            page = browser.get(person.path).text
        counts.append((sent.count, len(scores_on(page))))
    assert counts[1] == (counts[0][0], 7)
