"""Which format some bytes are, by content and never by name; then the reader for it.

Text formats are read in this process; docx, pdf, html and xlsx in the limited child of `worker`.
"""

from __future__ import annotations

import io
import re
import zipfile

from assistant.config import Settings
from assistant.errors import UnreadableFile
from ingest.readers.blocks import Reading
from ingest.readers.markdown import read_markdown
from ingest.readers.text import decode, read_text

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<(?:p|div|table|span|h[1-6])[\s>][^<]*", re.IGNORECASE
)
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|\|.+\|\s*$|---\s*$)", re.MULTILINE)
_PICTURES = {
    b"\x89PNG": "png 图片",
    b"\xff\xd8\xff": "jpg 图片",
    b"GIF8": "gif 图片",
    b"BM": "bmp 图片",
    b"II*\x00": "tiff 图片",
    b"MM\x00*": "tiff 图片",
}

SUPPORTED = "支持 docx、可复制文字的 pdf、xlsx、html、md 和 txt。"


def sniff(data: bytes) -> str:
    """docx | xlsx | xls | pdf | html | text | zip, or the Chinese name of something that cannot be read, after '!'."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(data)
    if data.startswith(_OLE):
        return _sniff_ole(data)
    if data.startswith(b"{\\rtf"):
        return "!rtf 文档"
    for signature, name in _PICTURES.items():
        if data.startswith(signature) and (len(signature) > 2 or b"\x00" in data[:64]):
            return f"!{name}"
    if data.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return "!压缩包（只支持 zip）"
    if data.startswith((b"MZ", b"\x7fELF")):
        return "!程序"
    if re.match(
        rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*>\s*(?:<\?mso-application[^>]*>\s*)?<(?:\w+:)?(?:wordDocument|package|Workbook)",
        data[:2048],
    ):
        return "!Office 2003 的 xml 文档"
    return "text"


def _sniff_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return "!损坏的压缩格式文件"
    if any(name.startswith("word/document") for name in names):
        return "docx"
    if any(name.startswith("xl/workbook") for name in names):
        return "xlsx"
    if any(name.startswith("ppt/") for name in names):
        return "!pptx 演示文稿"
    if "mimetype" in names and "content.xml" in names:
        return "!odt 等开放文档"
    if "OFD.xml" in names:
        return "!ofd 版式文件"
    return "zip"


def _sniff_ole(data: bytes) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return "!加密的 Office 文件"
    if holds("WordDocument"):
        return "!旧版 doc（或 wps）文档"
    if holds("Workbook") or holds("Book"):
        return "xls"
    return "!旧版 Office 文件"


_HINTS = {
    "!加密的 Office 文件": "请用 Office 打开，取消密码保护后另存再试。",
    "!旧版 doc（或 wps）文档": "请用 Word 或 WPS 打开，另存为 docx 后再试。",
    "!损坏的压缩格式文件": "文件可能没有下载完整，请重新取得。",
}


def read_any(data: bytes, name: str, settings: Settings) -> Reading:
    """Read bytes of any supported format. Raises UnreadableFile with what to do instead."""
    kind = sniff(data)
    if kind.startswith("!"):
        hint = _HINTS.get(kind, "图片请先做文字识别。" if "图片" in kind else f"请另存为支持的格式后再试；{SUPPORTED}")
        raise UnreadableFile(f"“{name}”是{kind[1:]}，读不了。", hint=hint)
    if kind == "zip":
        raise UnreadableFile(
            f"“{name}”是压缩包，不是一份文件。", hint="用 minggui corpus add 导入压缩包，会逐份读取；审通知时请先解压。"
        )
    if kind == "text":
        text = decode(data)
        if len(_HTML.findall(text[:20_000])) >= 2:
            kind = "html"
        elif (
            text.lstrip("\ufeff").startswith("---\n")
            or name.lower().endswith((".md", ".markdown"))
            or _MARKDOWN.search(text)
        ):
            return read_markdown(text)
        else:
            return read_text(text)
    from ingest.readers.worker import read_in_child

    return read_in_child(kind, data, name, settings)
