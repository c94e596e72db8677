"""Every route of the product and who may call it. A route that is not here, or says otherwise, fails a test.

Which roles hold a permission stands on one page, `psg/accounts/permissions.py`.
"""

from psg.accounts.permissions import Permission

PUBLIC = None

ROUTES: dict[str, Permission | None] = {
    "accounts.sign_in": PUBLIC,
    "accounts.sign_out": Permission.USE,
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
}
