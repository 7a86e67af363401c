"""Small PDFs for tests, honest and hostile, written by hand as bytes."""

import textwrap
import zlib
from io import BytesIO

from pypdf import PdfReader, PdfWriter

_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def text_pdf(pages: list[str], line_characters: int = 88) -> bytes:
    """A PDF with selectable text in Helvetica, one page per text; lines are wrapped, an empty line stays."""
    return _pdf([_page_content(_wrapped(text, line_characters), "cp1252") for text in pages], _HELVETICA)


def encrypted_pdf(pages: list[str], user_password: str) -> bytes:
    """A text_pdf locked with AES-256; it opens with the user password only, or freely when that is empty."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(text_pdf(pages))))
    writer.encrypt(user_password, owner_password="owner", algorithm="AES-256")
    locked = BytesIO()
    writer.write(locked)
    return locked.getvalue()


def truncated_pdf() -> bytes:
    """A PDF of which a download brought the first 300 bytes: neither its page tree nor its table is there."""
    return _pdf([_page_content(["This text never arrived."], "cp1252")] * 20, _HELVETICA, pages_first=False)[:300]


def image_only_pdf(pages: int = 2) -> bytes:
    """A scan: every page is one grey picture of 2 x 2 pixels."""
    picture = b"q 400 0 0 600 50 50 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x00\x80\xc0\xff EI Q"
    return _pdf([picture] * pages, _HELVETICA)


def zero_page_pdf() -> bytes:
    """A well-formed PDF whose page tree is empty."""
    return _pdf([], _HELVETICA)


def memory_bomb_pdf(gigabytes: int = 3) -> bytes:
    """A PDF of a few kilobytes whose only page asks for gigabytes of memory: blanks, deflated twice."""
    return _pdf([zlib.compress(_deflated_blanks(gigabytes << 30), 9)], _HELVETICA, filters=2)


def slow_pdf(quick: list[str], slow: int = 1, steps: int = 200_000) -> bytes:
    """A text_pdf with slow pages at its end: a line of text on each, and tiny drawing steps.

    Args:
        quick: Texts of the pages before.
        slow: How many slow pages.
        steps: On each of them; 16,000 take pypdf about a second.
    """
    contents = [_page_content(_wrapped(text, 88), "cp1252") for text in quick]
    tiny = b"BT 1 0 0 1 0 0 Tm (a ) Tj ET\n" * steps
    contents += [
        _page_content([f"Slow page {page} of {slow}."], "cp1252") + b"\n" + tiny for page in range(1, slow + 1)
    ]
    return _pdf([zlib.compress(content, 1) for content in contents], _HELVETICA, filters=1)


def japanese_pdf(pages: list[str], cmap: str = "EUC-H") -> bytes:
    """A PDF whose Japanese font is not in it: pypdf turns it into other letters, pdfium reads it.

    Args:
        pages: A text for each page.
        cmap: "EUC-H" gives rubbish that shows; "90pv-RKSJ-H" gives kanji that look clean and mean nothing.
    """
    encoding = {"EUC-H": "euc_jp", "90pv-RKSJ-H": "cp932"}[cmap]
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /%s /DescendantFonts [<< /Type /Font"
        b" /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 /DW 1000"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >>"
        b" /FontDescriptor << /Type /FontDescriptor /FontName /HeiseiMin-W3 /Flags 6 /FontBBox [0 -200 1000 900]"
        b" /ItalicAngle 0 /Ascent 850 /Descent -150 /CapHeight 700 /StemV 80 >> >>] >>"
    ) % cmap.encode()
    return _pdf([_page_content(_wrapped(text, 40), encoding) for text in pages], font)


def _wrapped(text: str, characters: int) -> list[str]:
    return [line for paragraph in text.split("\n") for line in textwrap.wrap(paragraph, characters) or [""]]


def _page_content(lines: list[str], encoding: str) -> bytes:
    shown = b"".join(b"<" + line.encode(encoding, "replace").hex().encode() + b"> Tj T*\n" for line in lines)
    return b"BT /F1 11 Tf 14 TL 50 790 Td\n" + shown + b"ET"


def _deflated_blanks(size: int) -> bytes:
    """A zlib stream of size blanks (a multiple of 1 MiB), made without ever holding them.

    After a full flush a deflate block can be repeated; the Adler-32 of equal bytes has a closed form (RFC 1950).
    """
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = block.compress(b" " * (1 << 20)) + block.flush(zlib.Z_FULL_FLUSH)
    modulus, blank = 65521, ord(" ")
    low = (1 + size * blank) % modulus
    high = (size + size * (size + 1) // 2 * blank) % modulus
    return b"\x78\xda" + deflated * (size >> 20) + b"\x03\x00" + (high << 16 | low).to_bytes(4, "big")


def _pdf(contents: list[bytes], font: bytes, filters: int = 0, pages_first: bool = True) -> bytes:
    """The objects of a PDF with one page per content stream, and their cross-reference table."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * page) for page in range(len(contents)))
    objects = {1: _CATALOG, 2: b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(contents), kids), 3: font}
    for page, content in enumerate(contents):
        number = 4 + 2 * page
        objects[number] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1)
        )
        named = b" /Filter [%s]" % b" ".join([b"/FlateDecode"] * filters) if filters else b""
        objects[number + 1] = b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), named, content)
    order = sorted(objects, reverse=not pages_first)
    parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
    size = len(parts[0])
    offsets = {}
    for number in order:
        offsets[number] = size
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, objects[number]))
        size += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % offsets[number] for number in sorted(objects))
    count = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table))
    parts.append(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, size))
    return b"".join(parts)
