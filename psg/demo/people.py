"""Sixty invented people. Nobody here lives or has lived; streets and telephone numbers are made up too."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Someone:
    given: str
    family: str
    age: int
    ward: str
    address: str = ""
    aliases: tuple[str, ...] = ()
    warning: str = ""
    is_care_leaver: bool = False
    needs_interpreter: bool = False
    known_as: str = ""

    @property
    def key(self) -> str:
        return f"{self.given} {self.family}"


PEOPLE = (
    Someone(
        "James",
        "Reedmace",
        34,
        "Littleport",
        aliases=("Jim Reedy", "Reedy"),
        warning="Visit in pairs.",
        known_as="Jim",
    ),
    Someone("Maureen", "Bitternell", 71, "Ely North", "4 Osier Way"),
    Someone("Darren", "Lockspit", 41, "Ely North", "6 Osier Way", ("Daz",)),
    Someone(
        "Sheila", "Fenwarden", 58, "Ely East", "12 Lantern Court", warning="Hoarded rooms: exits blocked."
    ),
    Someone("Tomasz", "Eelbrook", 29, "Soham South", "3 Mere Row", needs_interpreter=True, known_as="Tomek"),
    Someone("Kayleigh", "Ospreyle", 23, "Ely West", "Flat 2, Quayfield House", is_care_leaver=True),
    Someone("Gordon", "Marshlow", 66, "Sutton", "1 Brook Bank"),
    Someone("Ryan", "Cattailer", 17, "Soham North", "9 Weir Close", ("Cat",)),
    Someone("Tyler", "Cattailer", 15, "Soham North", "9 Weir Close"),
    Someone("Mason", "Rushlow", 16, "Soham North", "22 Weir Close"),
    Someone("Dean", "Sedgewane", 45, "Ely West", "Flat 5, Quayfield House", ("Deano",), "Has a large dog."),
    Someone("Lorraine", "Sedgewane", 44, "Ely West", "Flat 5, Quayfield House"),
    Someone("Peter", "Dykeham", 52, "Ely East", aliases=("Pete the Boat",)),
    Someone("Anita", "Lodeham", 39, "Burwell", "7 Hythe Lane"),
    Someone("Colin", "Hollowfen", 62, "Littleport", "18 Station Drove"),
    Someone("Stacey", "Bulrusher", 31, "Littleport", "2 Grebe Court"),
    Someone("Kevin", "Bulrusher", 36, "Littleport", "2 Grebe Court"),
    Someone("Amina", "Carrside", 27, "Ely North", "15 Kingfisher Row", needs_interpreter=True),
    Someone("Brian", "Droveham", 55, "Haddenham", "The Old Pump House"),
    Someone("Natalie", "Levelby", 33, "Soham South", "11 Mere Row"),
    Someone("Shane", "Teasdrake", 38, "Soham South", aliases=("Shaney",), warning="Do not visit alone."),
    Someone("Margaret", "Alderwick", 80, "Ely East", "3 Lantern Court", known_as="Peggy"),
    Someone("Wayne", "Snipeley", 48, "Bottisham", "5 Lode End"),
    Someone("Carly", "Wigmere", 26, "Ely North", aliases=("Cal",), is_care_leaver=True),
    Someone("Steven", "Mallerby", 59, "Stretham", "10 Plantation Gate"),
    Someone("Diane", "Mallerby", 57, "Stretham", "10 Plantation Gate"),
    Someone("Lewis", "Ternby", 24, "Ely West", aliases=("Loz",), is_care_leaver=True),
    Someone("Joyce", "Cooteham", 76, "Soham North", "30 Weir Close"),
    Someone("Martin", "Heronby", 50, "Fordham and Isleham", "2 Chalk Pit Lane"),
    Someone("Paula", "Harrierby", 42, "Ely North", "8 Osier Way"),
    Someone("Graham", "Plovermere", 69, "Ely East", "5 Lantern Court"),
    Someone("Jodie", "Wellstream", 30, "Littleport", "4 Grebe Court"),
    Someone("Craig", "Wellstream", 33, "Littleport", "4 Grebe Court"),
    Someone("Elaine", "Sluiceby", 64, "Ely West", "Flat 1, Quayfield House"),
    Someone("Viktor", "Lodemark", 37, "Ely East", "Berth 14, Kingfisher Quay"),
    Someone("Hannah", "Causeway", 35, "Burwell", "9 Hythe Lane"),
    Someone("Neil", "Causeway", 37, "Burwell", "9 Hythe Lane"),
    Someone("Ethan", "Brightmere", 19, "Soham South", "14 Mere Row", is_care_leaver=True),
    Someone("Olive", "Brightmere", 72, "Soham South", "14 Mere Row"),
    Someone("Lee", "Gadwell", 40, "Sutton", "6 Brook Bank"),
    Someone("Sharon", "Gadwell", 43, "Sutton", "6 Brook Bank"),
    Someone("Roy", "Pochley", 77, "Littleport", "20 Station Drove"),
    Someone("Adele", "Kingmere", 28, "Ely North", "17 Kingfisher Row"),
    Someone("Simon", "Washby", 46, "Downham Villages", "1 Cannon Street End"),
    Someone("Tracey", "Dunlow", 51, "Ely West", "Flat 3, Quayfield House"),
    Someone("Callum", "Osprell", 21, "Ely East", "40 Lantern Court", ("Cal O",)),
    Someone("Rita", "Willowby", 83, "Haddenham", "2 Hop Row"),
    Someone("Alan", "Willowby", 54, "Haddenham", "2 Hop Row"),
    Someone("Bethany", "Curlew-Field", 22, "Soham North", "24 Weir Close"),
    Someone("Phil", "Drovemere", 47, "Littleport", "1 Grebe Court"),
    Someone("Sandra", "Peatling", 60, "Ely North", "10 Osier Way"),
    Someone("Ian", "Peatling", 61, "Ely North", "10 Osier Way"),
    Someone("Jade", "Reedmarsh", 25, "Littleport", "7 Grebe Court"),
    Someone("Jayne", "Reedmarsh", 25, "Littleport", "7 Grebe Crt"),
    Someone("Trevor", "Bitternel", 70, "Ely North", "4 Osier Way"),
    Someone("Michelle", "Levelly", 33, "Soham South", "11 Mere Row"),
    Someone("Amy", "Fordwell", 20, "Fordham and Isleham", "8 Chalk Pit Lane"),
    Someone("Keith", "Sedgeley", 65, "Woodditton", "4 Ditch View"),
    Someone("Rosa", "Eelbank", 32, "Soham South", "5 Mere Row"),
    Someone("Donald", "Marshfen", 74, "Sutton", "3 Brook Bank"),
)

SAFE_CONTACT = {
    "Anita Lodeham": "By text, weekday mornings",
    "Amina Carrside": "Through the interpreter",
    "Joyce Cooteham": "By telephone; she does not hear the door",
    "Peter Dykeham": "On the moorings, before ten",
}
"""How some of them are contacted safely."""
