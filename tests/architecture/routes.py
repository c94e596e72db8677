"""Every route of the product and who may call it. A route that is not here, or says otherwise, fails a test.

Which roles hold a permission stands on one page, `psg/accounts/permissions.py`.
"""

from psg.accounts.permissions import Permission

PUBLIC = None

ROUTES: dict[str, Permission | None] = {
    "health.health": PUBLIC,
    "health.ready": PUBLIC,
    "accounts.sign_in": PUBLIC,
    "accounts.sign_out": Permission.USE,
    "subjects.search": Permission.READ_CASES,
    "subjects.new_person": Permission.OPEN_CASES,
    "subjects.new_place": Permission.OPEN_CASES,
    "subjects.edit_person": Permission.OPEN_CASES,
    "subjects.edit_place": Permission.OPEN_CASES,
    "demand.index": Permission.READ_CASES,
    "demand.show": Permission.READ_CASES,
    "demand.contacts": Permission.READ_CASES,
    "demand.new_contact": Permission.OPEN_CASES,
    "demand.group_contacts": Permission.OPEN_CASES,
    "demand.withdraw_contact": Permission.OPEN_CASES,
    "cases.index": Permission.READ_CASES,
    "cases.new": Permission.OPEN_CASES,
    "cases.show": Permission.READ_CASES,
    "cases.edit": Permission.WORK_CASES,
    "cases.reassign": Permission.WORK_CASES,
    "cases.find_party": Permission.WORK_CASES,
    "cases.add_party": Permission.WORK_CASES,
    "chronology.index": Permission.READ_CASES,
    "chronology.add_note": Permission.WORK_CASES,
    "chronology.mend_note": Permission.WORK_CASES,
    "chronology.correct_note": Permission.WORK_CASES,
    "scoring.index": Permission.READ_CASES,
    "scoring.show": Permission.READ_CASES,
    "scoring.new": Permission.WORK_CASES,
    "reports.index": Permission.READ_TOTALS,
}
