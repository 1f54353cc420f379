"""Files that are damaged, locked, or meant to do harm: refused with a reason, and the next file is read as ever."""

from __future__ import annotations

import contextlib
import io
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.errors import AssistantError, UnreadableFile
from ingest.reading import plain_text, read_bytes
from tests.ingest import making
from tests.ingest.making import Word, word


def simple_word() -> bytes:
    def fill(made: Word) -> None:
        made.title("某某办法")
        made.text("第一条 甲。")

    return word(fill)


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            if entry.filename != name:
                target.writestr(entry, source.read(entry))
        target.writestr(name, content)
    return out.getvalue()


def document_xml(doctype: str, text: str) -> bytes:
    return (
        f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    ).encode()


def refused(data: bytes, name: str, settings: Settings) -> AssistantError:
    with pytest.raises(UnreadableFile) as error:
        read_bytes(data, name, settings=settings)
    assert name in error.value.message
    assert error.value.hint
    return error.value


def test_a_zip_bomb_in_word_clothing_is_refused_before_it_is_opened(settings: Settings) -> None:
    bomb = with_part(simple_word(), "word/document.xml", document_xml("", "甲" * 20_000_000))
    assert len(bomb) < 1_000_000
    started = time.monotonic()
    assert "压缩炸弹" in refused(bomb, "炸弹.docx", settings).message
    assert time.monotonic() - started < 15


def test_an_archive_that_lies_about_its_sizes_is_refused(settings: Settings) -> None:
    data = with_part(simple_word(), "word/document.xml", document_xml("", "甲" * 300_000))
    at = data.rindex(b"word/document.xml") - 46
    real = int.from_bytes(data[at + 24 : at + 28], "little")
    assert real > 900_000
    lying = data[: at + 24] + (1000).to_bytes(4, "little") + data[at + 28 :]
    refused(lying, "谎报.docx", settings)


def test_external_entities_are_never_followed(settings: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机器上的秘密", encoding="utf-8")
    xml = document_xml(f'<!DOCTYPE x [<!ENTITY leak SYSTEM "file://{secret}">]>', "&leak;第一条 甲。")
    error = refused(with_part(simple_word(), "word/document.xml", xml), "外部.docx", settings)
    assert "DOCTYPE" in error.message
    assert "机器上" not in error.message


def test_entities_that_multiply_are_refused(settings: Settings) -> None:
    entities = '<!ENTITY a "笑笑笑笑笑笑笑笑笑笑">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8)
    )
    refused(
        with_part(simple_word(), "word/document.xml", document_xml(f"<!DOCTYPE x [{entities}]>", "&i;")),
        "笑.docx",
        settings,
    )


def test_a_pdf_that_unpacks_to_gigabytes_is_stopped_by_the_limits(settings: Settings) -> None:
    small = settings.model_copy(update={"parse_timeout_s": 3.0, "parse_memory_mb": 400})
    bomb = making.pdf([([], [])], stream=b"BT /F1 12 Tf 1 0 0 1 50 50 Tm <4e00> Tj ET\n" * 4_000_000)
    started = time.monotonic()
    refused(bomb, "炸弹.pdf", small)
    assert time.monotonic() - started < 30
    assert read_bytes(simple_word(), "办法.docx", settings=small).provisions


def test_very_deep_markup_is_refused_and_harms_nothing(settings: Settings) -> None:
    deep = b"<html><body>" + b"<div>" * 60_000 + "第一条 甲。".encode() + b"</div>" * 60_000 + b"</body></html>"
    refused(deep, "深.html", settings)
    assert read_bytes(simple_word(), "办法.docx", settings=settings).provisions


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空文件"),
        (b"  \n\t ", "空文件"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "图片"),
        (b"{\\rtf1\\ansi abc}", "rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "加密"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "doc"),
        (b"PK\x03\x04" + bytes(50), "损坏"),
        (b"%PDF-1.7\n" + bytes(200), "损坏"),
        (b"MZ" + bytes(200), "程序"),
        (b"Rar!\x1a\x07\x00" + bytes(50), "压缩包"),
        (bytes(range(256)) * 40, "编码"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_has_a_way_out(settings: Settings, data: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as error:
        read_bytes(data, "来件", settings=settings)
    assert error.value.hint
    with pytest.raises(UnreadableFile):
        plain_text(data, "来件", settings)


def test_a_pdf_with_a_password_is_said_to_have_one(settings: Settings) -> None:
    locked = making.pdf(
        [(making.page_of_text(["某某办法", "第一条 甲。"]), [])],
        extra_trailer=b"/Encrypt<</Filter/Standard/V 1/R 2/P -44/O<"
        + b"41" * 32
        + b">/U<"
        + b"42" * 32
        + b">>>/ID[<00><00>]",
    )
    assert "密码" in refused(locked, "加密.pdf", settings).message


def test_a_file_over_the_limit_is_refused_with_its_size(settings: Settings) -> None:
    small = settings.model_copy(update={"max_upload_mb": 1})
    assert "超过 1 MB" in refused(b"a" * 2_000_000, "大.txt", small).message


def test_a_damaged_word_file_is_refused_and_a_sound_one_is_read_after_it(settings: Settings) -> None:
    good = simple_word()
    rng = random.Random(7)
    for _ in range(12):
        broken = bytearray(good)
        for _ in range(40):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        with contextlib.suppress(AssistantError):  # anything else would fail the test
            read_bytes(bytes(broken), "坏.docx", settings=settings)
    assert [p.label for p in read_bytes(good, "办法.docx", settings=settings).provisions] == ["第一条"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_child_knows_none_of_the_parents_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.readers import worker

    monkeypatch.setenv("MINGGUI_TELEGRAM_TOKEN", "very-secret")
    child = worker._Child(512)
    try:
        assert b"very-secret" not in Path(f"/proc/{child._process.pid}/environ").read_bytes()
    finally:
        child.close()


def test_reading_works_from_a_program_without_a_main_guard(settings: Settings, tmp_path: Path) -> None:
    source = tmp_path / "办法.docx"
    source.write_bytes(simple_word())
    program = (
        "import sys; from pathlib import Path; from assistant.config import Settings; from ingest.reading import read_path; "
        "print(len(read_path(Path(sys.argv[1]), Settings()).provisions))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(source)], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert done.stdout.strip() == "1"
