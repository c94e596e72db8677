"""Where somebody goes on to once they are signed in or have unlocked: the page they wanted, with their words in it."""

import re

from psg.accounts.models import User
from psg.web import kept
from psg.web.hosts import HOME, local_path

KEPT = re.compile(r"/kept/([1-9][0-9]{0,8})")
KEPT_PAGE = "/kept/{number}"


def landing(user: User, wanted: str | None) -> str:
    """What this person typed on the page wanted, if anything. What somebody else typed is nowhere: home instead."""
    path, person = local_path(wanted), user.get_id()
    match = KEPT.fullmatch(path)
    if match:
        return path if kept.of_person(person, int(match.group(1))) else HOME
    waiting = kept.on_page(person, path)
    return KEPT_PAGE.format(number=waiting[0].id) if waiting else path
