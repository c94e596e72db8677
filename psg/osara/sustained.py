"""Whether the scores bear out “objective met and sustained”, in words for the chair, who decides.

A score informs a closure and never makes one (UK GDPR Articles 22A to 22D): demand may have fallen instead.
"""

from psg.cases.models import Case
from psg.scoring.queries import sustained


def scores_in_words(case: Case) -> list[str]:
    """“Victim of P-0012: Standard at two reviews running”, for each question that leads the headline."""
    told = []
    for track, is_sustained in sustained(case):
        latest = track.latest
        if is_sustained:
            words = "Standard by the high end at two reviews running"
        elif latest is None:
            words = "not scored"
        else:
            words = f"not yet Standard at two reviews running; {latest.score.words} on the last"
        told.append(f"{track.kind.label} of {track.party.subject.reference}: {words}")
    return told
