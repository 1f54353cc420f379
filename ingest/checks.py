"""What is wrong or doubtful about a document: secrecy marks, missing and repeated articles, missing dates. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain import Document, Provision, TextStatus
from assistant.errors import ClassifiedFile
from assistant.text.labels import article_label, article_number
from ingest.markers import Kind, read_marker
from ingest.readers.blocks import Reading

_FIRST = 14  # blocks of the first page that can be its header


@dataclass(frozen=True)
class Problem:
    """Something to look at before publishing."""

    severity: str  # refuse | warn | info
    place: str  # 第12段, 第三条, 发布日期; "" for the whole document
    message: str
    hint: str


_GRADE = r"(?:绝\s*密|机\s*密|秘\s*密)"
_MARK = re.compile(
    rf"^(?:密\s*级|保密等级)?\s*[:：]?\s*[【\[（(]?\s*{_GRADE}\s*[】\]）)]?"
    r"(?:\s*[★☆*].*|\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:年|个月)|\s*长期|\s*件|\s*级)?$"
)
_STAR = re.compile(r"★\s*(?:\d{1,2}\s*(?:年|个月)|[一二三四五六七八九十]{1,3}\s*(?:年|个月)|长期|启用前|解密前|使用前)")
_WITH_STAR = re.compile(rf"{_GRADE}\s*[★☆]")
_INTERNAL = re.compile(
    r"^(?:内部(?:资料|文件|使用|传阅|材料|掌握)?|注意保存|不得外传|仅供内部\S{0,6})[，,！!。\s]*(?:注意保存|不得外传|严禁外传)?$|内部(?:资料|文件|材料)[，, ]*(?:注意保存|不得外传|严禁外传)|不予公开$"
)
_COPY = re.compile(r"^(?:份\s*号|编\s*号|No\.?)\s*[:：]?\s*0\d{3,7}$|^0\d{5}$")


def secrecy_mark(reading: Reading) -> str:
    """The secrecy mark in the header of the first page, or ''.

    Only marks count, standing alone on a line or in a field (机密★3年, 秘密, 密级：机密): the words in a sentence
    (保守国家秘密) do not.
    """
    for line in _first_lines(reading):
        for piece in [line, *re.split(r"\s{2,}|\t|(?<=[0-9年])\s+", line), *line.split()]:
            if _MARK.match(piece.strip()):
                return piece.strip()
        if len(line) <= 40 and (_STAR.search(line) or _WITH_STAR.search(line)):
            return line
    return ""


def refuse_classified(reading: Reading, name: str) -> None:
    """Raises ClassifiedFile when the first page carries a secrecy mark."""
    mark = secrecy_mark(reading)
    if mark:
        raise ClassifiedFile(
            f"“{name}”首页标有“{mark}”，属于涉密文件，已拒绝读取，未作任何保存。",
            hint="涉密文件不得导入本系统，请按保密规定处理；标注有误的，改用去除标注的公开版本。",
        )


def internal_marks(reading: Reading) -> list[Problem]:
    """内部 and 份号 on the first page: read, but somebody should know."""
    out = []
    for line in _first_lines(reading):
        for piece in dict.fromkeys([line, *line.split()]):
            if _INTERNAL.search(piece) and len(piece) <= 30:
                out.append(
                    Problem(
                        "warn",
                        "首页",
                        f"首页标有“{piece}”。",
                        "确认可以在本单位范围内使用后再发布；对外提供服务的不要发布。",
                    )
                )
                break
            if _COPY.match(piece):
                out.append(
                    Problem(
                        "warn", "首页", f"首页有份号“{piece}”，可能是编号管理的文件。", "确认不涉密、可以使用后再发布。"
                    )
                )
                break
    return out


def _first_lines(reading: Reading) -> Iterable[str]:
    for text in reading.headers:
        yield from (line for line in text.splitlines() if line.strip())
    for at, block in enumerate(reading.blocks[:_FIRST]):
        if block.rows:
            for row in block.rows[:4]:
                yield from (cell for cell in dict.fromkeys(row) if cell)
            continue
        marker = read_marker(block.text)
        if at and marker is not None and marker.kind in (Kind.ARTICLE, Kind.CHAPTER):
            return
        yield from block.text.splitlines()


# --- structure -------------------------------------------------------------------------------------------------------


def check_document(document: Document, provisions: Sequence[Provision]) -> list[Problem]:
    """Problems of a parsed document, gravest first."""
    out: list[Problem] = []
    if not provisions:
        out.append(Problem("refuse", "", "没有读到正文。", "打开文件看看正文是不是图片；扫描件请先做文字识别。"))
    if not document.effective_on.value and not document.issued_on.value:
        out.append(
            Problem(
                "warn",
                "发布日期",
                "没有读到发布日期和施行日期，无法判断何时有效。",
                "在说明文件（同名 .meta.yaml）里补上 issued_on 和 effective_on。",
            )
        )
    elif not document.effective_on.value:
        out.append(
            Problem(
                "info", "施行日期", "没有写明施行日期，按发布之日起算。", "与原件核对；有施行日期的补上 effective_on。"
            )
        )
    if (
        document.text_status is TextStatus.ORIGINAL
        and not document.document_number
        and document.level.value != "central"
    ):
        out.append(Problem("info", "发文字号", "没有读到发文字号。", "与原件核对；有的补上 document_number。"))
    out += _check_numbers(document, provisions)
    order = {"refuse": 0, "warn": 1, "info": 2}
    return sorted(out, key=lambda problem: order[problem.severity])


def _check_numbers(document: Document, provisions: Sequence[Provision]) -> list[Problem]:
    out: list[Problem] = []
    again = [p.label for p in provisions if p.label.endswith("〕") and not p.parent]
    if again:
        names = "、".join(dict.fromkeys(label.split("〔")[0] for label in again[:5]))
        out.append(
            Problem("warn", names, f"编号重复：{names}。", "与原件核对；是两部分各自编号的，请拆成附件或两份文件。")
        )
    by_part: dict[str, list[int]] = {}
    for provision in provisions:
        found = article_number(provision.label)
        if found is not None and not provision.parent and found[1] == 0 and "〔" not in provision.label:
            by_part.setdefault(provision.label[: provision.label.index("第")], []).append(found[0])
    for part, numbers in by_part.items():
        missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
        if missing and document.complete:
            shown = "、".join(article_label(number) for number in missing[:6]) + ("等" if len(missing) > 6 else "")
            out.append(
                Problem(
                    "warn",
                    f"{part}{shown}",
                    f"{part}缺{shown}（共缺 {len(missing)} 条）。",
                    "与原件核对；本来就没有收全的，把 complete 写成 false。",
                )
            )
        if sorted(numbers) != numbers:
            out.append(
                Problem("warn", part.strip(), f"{part}条文次序有颠倒。", "与原件核对；扫描识别或自动编号可能出错。")
            )
    held = {article_number(p.label) for p in provisions if article_number(p.label)}
    if document.known_articles and document.complete and held and len(held) != document.known_articles:
        out.append(Problem("warn", "", f"应有 {document.known_articles} 条，读到 {len(held)} 条。", "与原件核对。"))
    return out
