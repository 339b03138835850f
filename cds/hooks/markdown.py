"""How does a word get into GitHub Flavored Markdown and stay that word?"""

import re

_SPECIAL = re.compile(r"[\\`*\[\]<>|~&#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_AUTOLINK = re.compile(r"(?i)(https?|ftp|mailto|xmpp)(?=:)|(www)(?=\.)|@")
# Most values: words, numbers and dates in which nothing has a meaning for Markdown.
_HARMLESS = re.compile(r"[A-Za-z0-9.,;()%/+≥≤-]+(?: [A-Za-z0-9.,;()%/+≥≤-]+)*")
_BLANK = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f]+")


def plain(value: object) -> str:
    """Write a value so that Markdown shows its characters and nothing else.

    Line breaks, control, direction and zero-width characters become one space; characters with a
    meaning are escaped; nothing turns into a link by itself. Our own labels, numbers and dates
    pass unchanged; the rest is the second line of defence.
    """
    text = str(value)
    if _HARMLESS.fullmatch(text) and "www" not in text.lower():
        return text
    text = _BLANK.sub(" ", text).strip()
    text = _SPECIAL.sub(lambda found: "\\" + found.group(), text)
    return _AUTOLINK.sub(_break_autolink, text)


def _break_autolink(found: re.Match[str]) -> str:
    word = found.group()
    return "(at)" if word == "@" else f"{word} "
