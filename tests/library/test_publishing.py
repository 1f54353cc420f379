"""Publishing, replacing, retiring: what the library holds afterwards."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.domain import Document, DocumentStatus, Level, PartialDate, Precision, Provision, TextStatus
from assistant.errors import BadInput, NotFound, ProvisionNotFound
from assistant.library import Library
from tests.library.conftest import make_document, make_provisions, publish


def test_what_is_published_is_read_back_whole(library: Library) -> None:
    document = Document(
        work="mulu", version="2026", title="保留项目目录", level=Level.DISTRICT, document_number="X区评组办发〔2026〕1号", issuer="区协调小组办公室",
        region="XX省XX市XX区", issued_on=PartialDate(date(2026, 1, 1), Precision.MONTH), effective_on=PartialDate.parse("2026-02-03"),
        repealed_on=PartialDate.parse("2030"), supersedes=("mulu/2025",), text_status=TextStatus.MODEL, complete=False, known_articles=9,
        aliases=("目录", "区目录"), note="示范文本", content_hash="ab" * 32,
    )  # fmt: skip
    row = Provision(
        document.id, "第1行", "项目：甲", 0, locator="表", anchor="row-one", path=("附表1", "甲类"), article="第1行", number=(1,),
        columns=(("项目", "甲"), ("主办", "区委")),
    )  # fmt: skip
    library.publish([(document, [row], None)], by="张三")
    assert library.document("mulu/2026") == document
    assert library.provisions("mulu/2026") == [row]
    assert library.provision("mulu/2026/第1行") == row


def test_one_publication_raises_the_revision_once(library: Library) -> None:
    first, second = make_document("a"), make_document("b")
    assert library.revision == 0
    drafts = [(document, make_provisions(document, "第一条"), None) for document in (first, second)]
    assert library.publish(drafts, by="测试") == library.revision == 1
    assert {entry.document_id for entry in library.log() if entry.revision == 1} == {"a/2022", "b/2022"}


def test_publishing_the_same_again_changes_nothing(library: Library) -> None:
    document = make_document(content_hash="1" * 64)
    publish(library, document)
    fingerprint = library.fingerprint()
    assert publish(library, document) == 1
    assert publish(library, replace(document, work="other")) == 1  # the same file under another name
    assert library.fingerprint() == fingerprint
    assert len(library.log()) == 1


def test_other_content_under_a_known_id_replaces_it_and_is_logged(library: Library) -> None:
    publish(library, make_document(content_hash="1" * 64), "第一条", "第二条")
    publish(library, make_document(content_hash="2" * 64), "第一条")
    assert [provision.label for provision in library.provisions("chuangjian/2022")] == ["第一条"]
    assert [entry.action for entry in library.log()] == ["replaced", "published"]


def test_a_draft_that_contradicts_itself_publishes_nothing_of_the_batch(library: Library) -> None:
    good, bad = make_document("a"), make_document("b")
    twice = [*make_provisions(bad, "第一条"), replace(make_provisions(bad, "第一条")[0], ordinal=1)]
    with pytest.raises(BadInput, match="重复"):
        library.publish([(good, make_provisions(good, "第一条"), None), (bad, twice, None)], by="测试")
    assert library.documents() == []
    assert library.revision == 0


def test_a_retired_document_disappears_and_comes_back(library: Library) -> None:
    publish(library, make_document())
    before = library.fingerprint()
    library.retire("chuangjian/2022", by="李四", note="文件有误")
    assert library.documents() == []
    assert library.find_document("创建示范活动管理办法") is None
    assert library.document("chuangjian/2022").status is DocumentStatus.RETIRED
    assert library.in_force_ids(date(2026, 1, 1)) == frozenset()
    with pytest.raises(ProvisionNotFound):
        library.find_provision("chuangjian", provision="第一条", on=date(2026, 1, 1))
    library.restore("chuangjian/2022", by="李四", note="改好了")
    assert library.fingerprint() == before
    assert [(entry.action, entry.note) for entry in library.log()][:2] == [
        ("restored", "改好了"),
        ("retired", "文件有误"),
    ]


def test_the_fingerprint_depends_on_content_and_not_on_the_order_of_publishing(tmp_path: Path) -> None:
    prints = []
    for name, order in (("one", "ab"), ("two", "ba")):
        with Library.open(f"sqlite:///{tmp_path / name}.sqlite") as library:
            for work in order:
                publish(library, make_document(work))
            prints.append(library.fingerprint())
            publish(library, make_document("c"))
            assert library.fingerprint() != prints[-1]
    assert prints[0] == prints[1]


def test_a_superseded_document_ends_where_its_successor_begins(library: Library) -> None:
    publish(library, make_document("new", "2018", title="新办法", effective_on="2018-06-01", supersedes=("old/2010",)))
    publish(library, make_document("old", "2010", title="旧办法", effective_on="2010-10-27"))
    old = library.document("old/2010")
    assert old.status is DocumentStatus.SUPERSEDED
    assert old.in_force(date(2018, 5, 31))
    assert not old.in_force(date(2018, 6, 1))
    library.retire("new/2018", by="测试", note="")
    assert library.document("old/2010").in_force(date(2026, 1, 1))


def test_a_later_version_of_a_work_ends_the_earlier_one(library: Library) -> None:
    publish(library, make_document(version="2019", effective_on="2019-01-01"), "第一条")
    publish(library, make_document(version="2025", effective_on="2025-07-01"), "第一条")
    assert library.in_force_ids(date(2025, 6, 30)) == {"chuangjian/2019"}
    assert library.in_force_ids(date(2025, 7, 1)) == {"chuangjian/2025"}


def test_the_original_bytes_are_kept_by_their_hash(library: Library, tmp_path: Path) -> None:
    data = "原件".encode()
    publish(library, make_document(content_hash=hashlib.sha256(data).hexdigest()), original=data)
    assert library.original("chuangjian/2022") == data
    assert [path.name for path in (tmp_path / "originals").rglob("*") if path.is_file()] == [
        hashlib.sha256(data).hexdigest()
    ]


def test_an_original_that_was_not_kept_is_said_to_be_missing(library: Library) -> None:
    publish(library, make_document())
    with pytest.raises(NotFound, match="没有留存原件"):
        library.original("chuangjian/2022")


def test_another_process_sees_a_publication_at_once(library: Library, url: str) -> None:
    with Library.open(url) as other:
        assert other.documents() == []
        publish(library, make_document())
        assert [document.id for document in other.documents()] == ["chuangjian/2022"]
        publish(library, make_document(content_hash="3" * 64), "第一条", "第九条")
        assert other.provision("chuangjian/2022/第九条").label == "第九条"


def test_publishing_from_many_threads_loses_nothing(library: Library) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            publish(library, make_document(name, title=name))
            assert library.find_document(name) is not None
            library.save_answer(name, {"name": name})
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"work-{n}",)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert library.revision == 12
    assert len(library.documents()) == 12


def test_answers_and_feedback_are_kept(library: Library) -> None:
    library.save_answer("a1", {"text": "不能办", "facts": {"level": "镇"}})
    library.save_answer("a2", {"text": "可以"})
    library.save_feedback("a1", False, "文号不对")
    assert library.answer("a1") == {"text": "不能办", "facts": {"level": "镇"}}
    assert {answer["text"] for answer in library.recent_answers(5)} == {"不能办", "可以"}
    assert [(row["answer_id"], row["right"], row["comment"]) for row in library.feedback()] == [
        ("a1", False, "文号不对")
    ]
    with pytest.raises(NotFound):
        library.answer("a3")
    with pytest.raises(NotFound):
        library.save_feedback("a3", True, "")


def test_a_conversation_is_kept_until_forgotten(library: Library) -> None:
    assert library.conversation("telegram:1") is None
    library.save_conversation("telegram:1", {"turns": ["问"]})
    library.save_conversation("telegram:1", {"turns": ["问", "答"]})
    assert library.conversation("telegram:1") == {"turns": ["问", "答"]}
    library.forget_conversation("telegram:1")
    assert library.conversation("telegram:1") is None
