"""XML from strangers: nothing is expanded, nothing is fetched, and names count without their namespaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from articles.ingest.decode import MAX_BYTES, decode
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH: Final = 150
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
DECLARED: Final = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})[\"']")
DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse_xml(data: bytes, *, charset: str = "") -> Element:
    """The root of a document. Raises article.hostile for entities and depth, article.malformed for the rest."""
    if len(data) > MAX_BYTES:
        raise Invalid("article.too_large", size=len(data), limit=MAX_BYTES)
    if not data.strip():
        raise Invalid("article.empty")
    try:
        root = _root(data, charset)
    except DefusedXmlException as error:
        raise Invalid("article.hostile", detail="it defines entities of its own") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Invalid("article.malformed", format="XML", detail=str(error)) from error
    _refuse_depth(root)
    return root


def _root(data: bytes, charset: str) -> Element:
    """As the document declares itself; where that is wrong or silent, in the encoding its bytes show."""
    try:
        found: Element = fromstring(data)
    except (ParseError, ValueError, LookupError):  # the latter two are encodings that expat does not have
        text = _decoded(data, charset)
        if text is None:
            raise
        found = fromstring(DECLARATION.sub("", text))
    return found


def _decoded(data: bytes, charset: str) -> str | None:
    """The text where the declared encoding is not the real one; None where that cannot be the trouble."""
    declared = DECLARED.match(data.lstrip())
    if declared and declared[1].lower() == b"utf-8" and _is_utf8(data):
        return None
    return decode(data, declared=charset)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _refuse_depth(root: Element) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in parent]
        if not level:
            return
    raise Invalid("article.hostile", detail=f"its elements are nested more than {MAX_DEPTH} deep")


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Direct children of this name in any namespace."""
    return (child for child in element if local(child) == name) if element is not None else iter(())


def child(element: Element | None, *path: str) -> Element | None:
    """The first element at the end of a path of names; None when the path breaks."""
    for name in path:
        element = next(children(element, name), None)
    return element


def below(element: Element | None, *names: str) -> Iterator[Element]:
    """All elements below of one of these names, in order."""
    return (found for found in element.iter() if local(found) in names) if element is not None else iter(())


def text_of(element: Element | None) -> str:
    """All words of an element and those in it; "" without an element."""
    return "".join(element.itertext()).strip() if element is not None else ""


def own_child(element: Element, name: str) -> Element | None:
    """The first child of the element's own namespace: the title of an item, not that of its picture."""
    space = element.tag.rpartition("}")[0]
    found = [part for part in children(element, name) if part.tag.rpartition("}")[0] == space]
    return found[0] if found else None


def to_html(element: Element, renames: dict[str, str] | None = None) -> str:
    """The element written as HTML, namespaces left out and elements renamed where the format has other names."""
    for part in element.iter():
        name = local(part)
        part.tag = (renames or {}).get(name, name)
    return tostring(element, encoding="unicode", method="html")
