"""What counts as an answer: words that say something. “n/a” alone does not pass; “n/a because …” does."""

import re

EMPTY = re.compile(r"(none|nil|nothing|tbc|tbd|to follow|x+|[-–—.…?\s]*)[\s.!?]*", re.IGNORECASE)
NOT_APPLICABLE = re.compile(r"(n\s*/?\s*a|not\s+applicable)\b", re.IGNORECASE)
REASON = re.compile(r"\b(because|since|as)\s+\w{2}", re.IGNORECASE)


def is_answered(text: str | None) -> bool:
    words = (text or "").strip()
    if EMPTY.fullmatch(words):
        return False
    return NOT_APPLICABLE.match(words) is None or REASON.search(words) is not None


def is_not_applicable(text: str | None) -> bool:
    """Said not to apply, with the reason."""
    return is_answered(text) and NOT_APPLICABLE.match((text or "").strip()) is not None
