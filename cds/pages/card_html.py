"""How does a card look in a client system? Its Markdown as HTML, with nothing live in it."""

from dataclasses import dataclass

from markdown_it import MarkdownIt
from markupsafe import Markup

from cds.hooks.card import Card, Link

# What clients render is GitHub Flavored Markdown. Links, images and HTML stay text here: a card
# has its links beside the text, so one inside it could only come from somewhere it should not.
_MARKDOWN = (
    MarkdownIt("commonmark", {"html": False})
    .enable(["table", "strikethrough"])
    .disable(["link", "image", "autolink", "reference", "html_inline", "html_block"])
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCard:
    """One card, ready for a template; detail is HTML that needs no further escaping."""

    summary: str
    detail: Markup
    indicator: str
    source_label: str
    source_url: str
    links: tuple[Link, ...]
    override_reasons: tuple[str, ...]


def show_card(card: Card) -> ShownCard:
    """Give a card as a client shows it, word for word."""
    return ShownCard(
        summary=card.summary,
        detail=render_detail(card.detail),
        indicator=card.indicator,
        source_label=card.source.label,
        source_url=card.source.url,
        links=card.links or (),
        override_reasons=tuple(reason.display for reason in card.override_reasons),
    )


def render_detail(detail: str) -> Markup:
    """Render the Markdown of a card. Whatever HTML stands in it comes out as characters."""
    return Markup(_MARKDOWN.render(detail))  # noqa: S704 - the renderer escapes, see above
