"""Any XML file: which of the XML formats it is, told by its root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from articles.ingest.formats.atom import read_atom
from articles.ingest.formats.newsml_g2 import read_newsml_g2
from articles.ingest.formats.nitf import read_nitf
from articles.ingest.formats.rss import read_rss
from articles.ingest.formats.xml_tree import local, parse_xml
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from articles.ingest.formats.common import Entry


class XmlReader(Protocol):
    def __call__(self, root: Element, *, url: str) -> list[Entry]: ...


ROOTS: Final[dict[str, XmlReader]] = {
    "rss": read_rss, "RDF": read_rss, "item": read_rss,
    "feed": read_atom, "entry": read_atom,
    "nitf": read_nitf,
    "newsMessage": read_newsml_g2, "newsItem": read_newsml_g2, "itemSet": read_newsml_g2,
}  # fmt: skip


def read_xml(data: bytes, *, url: str, charset: str) -> list[Entry]:
    """Every story of an XML file. Raises article.no_story for a root that no format has, and as `parse_xml`."""
    root = parse_xml(data, charset=charset)
    reader = ROOTS.get(local(root))
    if reader is None:
        raise Invalid("article.no_story", format=f"XML ({local(root)})", known="RSS, Atom, NITF, NewsML-G2")
    return reader(root, url=url)
