"""How wide is a text, and how does it break into lines? Estimated, for the sans-serif named here.

No browser is asked: the widths are those of Helvetica, which Arial and Liberation Sans share, with
some room to spare for others.
"""

FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
SIZE = 12.0  # nothing is written smaller, at the size a picture is shown in
TITLE_SIZE = 13.5
_SPARE = 1.04
_BOLD = 1.07
_EM = 1000
_USUAL = 556
_WIDE = 1000
_LAST_LATIN = 0x24F
_WIDTHS = {
    each: width
    for width, letters in (
        (222, "ijl'"),
        (278, " !,./:;I[]ft\\|·"),
        (333, "()-r`"),
        (400, "°"),
        (500, "ckvxyzsJ"),
        (584, "+<=>~"),
        (611, "FTZ"),
        (667, "ABEKPSVXY&"),
        (722, "CDHNRUw"),
        (778, "GOQ"),
        (833, "Mm"),
        (889, "%"),
        (944, "W"),
    )
    for each in letters
}


def width_of(words: str, size: float = SIZE, *, bold: bool = False) -> float:
    """Estimate the width of a text, in the unit of its size; an unknown letter counts as wide."""
    units = sum(_WIDTHS.get(each, _USUAL if ord(each) <= _LAST_LATIN else _WIDE) for each in words)
    return units * size * (_BOLD if bold else 1.0) * _SPARE / _EM


def wrap(words: str, width: float, *, bold: bool = False, most: int = 4) -> tuple[str, ...]:
    """Break a text into lines no wider than this; what goes beyond the last line ends in "…".

    A single word that is too wide is cut.
    """
    lines: list[str] = []
    for word in words.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(joined, bold=bold) <= width:
            lines[-1] = joined
        else:
            lines.append(cut(word, width, bold=bold))
    if len(lines) <= most:
        return tuple(lines)
    return (*lines[: most - 1], cut(" ".join(lines[most - 1 :]), width, bold=bold))


def cut(words: str, width: float, *, bold: bool = False) -> str:
    """Cut a text that is too wide and end it in "…"."""
    if width_of(words, bold=bold) <= width:
        return words
    kept = words
    while kept and width_of(f"{kept}…", bold=bold) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
