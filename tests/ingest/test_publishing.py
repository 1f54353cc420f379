"""Adding files, folders and archives; drafts; the shipped corpus into an empty library."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.domain import DocumentStatus, TextStatus
from assistant.errors import BadInput, IncompleteDocument, NotFound, UnreadableFile
from assistant.library import Library
from ingest.publishing import add, load_draft, publish_drafts, waiting_drafts
from ingest.reading import read_path
from ingest.seeding import seed
from ingest.walking import shown_name, walk


def law(title: str, *articles: str, issued: str = "2020年5月28日", more: str = "") -> str:
    return f"{title}\n\n{issued} 国务院公布\n\n" + "\n\n".join(f"{label} {label}的内容。" for label in articles) + more


@pytest.fixture
def library(settings: Settings) -> Iterator[Library]:
    with Library.open(settings.sql_url, settings.originals_dir) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "来件"
    (root / "内层").mkdir(parents=True)
    (root / "甲条例.txt").write_text(law("甲条例", "第一条", "第二条"), encoding="utf-8")
    (root / "内层" / "乙条例.md").write_text("# " + law("乙条例", "第一条"), encoding="utf-8")
    (root / "内层" / "照片.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (root / ".隐藏.txt").write_text("看不见", encoding="utf-8")
    (root / "~$甲条例.docx").write_bytes(b"lock")
    return root


def test_a_folder_is_read_in_one_step_and_each_refusal_has_its_reason(
    folder: Path, library: Library, settings: Settings
) -> None:
    seen: list[tuple[int, int, str]] = []
    report = add([folder], library, settings, publish=True, by="测试", progress=lambda *step: seen.append(step))
    assert set(report.published) == {"甲条例/2020-05-28", "乙条例/2020-05-28"}
    assert [(refusal.name, refusal.code) for refusal in report.refused] == [("照片.png", "unreadable_file")]
    assert report.revision == library.revision == 1
    assert seen[-1][:2] == (3, 3)
    assert library.original("甲条例/2020-05-28") == (folder / "甲条例.txt").read_bytes()


def test_a_second_run_changes_nothing(folder: Path, library: Library, settings: Settings) -> None:
    add([folder], library, settings, publish=True, by="测试")
    before = (library.revision, library.fingerprint(), len(library.log()))
    report = add([folder], library, settings, publish=True, by="测试")
    assert report.published == ()
    assert sorted(report.skipped) == ["乙条例.md", "甲条例.txt"]
    assert (library.revision, library.fingerprint(), len(library.log())) == before


def test_without_publishing_drafts_wait_until_somebody_says_so(
    folder: Path, library: Library, settings: Settings
) -> None:
    report = add([folder], library, settings, publish=False, by="测试")
    assert library.revision == 0
    assert len(report.draft_ids) == 2
    assert set(waiting_drafts(settings)) == set(report.draft_ids)
    kept = load_draft(report.draft_ids[0], settings)
    assert kept == next(draft for draft in report.drafts if draft.document == kept.document)
    assert publish_drafts(report.draft_ids[:1], library, settings, by="李四") == 1
    assert [document.id for document in library.documents()] == [kept.document.id]
    assert set(waiting_drafts(settings)) == set(report.draft_ids[1:])
    publish_drafts(None, library, settings, by="李四")
    assert len(library.documents()) == 2
    assert waiting_drafts(settings) == {}


@pytest.mark.parametrize("draft_id", ["abc", "../../etc/passwd", ""])
def test_a_draft_that_is_not_there_is_an_error(settings: Settings, library: Library, draft_id: str) -> None:
    with pytest.raises(NotFound):
        publish_drafts([draft_id], library, settings, by="测试")


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path, library: Library, settings: Settings) -> None:
    with pytest.raises(BadInput, match="没有"):
        add([tmp_path / "没有.txt"], library, settings, publish=True, by="测试")


def test_parts_of_one_law_become_one_document(tmp_path: Path, library: Library, settings: Settings) -> None:
    for name, articles in (("二编", ("第三条", "第四条")), ("一编", ("第一条", "第二条")), ("三编", ("第五条",))):
        (tmp_path / f"{name}.md").write_text("# " + law("大法典", *articles), encoding="utf-8")
    paths = sorted(tmp_path.glob("*.md"))
    report = add(paths, library, settings, publish=True, by="测试")
    (document_id,) = report.published
    assert [p.label for p in library.provisions(document_id)] == ["第一条", "第二条", "第三条", "第四条", "第五条"]
    assert [p.ordinal for p in library.provisions(document_id)] == list(range(5))
    assert not any("缺第" in problem.message for _, problem in report.problems)
    with zipfile.ZipFile(io.BytesIO(library.original(document_id))) as archive:
        assert sorted(archive.namelist()) == ["一编.md", "三编.md", "二编.md"]
    assert add(paths, library, settings, publish=True, by="测试").published == ()


def test_an_original_takes_over_the_work_of_its_paraphrase(
    tmp_path: Path, library: Library, settings: Settings
) -> None:
    paraphrase = tmp_path / "转述.md"
    paraphrase.write_text(
        "---\nwork: jia-tiaoli\nversion: '2020'\ntitle: 甲条例(试行)\nlevel: central\nissued_on: 2020-05\ntext_status: paraphrase\ncomplete: false\naliases: [小甲]\n---\n第一条 转述。",
        encoding="utf-8",
    )
    add([paraphrase], library, settings, publish=True, by="测试")
    original = tmp_path / "原件.txt"
    original.write_text(law("甲条例（试行）", "第一条", "第二条"), encoding="utf-8")
    report = add([original], library, settings, publish=True, by="测试")
    assert report.published == ("jia-tiaoli/2020",)
    document = library.document("jia-tiaoli/2020")
    assert (document.text_status, document.aliases, document.complete) == (TextStatus.ORIGINAL, ("小甲",), True)
    assert library.provision("jia-tiaoli/2020/第一条").text == "第一条的内容。"
    assert [entry.action for entry in library.log()] == ["replaced", "published"]
    assert any("替换" in problem.message for _, problem in report.problems)


def test_a_new_version_of_a_held_work_ends_the_old_one(tmp_path: Path, library: Library, settings: Settings) -> None:
    for issued in ("2015年1月1日", "2024年6月1日"):
        (tmp_path / f"甲条例{issued}.txt").write_text(law("甲条例", "第一条", issued=issued), encoding="utf-8")
        add([tmp_path / f"甲条例{issued}.txt"], library, settings, publish=True, by="测试")
    old, new = library.versions("甲条例")
    assert (old.status, str(old.repealed_on)) == (DocumentStatus.SUPERSEDED, "2024-06-01")
    assert library.find_provision("甲条例", provision="第1条", on=date(2020, 1, 1))[0] == old
    assert library.find_provision("甲条例", provision="第1条", on=date(2025, 1, 1))[0] == new


def test_what_a_document_repeals_ends_with_it_even_in_the_same_batch(
    tmp_path: Path, library: Library, settings: Settings
) -> None:
    (tmp_path / "旧.txt").write_text(law("旧规定", "第一条", issued="2001年1月1日"), encoding="utf-8")
    ending = "\n\n第二条 本条例自2020年7月1日起施行。《旧规定》同时废止。"
    (tmp_path / "新.txt").write_text(law("新条例", "第一条", more=ending), encoding="utf-8")
    add([tmp_path], library, settings, publish=True, by="测试")
    old = library.find_document("旧规定")
    assert old is not None
    assert (old.status, str(old.repealed_on)) == (DocumentStatus.SUPERSEDED, "2020-07-01")


def test_two_files_with_one_id_and_other_words_are_not_both_taken(
    tmp_path: Path, library: Library, settings: Settings
) -> None:
    (tmp_path / "一.txt").write_text(law("甲条例", "第一条", "第二条"), encoding="utf-8")
    (tmp_path / "二.txt").write_text(law("甲条例", "第一条", "第三条"), encoding="utf-8")
    report = add([tmp_path], library, settings, publish=True, by="测试")
    assert len(report.published) == 1
    assert "version" in report.refused[0].hint


def test_a_corrected_sidecar_is_noticed(tmp_path: Path, library: Library, settings: Settings) -> None:
    path = tmp_path / "甲条例.txt"
    path.write_text(law("甲条例", "第一条"), encoding="utf-8")
    sidecar = tmp_path / "甲条例.txt.meta.yaml"
    sidecar.write_text("issuer: 甲\n", encoding="utf-8")
    add([path], library, settings, publish=True, by="测试")
    assert add([path], library, settings, publish=True, by="测试").published == ()
    sidecar.write_text("issuer: 乙\n", encoding="utf-8")
    assert add([path], library, settings, publish=True, by="测试").published == ("甲条例/2020-05-28",)
    assert library.document("甲条例/2020-05-28").issuer == "乙"


# --- archives


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_an_archive_is_opened_with_its_sidecars(tmp_path: Path, library: Library, settings: Settings) -> None:
    path = make_zip(
        tmp_path / "包.zip",
        {
            "一/甲条例.txt": law("甲条例", "第一条").encode(),
            "一/甲条例.txt.meta.yaml": b"work: jia\nversion: '1'",
            "__MACOSX/x.txt": b"x",
            "二/乙条例.txt": law("乙条例", "第一条").encode(),
        },
    )
    report = add([path], library, settings, publish=True, by="测试")
    assert sorted(report.published) == ["jia/1", "乙条例/2020-05-28"]
    assert sorted(draft.name for draft in report.drafts) == ["包.zip/一/甲条例.txt", "包.zip/二/乙条例.txt"]


def test_names_that_climb_out_of_an_archive_are_ignored(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    path = make_zip(inside / "包.zip", {"../../逃.txt": b"x", "/绝对.txt": b"x", "好.txt": "好".encode()})
    assert [shown_name(found) for found in walk([path])] == ["包.zip/好.txt"]
    assert not (tmp_path / "逃.txt").exists()


def test_an_archive_that_is_a_bomb_is_refused_and_the_rest_is_read(
    tmp_path: Path, library: Library, settings: Settings
) -> None:
    make_zip(tmp_path / "一.zip", {"大.txt": b"0" * 50_000_000})
    (tmp_path / "二.txt").write_text(law("乙条例", "第一条"), encoding="utf-8")
    report = add([tmp_path], library, settings, publish=True, by="测试")
    assert [(refusal.name, "压缩炸弹" in refusal.message) for refusal in report.refused] == [("一.zip", True)]
    assert report.published == ("乙条例/2020-05-28",)
    with pytest.raises(UnreadableFile):
        list(walk([tmp_path / "一.zip"]))


def test_what_was_unpacked_is_gone_afterwards(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "包.zip", {"甲.txt": "甲".encode(), "乙.txt": "乙".encode()})
    found = list(walk([path]))
    assert len(found) == 2
    assert not any(one.exists() for one in found)


# --- the shipped corpus


def test_an_empty_library_is_filled_from_the_corpus_in_one_revision(library: Library, settings: Settings) -> None:
    seen: list[str] = []
    assert seed(library, settings, lambda done, total, name: seen.append(name)) == 1
    assert "chuangjian-shifan/2022.md" in seen
    assert (
        library.find_provision("chuangjian-shifan", provision="第四条第一款", on=date(2026, 1, 1))[1].parent
        == "chuangjian-shifan/2022/第四条"
    )
    assert library.find_provision("chuangjian-shifan", anchor="no-fee", on=date(2026, 1, 1))[1].locator == "条号未核"
    assert library.articles("xx-qu-banfa/2026") == 25  # its numbers stand in numbering.xml only
    assert seed(library, settings) == 1


def test_every_shipped_document_is_read_without_a_warning_that_matters(settings: Settings) -> None:
    from ingest.seeding import read_corpus

    warned = {
        draft.document.id: problem.message
        for draft in read_corpus(settings)
        for problem in draft.problems
        if problem.severity != "info" and "没有读到发布日期" not in problem.message
    }
    assert warned == {}


def test_a_corpus_file_in_the_wrong_place_is_refused(tmp_path: Path, library: Library) -> None:
    settings = Settings(home=tmp_path / "home", corpus_dir=tmp_path / "corpus")
    path = tmp_path / "corpus" / "documents" / "jia" / "2021.md"
    path.parent.mkdir(parents=True)
    path.write_text("---\nwork: jia\nversion: '2020'\ntitle: 甲\nlevel: central\n---\n第一条 甲。", encoding="utf-8")
    with pytest.raises(IncompleteDocument, match="jia/2020"):
        seed(library, settings)
    assert library.revision == 0


def test_a_draft_read_twice_is_the_same(folder: Path, settings: Settings) -> None:
    assert read_path(folder / "甲条例.txt", settings) == read_path(folder / "甲条例.txt", settings)
