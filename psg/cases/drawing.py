"""Where the boxes and lines of a network stand: plain arithmetic, so that one case is always drawn alike.

The parties stand in a column of their own, whoever is linked to them on either side. No line then passes
behind a box, and however many there are, no two boxes meet. Lengths are units of the drawing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psg.cases.network import Node, Tie

BOX_WIDTH, BOX_HEIGHT = 216, 54
STEP = 76
"""From the top of one box in a column to the top of the next."""
GAP = 172
MARGIN = 8
WORDS_AT_MOST = 12
"""With more lines than this each has a number alone; its words are in the table."""
LABEL_HEIGHT = 20
_PLACES_ON_A_LINE = (0.5, 0.38, 0.62, 0.28, 0.72, 0.44, 0.56, 0.33, 0.67, 0.22, 0.78, 0.17, 0.83)
_NARROW, _WIDE = frozenset("iljtfrI.,:;'’|!()[]- "), frozenset("mwMWQGO@%…")

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    node: Node
    x: float
    y: float
    name: str
    facts: str
    width: float = BOX_WIDTH
    height: float = BOX_HEIGHT

    @property
    def middle(self) -> float:
        return self.y + BOX_HEIGHT / 2


@dataclass(frozen=True)
class Label:
    """Where a line says what it is: the middle of its words."""

    x: float
    y: float
    width: float
    text: str

    def meets(self, other: "Label") -> bool:
        return (
            abs(self.x - other.x) * 2 < self.width + other.width and abs(self.y - other.y) < LABEL_HEIGHT + 2
        )


@dataclass(frozen=True)
class Course:
    """How a line runs, where words may stand on it, and where the space between the columns begins."""

    path: str
    along: Sequence[Point]
    left: float


@dataclass(frozen=True)
class Line:
    tie: Tie
    path: str
    label: Label


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    boxes: Sequence[Box]
    lines: Sequence[Line]


def draw(nodes: Sequence[Node], ties: Sequence[Tie]) -> Drawing:
    """The boxes of these nodes and a line for each tie between them."""
    columns = _columns(nodes, ties)
    height = 2 * MARGIN + STEP * max(map(len, columns)) - (STEP - BOX_HEIGHT)
    boxes = [
        _box(node, MARGIN + at * (BOX_WIDTH + GAP), _top(len(column), row, height))
        for at, column in enumerate(columns)
        for row, node in enumerate(column)
    ]
    width = max(box.x for box in boxes) + BOX_WIDTH + MARGIN
    return Drawing(width, height, boxes, list(_lines(boxes, ties)))


def text_width(text: str, size: float) -> float:
    """About how wide a text is in a common face without serifs."""
    return sum(_letter(letter) for letter in text) * size


def fitted(text: str, size: float, room: float) -> str:
    """The text, or as much of its beginning as there is room for."""
    if text_width(text, size) <= room:
        return text
    kept = text
    while kept and text_width(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _columns(nodes: Sequence[Node], ties: Sequence[Tie]) -> list[list[Node]]:
    parties = [node for node in nodes if node.is_party]
    beyond = [node for node in nodes if not node.is_party]
    if not beyond:
        return [parties[::2], parties[1::2]] if len(parties) > 1 else [parties]
    rows = {node.number: row for row, node in enumerate(parties)}
    beside = sorted(beyond, key=lambda node: (_height_of(node, rows, ties), node.number))
    return [beside[::2], parties, beside[1::2]]


def _height_of(node: Node, rows: dict[int, int], ties: Sequence[Tie]) -> float:
    """The mean row of the parties it is tied to, so that lines cross as seldom as may be."""
    met = [
        rows[end.number]
        for tie in ties
        if node.number in (tie.begins.number, tie.leads_to.number)
        for end in (tie.begins, tie.leads_to)
        if end.number in rows
    ]
    return sum(met) / len(met) if met else 0


def _top(size: int, row: int, height: float) -> float:
    """Columns are centred against the longest one."""
    return (height - (size * STEP - (STEP - BOX_HEIGHT))) / 2 + row * STEP


def _box(node: Node, x: float, y: float) -> Box:
    room = BOX_WIDTH - 24
    facts = f"{node.reference}, {node.facts[:1].lower()}{node.facts[1:]}"
    return Box(node, x, y, fitted(node.name, 15, room), fitted(facts, 13, room))


def _lines(boxes: Sequence[Box], ties: Sequence[Tie]) -> Iterator[Line]:
    held = {box.node.number: box for box in boxes}
    outermost = max(box.x for box in boxes)
    taken: list[Label] = []
    for turn, tie in enumerate(ties):
        one, other = held[tie.begins.number], held[tie.leads_to.number]
        if one.x == other.x:
            course = _round(one, other, _side(one.x, outermost, turn))
        else:
            course = _across(one, other, turn)
        text = f"{tie.number} {tie.words}" if len(ties) <= WORDS_AT_MOST else str(tie.number)
        label = _free(course, text, taken)
        taken.append(label)
        yield Line(tie, course.path, label)


def _side(x: float, outermost: float, turn: int) -> int:
    """To which side a line goes round: inwards from an outer column, in turn from the middle one."""
    if x == MARGIN:
        return 1
    return -1 if x == outermost or turn % 2 else 1


def _across(one: Box, other: Box, turn: int) -> Course:
    """A straight line from side to side. Lines of one box leave it at different heights."""
    right = other.x > one.x
    shift = (turn % 5 - 2) * 7
    start = (one.x + (BOX_WIDTH if right else 0), one.middle + shift)
    end = (other.x + (0 if right else BOX_WIDTH), other.middle + shift)
    along = [
        (start[0] + (end[0] - start[0]) * at, start[1] + (end[1] - start[1]) * at) for at in _PLACES_ON_A_LINE
    ]
    path = f"M{start[0]:.0f} {start[1]:.0f}L{end[0]:.0f} {end[1]:.0f}"
    return Course(path, along, min(start[0], end[0]))


def _round(one: Box, other: Box, side: int) -> Course:
    """A curve out of the column and back into it, the wider the further apart the two are."""
    x = one.x + (BOX_WIDTH if side > 0 else 0)
    reach = x + side * (40 + min(abs(other.y - one.y) / STEP, 9) * 8)
    down = 12 if one.y < other.y else -12
    start, end = one.middle + down, other.middle - down
    corners = ((x, start), (reach, start), (reach, end), (x, end))
    path = f"M{x:.0f} {start:.0f}C{reach:.0f} {start:.0f} {reach:.0f} {end:.0f} {x:.0f} {end:.0f}"
    return Course(path, [_on_curve(corners, at) for at in _PLACES_ON_A_LINE], x if side > 0 else x - GAP)


def _on_curve(corners: Sequence[Point], at: float) -> Point:
    shares = ((1 - at) ** 3, 3 * (1 - at) ** 2 * at, 3 * (1 - at) * at**2, at**3)
    x, y = (
        sum(share * corner[axis] for share, corner in zip(shares, corners, strict=True)) for axis in (0, 1)
    )
    return x, y


def _free(course: Course, text: str, taken: Sequence[Label]) -> Label:
    """The first place on the line where the words meet no others; where there is none, the middle.

    They stay between the two columns, so that they never cover a name.
    """
    width = text_width(text, 13) + 10
    least, most = course.left + width / 2 + 2, course.left + GAP - width / 2 - 2
    tried = [Label(min(max(x, least), most), y, width, text) for x, y in course.along]
    return next((label for label in tried if not any(label.meets(one) for one in taken)), tried[0])


def _letter(letter: str) -> float:
    if letter in _NARROW:
        return 0.33
    if letter in _WIDE:
        return 0.9
    return 0.7 if letter.isupper() else 0.57
