"""A case kept to its members, with everything that its door and its Access page lead to."""

from collections.abc import Iterator

from psg.accounts.models import User
from psg.cases import emergency, membership
from psg.cases.access_models import Urgency
from psg.cases.models import Case, Visibility
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import make_case


class ShutCase:
    """Led by `officer`; `chair` is a member as coordinators are. To seal it is proposed."""

    def __init__(self, *, officer: User, chair: User) -> None:
        moment = now()
        self.case = make_case(by=officer, summary="Kept to its members")
        self.left = make_case(by=officer)
        membership.change_visibility(self.case, Visibility.MEMBERS, reason="A threat", by=officer, now=moment)
        self.request = membership.ask_to_join(
            self.case, reason="We work with her", by=make_user(), now=moment
        )
        helping, reading = make_user(), make_user()
        self.member = membership.invite(self.case, helping, until=None, by=officer, now=moment)
        membership.answer_invitation(self.case, accept=True, by=helping, now=moment)
        self.glass = emergency.break_glass(
            self.case,
            urgency=Urgency.SAFEGUARDING,
            reason="A child is with them tonight",
            by=reading,
            now=moment,
        )
        self.conflict = emergency.declare_conflict(
            self.case, make_user(), reason="A cousin", by=chair, now=moment
        )
        membership.change_visibility(self.case, Visibility.SEALED, reason="A threat", by=officer, now=moment)

    def addresses(self, open_case: Case) -> Iterator[tuple[str, ...]]:
        shut, case = (f"/cases/{one.reference}" for one in (self.case, open_case))
        yield from (
            ("access.index", f"{case}/access"),
            ("access.index", f"{shut}/access"),
            ("access.restricted", "/cases/restricted"),
            ("access.ask", f"{case}/access/ask"),
            ("access.invitation", f"{case}/access/invitation"),
            ("access.invite", f"{case}/access/invite"),
            ("access.member", f"{shut}/access/members/{self.member.id}/suspend"),
            ("access.leave", f"/cases/{self.left.reference}/access/leave"),
            ("access.answer", f"{shut}/access/requests/{self.request.id}"),
            ("access.visibility", f"{case}/access/visibility"),
            ("access.answer_visibility", f"{shut}/access/visibility/answer"),
            ("emergency.declare", f"{shut}/conflict"),
            ("emergency.deny", f"{shut}/conflict/none"),
            ("emergency.set_conflict", f"{shut}/access/conflicts/new"),
            ("emergency.lift_conflict", f"{shut}/access/conflicts/{self.conflict.id}/lift"),
            ("emergency.card", f"{shut}/emergency"),
            ("emergency.break_glass", f"{shut}/emergency/reason"),
            ("emergency.index", "/emergency-access"),
            ("emergency.review", f"/emergency-access/{self.glass.id}"),
        )
