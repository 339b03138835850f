"""Does the text of a card stay text when it is rendered?"""

import pytest

from cds.pages.card_html import render_detail


@pytest.mark.parametrize(
    "detail",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "words <b onclick=x>bold</b>",
        "[words](https://evil.example)",
        "![words](https://evil.example/a.png)",
        "<https://evil.example>",
        "https://evil.example",
        "[words][a]\n\n[a]: https://evil.example",
        "[words](javascript:alert(1))",
    ],
)
@pytest.mark.requirement("D15")
def test_what_is_live_in_markdown_comes_out_as_characters(detail: str) -> None:
    html = render_detail(detail)
    assert html.startswith("<p>")
    assert html.count("<") == 2 * html.count("<p>")


def test_bold_lists_and_tables_are_rendered() -> None:
    html = render_detail("**Why**\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert [tag for tag in ("<strong>", "<li>", "<table>") if tag not in html] == []
