"""Invented names in plenty: enough that a search by family name finds a handful, not everyone."""

import random

GIVEN = (
    "Alex", "Bryn", "Casey", "Dale", "Elaine", "Frankie", "Gordon", "Hannah", "Ife", "Jules", "Kim", "Lee",
    "Mel", "Noor", "Olive", "Pat", "Quinn", "Robin", "Sam", "Toni", "Una", "Vic", "Wren", "Yaz",
)  # fmt: skip
FIRST = (
    "Alder", "Bittern", "Carr", "Dyke", "Eel", "Fen", "Grebe", "Heron", "Ivy", "Kingfisher", "Lode", "Mere",
    "Nettle", "Osier", "Plover", "Quill", "Reed", "Sedge", "Teasel", "Willow",
)  # fmt: skip
LAST = (
    "bank", "beck", "by", "combe", "croft", "dale", "field", "gate", "ham", "hythe", "ley", "low", "mace",
    "mere", "ness", "sley", "stead", "thorpe", "wick", "worth",
)  # fmt: skip
STREETS = ("Drove", "Row", "Lane", "Close", "Court", "Bank", "Way", "Hythe")


def family_name(chance: random.Random) -> str:
    return chance.choice(FIRST) + chance.choice(LAST)


def address(chance: random.Random) -> str:
    return f"{chance.randint(1, 90)} {chance.choice(FIRST)} {chance.choice(STREETS)}"
