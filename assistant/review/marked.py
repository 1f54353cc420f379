"""The draft as a Word file with a comment at every finding. The words of the notice are never changed.

Takes what was reviewed: the text, or the .docx it came from (then its own formatting stays). python-docx is loaded here only.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from assistant.domain import Citation, Finding, Review, Severity, TextStatus
from assistant.errors import UnreadableFile
from assistant.render.labels import SEVERITY_LABELS, chinese_date, label_of

AUTHOR = "明规"
_BANNER = "发文前检查结果，供经办人核对；结论以正式文件为准。"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of a paragraph and the range of the joined text it holds."""

    run: Any
    start: int
    end: int


def write_docx(original: str | bytes, review: Review) -> bytes:
    """A .docx with one comment a finding, at its words; the verdict is a comment at the first words.

    `original` is the reviewed text, or the bytes of the .docx it was read from. A finding whose words cannot be found in
    the file any more is put into the first comment, so none is lost. Raises UnreadableFile for bytes that are no .docx.
    """
    from docx import Document

    if isinstance(original, str):
        document = Document()
        for line in original.split("\n"):
            document.add_paragraph(_printable(line))
        findings = [(finding, finding.start, finding.end) for finding in review.findings]
        text = original
    else:
        try:
            document = Document(io.BytesIO(original))
        except Exception as error:  # zipfile, lxml and KeyError all mean the same to the reader
            raise UnreadableFile("这个文件打不开，不是有效的 .docx。", hint="请另存为 .docx 后再试。") from error
        text = "\n".join(paragraph.text for paragraph in _paragraphs(document))
        findings = list(_located(text, review))
    homeless: list[Finding] = []
    starts, paragraphs = _index(document)
    # from the end, so that splitting a run never moves a place still to be marked
    for finding, start, end in sorted(findings, key=lambda item: -item[1]):
        runs = _runs_at(paragraphs, starts, start, end) if end > start else []
        if runs:
            document.add_comment(runs, text=_comment(finding), author=AUTHOR, initials="明")
        elif start < 0 or end > start:
            homeless.append(finding)
    placed = {id(finding) for finding, *_ in findings}
    homeless += [finding for finding in review.findings if id(finding) not in placed]
    first = next((run for paragraph in _paragraphs(document) for run in paragraph.runs if run.text.strip()), None)
    if first is None:
        first = (next(iter(document.paragraphs), None) or document.add_paragraph()).add_run("（空白）")
    document.add_comment([first], text=_summary(review, homeless), author=AUTHOR, initials="明")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _printable(line: str) -> str:
    """XML holds no control characters; one blank each keeps every offset."""
    return "".join(
        " " if (ord(char) < 32 and char != "\t") or char in "\ufffe\uffff" or 0xD800 <= ord(char) <= 0xDFFF else char
        for char in line
    )


def _paragraphs(document: Any) -> Iterator[Any]:
    """Paragraphs of the body in order, those in table cells where the table stands; a merged cell counts once."""
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            seen: set[Any] = set()
            for row in block.rows:
                for cell in row.cells:
                    if cell._tc not in seen:
                        seen.add(cell._tc)
                        yield from cell.paragraphs
        else:
            yield block


def _located(text: str, review: Review) -> Iterator[tuple[Finding, int, int]]:
    """Findings with their place in the text of the file; start -1 when the words are not there.

    The reviewed text may have been laid out differently (numbers of lists, cells), so places are searched by their words,
    nearest to where the review found them.
    """
    for finding in review.findings:
        places = []
        at = text.find(finding.span) if finding.span else -1
        while at >= 0:
            places.append(at)
            at = text.find(finding.span, at + 1)
        if places:
            start = min(places, key=lambda place: abs(place - finding.start))
            yield finding, start, start + len(finding.span)
        else:
            yield finding, -1, -1


def _index(document: Any) -> tuple[list[int], list[Any]]:
    """Where each paragraph begins in the joined text, and the paragraphs."""
    starts: list[int] = []
    paragraphs: list[Any] = []
    at = 0
    for paragraph in _paragraphs(document):
        starts.append(at)
        paragraphs.append(paragraph)
        at += len(paragraph.text) + 1
    return starts, paragraphs


def _runs_at(paragraphs: list[Any], starts: list[int], start: int, end: int) -> list[Any]:
    """Runs that hold exactly [start, end), split where needed; over several paragraphs the first and the last run."""
    first = _split_runs(paragraphs, starts, start, end)
    return [first[0], first[-1]] if first else []


def _split_runs(paragraphs: list[Any], starts: list[int], start: int, end: int) -> list[Any]:
    out: list[Any] = []
    index = max(bisect_right(starts, start) - 1, 0)
    while index < len(paragraphs) and starts[index] < end:
        paragraph, base = paragraphs[index], starts[index]
        low, high = max(start - base, 0), min(end - base, len(paragraph.text))
        if low < high:
            for edge in (low, high):
                _split(paragraph, edge)
            out += [
                piece.run
                for piece in _pieces(paragraph)
                if piece.start >= low and piece.end <= high and piece.end > piece.start
            ]
        index += 1
    return out


def _pieces(paragraph: Any) -> list[_Piece]:
    """Runs in order with their ranges of paragraph.text; runs inside a hyperlink are included."""
    from docx.text.run import Run

    out: list[_Piece] = []
    at = 0
    for item in paragraph.iter_inner_content():
        for run in [item] if isinstance(item, Run) else item.runs:
            out.append(_Piece(run, at, at + len(run.text)))
            at += len(run.text)
    return out


def _split(paragraph: Any, at: int) -> None:
    """Make a run boundary at this offset of the paragraph. A run that holds more than plain text is left whole."""
    from docx.oxml.ns import qn
    from docx.text.run import Run

    for piece in _pieces(paragraph):
        if not piece.start < at < piece.end:
            continue
        words = piece.run.text
        if len(words) != sum(len(t.text or "") for t in piece.run._r.findall(qn("w:t"))):
            return  # tabs, breaks or pictures inside: the comment then covers the whole run
        element = deepcopy(piece.run._r)
        piece.run._r.addnext(element)
        piece.run.text = words[: at - piece.start]
        Run(element, piece.run._parent).text = words[at - piece.start :]
        return


def _comment(finding: Finding) -> str:
    lines = [f"【{SEVERITY_LABELS[finding.severity]}】{finding.message}"]
    if finding.advice:
        lines.append(finding.advice)
    grounds = [_ground(citation) for citation in finding.citations[:3]]
    if grounds:
        lines.append("依据：" + "；".join(grounds))
    return "\n".join(lines)


def _ground(citation: Citation) -> str:
    mark = {TextStatus.PARAPHRASE: "（转述，引用前请核对原件）", TextStatus.MODEL: "（示范文本，非真实规定）"}.get(
        citation.text_status, ""
    )
    return f"《{citation.document}》{citation.provision or citation.locator}{mark}"


def _summary(review: Review, homeless: list[Finding]) -> str:
    lines = []
    if review.outcome is not None:
        lines.append(f"活动本身：{review.label or label_of(review.outcome)}")
    if review.answer is not None and review.answer.text:
        lines.append(review.answer.text)
    pressed = sum(finding.severity is not Severity.ADVISE for finding in review.findings)
    lines.append(
        f"共{len(review.findings)}处批注，其中{pressed}处建议改后再印发。"
        if review.findings
        else "没有查到需要处理的写法。"
    )
    lines += [f"（原文位置未对上）“{finding.span}”：{_comment(finding)}" for finding in homeless]
    day = chinese_date(review.as_of)
    lines.append(_BANNER + (f"截至{day}。" if day else ""))
    return "\n".join(lines)
