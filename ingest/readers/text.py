"""Plain text: which encoding, and lines into paragraphs."""

from __future__ import annotations

import re

from assistant.errors import UnreadableFile
from ingest.readers.blocks import Block, Reading, paragraphs

# The most frequent characters and signs of Chinese official text, simplified and traditional: wrong decodings have few.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严龙飞"
    "這個來時們為國會過說產種進後還發經業機關實現應開從當體與樣間題總統設長條區規導領據處隊東點動務員議類確華節見計別無專屬參縣辦"
    "，。、；：（）《》“”　\n"
)
_CANDIDATES = ("gb18030", "big5", "utf-16-le", "utf-16-be")


def decode(data: bytes) -> str:
    """Text of any usual encoding, line ends unified. Raises UnreadableFile when it is no text."""
    return re.sub(r"\r\n?|\u2028|\u2029", "\n", _decode(data)).lstrip("\ufeff")


def _decode(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        text = data.decode("utf-8")
        if "\x00" not in text:
            return text
    except UnicodeDecodeError:
        pass
    best, text = max(((_likeness(data, encoding), encoding) for encoding in _CANDIDATES), default=(0.0, ""))
    if best >= 0.25:
        return data.decode(text)
    from charset_normalizer import from_bytes

    found = from_bytes(data).best()
    decoded = str(found) if found else ""
    if not decoded or "\x00" in decoded or _noise(decoded) > 0.02:
        raise UnreadableFile(
            "认不出这个文件的文字编码，也不是支持的格式。",
            hint="请另存为 docx、可复制文字的 pdf、xlsx、html、md 或 UTF-8 编码的 txt 后再试。",
        )
    return decoded


def _likeness(data: bytes, encoding: str) -> float:
    """Share of characters that Chinese official text is made of; -1 when the bytes are not in that encoding."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return -1.0
    outside = [char for char in text if not char.isascii()]
    if not outside or "\x00" in text:
        return -1.0
    return sum(char in _COMMON for char in outside) / len(outside)


def _noise(text: str) -> float:
    return sum((ord(char) < 32 and char not in "\n\t\x0c") or char == "\ufffd" for char in text) / max(len(text), 1)


def read_text(text: str) -> Reading:
    """Blocks of a plain text: one a paragraph."""
    found = paragraphs(text.replace("\x0c", "\n\n").split("\n"))
    return Reading("text", tuple(Block(words, place=f"第{n}段") for n, words in enumerate(found, start=1)))
