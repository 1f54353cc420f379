"""The marked draft: Word comments at the words, and not one word of the notice changed."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from docx import Document

from assistant.domain import Review
from assistant.errors import UnreadableFile
from assistant.review.marked import write_docx
from tests.review.conftest import CORPUS, ReviewText

BAD = (CORPUS / "notices" / "beautiful_courtyard.bad.md").read_text(encoding="utf-8")


def opened(data: bytes):
    return Document(io.BytesIO(data))


def marked_words(document) -> list[str]:
    """The words between the start and the end of every comment, in order of the comments' starts."""
    body = document.element.body
    inside: dict[str, str] = {}
    done: list[tuple[int, str]] = []
    order: dict[str, int] = {}
    for element in body.iter():
        tag = element.tag.rsplit("}", 1)[-1]
        if tag == "commentRangeStart":
            key = element.values()[0]
            inside[key] = ""
            order[key] = len(order)
        elif tag == "commentRangeEnd":
            key = element.values()[0]
            done.append((order[key], inside.pop(key)))
        elif tag == "t":
            for key in inside:
                inside[key] += element.text or ""
    return [words for _, words in sorted(done)]


def test_every_finding_becomes_a_comment_at_its_words_and_the_text_stays(review: ReviewText) -> None:
    result = review(BAD)
    document = opened(write_docx(BAD, result))
    assert "\n".join(paragraph.text for paragraph in document.paragraphs) == BAD
    words = marked_words(document)
    assert len(words) == len(result.findings) + 1
    assert sorted(words[1:]) == sorted(finding.span for finding in result.findings)


def test_the_comment_says_what_why_and_on_what_ground(review: ReviewText) -> None:
    comments = [comment.text for comment in opened(write_docx(BAD, review(BAD))).comments]
    burden = next(text for text in comments if "基层负担" in text)
    assert burden.startswith("【须改】")
    assert "依据：《" in burden
    assert "建议" in burden
    assert any("不得开展" in text and "2026年11月23日" in text for text in comments)


def test_a_word_file_keeps_its_own_formatting_and_tables(review: ReviewText) -> None:
    source = Document()
    source.add_paragraph("XX镇人民政府关于评选“最美庭院”的通知")
    source.add_paragraph("各村：")
    paragraph = source.add_paragraph("镇政府决定评选“最美庭院”，获评的")
    paragraph.add_run("授予").bold = True
    paragraph.add_run("“最美庭院”牌匾，每户缴纳评审费200元。")
    source.add_table(1, 1).cell(0, 0).paragraphs[0].add_run("各村每周五报送台账。")
    buffer = io.BytesIO()
    source.save(buffer)
    text = "\n".join([*(p.text for p in source.paragraphs), "各村每周五报送台账。"])
    result = review(text)
    document = opened(write_docx(buffer.getvalue(), result))
    assert [p.text for p in document.paragraphs] == [p.text for p in source.paragraphs]
    bold = [run.text for run in document.paragraphs[2].runs if run.bold]
    assert bold == ["授予"]
    words = marked_words(document)
    assert "各村每周五报送台账" in words
    assert "每户缴纳评审费200元" in words


def test_a_finding_whose_words_are_gone_is_kept_in_the_first_comment(review: ReviewText) -> None:
    result = review(BAD)
    buffer = io.BytesIO()
    empty = Document()
    empty.add_paragraph("完全不同的文字")
    empty.save(buffer)
    document = opened(write_docx(buffer.getvalue(), result))
    comments = [comment.text for comment in document.comments]
    assert len(comments) == 1
    assert all(finding.span in comments[0] for finding in result.findings)


def test_a_clean_notice_gets_one_comment_that_says_so(review: ReviewText) -> None:
    good = (CORPUS / "notices" / "beautiful_courtyard.corrected.md").read_text(encoding="utf-8")
    comments = [comment.text for comment in opened(write_docx(good, review(good))).comments]
    assert len(comments) == 1
    assert "没有查到需要处理的写法" in comments[0]


@pytest.mark.parametrize("text", ["", "\x0b\x00只有控制字符\x1f", "一\t二\n\n三"])
def test_odd_texts_still_give_a_file(text: str, review: ReviewText) -> None:
    assert opened(write_docx(text, review(text))).comments


def test_overlapping_findings_are_all_marked(review: ReviewText) -> None:
    result = review(BAD)
    first = result.findings[0]
    inner = replace(first, kind="wording", start=first.start + 2, end=first.end - 2, span=first.span[2:-2])
    both = Review(result.outcome, result.label, (first, inner), result.answer, result.as_of)
    words = marked_words(opened(write_docx(BAD, both)))
    assert first.span in words
    assert inner.span in words


def test_bytes_that_are_no_word_file_are_refused_with_a_hint(review: ReviewText) -> None:
    with pytest.raises(UnreadableFile) as caught:
        write_docx(b"not a zip", review(BAD))
    assert ".docx" in caught.value.hint
