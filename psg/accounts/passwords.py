"""What a password must be: long, and not one of those that are tried first.

The National Cyber Security Centre's advice: length, a deny list and nothing else. No kinds of
character are asked for and nothing expires. A password is kept in Unicode's composed form (NFC), so
that the same keys give the same password on every machine; spaces and letters of any script count.

The list is one of parts rather than of whole passwords. What remains without common words, names,
keyboard walks, dates and repetitions must itself be long enough.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from unicodedata import combining, normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from psg.accounts.models import User
from psg.base import Refused

SHORTEST = 12
LONGEST = 256
HINT = f"At least {SHORTEST} characters. Three random words make a good one. You may paste it."
BAD_LENGTH = f"Choose a password of {SHORTEST} to {LONGEST} characters, such as three random words."
TOO_COMMON = "Choose a password that is harder to guess: this is among the first that are tried. Three random words make a good one."
TOO_NEAR = (
    "Choose a password without your name, your agency, a place of the district or the name of this service."
)

FEWEST_LEFT = 8
"""How many characters a password needs besides its guessable parts."""

PRODUCT = ("psg", "problem solving group", "problem", "solving", "group", "osara", "track and score")
SHORTEST_PART = 3
KEPT_APART = "\0"
WALK = 4
ROWS = (
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "qwertzuiop", "azertyuiop",
    "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp",
    "zaqxswcdevfrbgtnhymjukilop", "qweasdzxc", "0123456789", "147258369", "159753", "741852963", "!\"£$%^&*()", "!@#$%^&*()",
)  # fmt: skip
LOOK_ALIKES = ("", "@a4a3e1i!i0o$s5s7t+t", "@a4a3e1l!l0o$s5s7t8b")
"""Figures and signs in place of letters: each pair is what is typed and what is meant."""

_DAY, _MONTH, _YEAR = "(?:0[1-9]|[12][0-9]|3[01])", "(?:0[1-9]|1[0-2])", "(?:19|20)[0-9]{2}"
_DATE = re.compile(f"{_DAY}{_MONTH}{_YEAR}|{_YEAR}{_MONTH}{_DAY}|{_YEAR}")
_SEPARATORS = frozenset("-_.,/")
_REPEATED = re.compile(r"(.{1,8}?)\1{2,}")
_TWICE = re.compile(r"(.+?)\1+")
_hasher = PasswordHasher()
_places: list[Callable[[], Iterable[str]]] = []


def take_places_from(source: Callable[[], Iterable[str]]) -> None:
    """Say where the names of the district's places come from; accounts know none themselves."""
    _places[:] = [source]


def as_kept(password: str) -> str:
    return normalize("NFC", password)


def hashed(password: str) -> str:
    return _hasher.hash(as_kept(password))


def is_right(stored: str, password: str) -> bool:
    """Takes as long for an account without a password, or for no account, as for a wrong one."""
    try:
        _hasher.verify(stored or _nobodys(_hasher), as_kept(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def is_outdated(stored: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def check(password: str, user: User, *, field: str = "new_password") -> None:
    """Refuses, with the sentence that says what to do, a password this person should not have."""
    typed = as_kept(password)
    if not SHORTEST <= len(typed) <= LONGEST:
        raise Refused(BAD_LENGTH, field)
    if what_is_left(typed, common_words()) < FEWEST_LEFT:
        raise Refused(TOO_COMMON, field)
    if what_is_left(typed, _longest_first((*common_words(), *words_near(user)))) < FEWEST_LEFT:
        raise Refused(TOO_NEAR, field)


def what_is_left(password: str, words: Sequence[str]) -> int:
    """How many characters there are besides these words, walks, dates and repetitions, however spelled."""
    plain = _folded(password)
    return min(_left_of(plain.translate(_meant(pairs)), words) for pairs in LOOK_ALIKES)


@lru_cache(maxsize=1)
def common_words() -> Sequence[str]:
    lines = files("psg.accounts").joinpath("data", "common_words.txt").read_text("utf-8").splitlines()
    return _longest_first(word for line in lines if not line.startswith("#") for word in line.split())


def words_near(user: User) -> set[str]:
    """Name, mail address, agency, places and product: whole, and word by word."""
    whole = [
        user.name,
        user.email,
        user.email.partition("@")[0],
        user.agency.name,
        user.agency.code,
        *PRODUCT,
        *(place for source in _places for place in source()),
    ]
    parts = {part for text in whole for part in (text, *re.split(r"[\W_]+", text))}
    return {_folded(part) for part in parts if len(_folded(part)) >= SHORTEST_PART}


def _left_of(text: str, words: Sequence[str]) -> int:
    text = _without_repetition(text)
    for word in words:
        text = text.replace(word, KEPT_APART)
    for walk in _walks():
        if len(text) < WALK:
            break
        text = text.replace(walk, KEPT_APART)
    text = _without_repetition(_DATE.sub(KEPT_APART, text))
    return len(text.replace(KEPT_APART, ""))


def _without_repetition(text: str) -> str:
    text = _REPEATED.sub(r"\1", text)
    twice = _TWICE.fullmatch(text)
    return twice[1] if twice else text


def _folded(text: str) -> str:
    """Small letters without accents, spaces and what stands between words."""
    apart = normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not (combining(sign) or sign.isspace() or sign in _SEPARATORS))


@lru_cache(maxsize=len(LOOK_ALIKES))
def _meant(pairs: str) -> dict[int, str]:
    return {ord(typed): meant for typed, meant in zip(pairs[::2], pairs[1::2], strict=True)}


@lru_cache(maxsize=1)
def _walks() -> Sequence[str]:
    """Every run of four or more keys along a row or pattern, either way, the longest first."""
    ways = {way for row in ROWS for way in (row, row[::-1])}
    runs = {
        way[start : start + length]
        for way in ways
        for length in range(WALK, len(way) + 1)
        for start in range(len(way) - length + 1)
    }
    return _longest_first(runs)


def _longest_first(words: Iterable[str]) -> Sequence[str]:
    return sorted(set(words), key=lambda word: (-len(word), word))


@lru_cache(maxsize=2)
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash("a stranger's password takes as long to refuse as a colleague's")
