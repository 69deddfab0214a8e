"""Texts as HTML: what people wrote shows as they meant it, and nothing of it runs."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echosphere.richtext import to_html

TAGS = {"p", "ul", "ol", "li", "blockquote", "strong", "em", "s", "pre", "code", "a"}
MARKUP = st.text(st.sampled_from("ab *_~`<>&\"'[]()!-#\n:/.1@\\"), max_size=60)


class Reader(HTMLParser):
    """Notes the tags and the targets of links."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("plain & simple", "<p>plain &amp; simple</p>"),
        ("**bold** _em_ ~~gone~~", "<p><strong>bold</strong> <em>em</em> <s>gone</s></p>"),
        ("<b>no</b>", "<p>&lt;b&gt;no&lt;/b&gt;</p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("3. three", '<ol start="3"><li>three</li></ol>'),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("`<x>`", "<p><code>&lt;x&gt;</code></p>"),
        ("```\n<x>\n```", "<pre><code>&lt;x&gt;\n</code></pre>"),
        ("[here](javascript:alert(1))", "<p>[here](javascript:alert(1))</p>"),
    ],
)
def test_a_text_becomes_html(body: str, html: str) -> None:
    assert to_html(body) == html


def test_an_address_becomes_a_link_that_tells_nothing() -> None:
    html = to_html('see https://example.org/?a=1&b="2"')
    assert 'href="https://example.org/?a=1&amp;b=' in html
    assert 'rel="noopener noreferrer nofollow"' in html


@given(MARKUP | st.text(max_size=200))
def test_no_text_brings_a_tag_or_a_target_of_its_own(body: str) -> None:
    reader = Reader()
    reader.feed(to_html(body))
    reader.close()
    assert set(reader.tags) <= TAGS
    for name, value in reader.attributes:
        assert name in ("href", "rel", "start")
        assert name != "href" or (value or "").lower().startswith(("http", "mailto:"))
