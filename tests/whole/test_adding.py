"""A policy office's own files, from `corpus add` to a cited answer: Word auto-numbering, a text PDF, a catalog in Excel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.making import Word, level, page_of_text, pdf, word, workbook

MEASURES = "青石区窗口服务积分管理办法"


def auto_numbered() -> bytes:
    """Articles numbered by Word alone: “第X条” stands in numbering.xml, not in the text."""

    def fill(made: Word) -> None:
        made.definition(7, level(0, "第%1条　", "chineseCountingThousand"))
        made.list(7, 7)
        made.title(MEASURES)
        for text in (
            "为规范全区窗口服务积分管理，制定本办法。",
            "本办法适用于区政务服务大厅各窗口。",
            "窗口服务积分每季度核算一次，由区行政审批局在季度结束后12个工作日内公布核算规则的执行情况。",
            "积分结果只用于改进服务，不排名、不授牌、不公布名单。",
            "本办法自2026年3月1日起施行。",
        ):
            made.numbered(text, 7)

    return word(fill)


def text_pdf() -> bytes:
    return pdf(
        [
            (
                page_of_text(
                    [
                        "青石区会议用房管理规定",
                        "第一条　区机关会议用房由区机关事务管理局统一调配。",
                        "第二条　借用会议用房的，应当提前3个工作日提出申请，写明参会人数和设备需求。",
                        "第三条　本规定自2026年2月1日起施行。",
                    ]
                ),
                [],
            )
        ]
    )


def catalog() -> bytes:
    return workbook(
        {
            "目录": [
                ["青石区便民服务事项目录"],
                ["序号", "事项名称", "受理单位", "办理时限"],
                ["1", "老年优待证换领", "区民政局", "当场办结"],
                ["2", "渡口夜航登记", "区交通运输局", "7个工作日"],
                ["3", "社区活动室预约", "各街道办事处", "2个工作日"],
            ]
        }
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own with three added files, and what the command said."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "积分办法.docx").write_bytes(auto_numbered())
    (folder / "会议用房.pdf").write_bytes(text_pdf())
    (folder / "事项目录.xlsx").write_bytes(catalog())
    home = tmp_path_factory.mktemp("home-added")
    done = minggui(home, "corpus", "add", str(folder), "--yes", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (len(report["published"]), report["refused"], report["drafts"]) == (3, [], [])
    return home


def minggui(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "MINGGUI_HOME": str(home), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *words], env=env, capture_output=True, check=False, timeout=180
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def found(home: Path, query: str) -> list[dict[str, Any]]:
    return json.loads(minggui(home, "search", query, "-k", "3", "--json").stdout)


def test_an_auto_numbered_word_file_is_found_by_its_article(filled: Path) -> None:
    best = found(filled, "窗口服务积分多久核算一次")[0]
    assert (best["document"], best["provision"]) == (MEASURES, "第三条")


def test_a_text_pdf_is_found_by_its_article(filled: Path) -> None:
    best = found(filled, "借用会议用房提前几天申请")[0]
    assert (best["document"], best["provision"]) == ("青石区会议用房管理规定", "第二条")


def test_a_catalog_is_found_by_its_row(filled: Path) -> None:
    best = found(filled, "渡口夜航登记哪里受理")[0]
    assert (best["document"], best["provision"]) == ("青石区便民服务事项目录", "第2行")


@pytest.mark.parametrize(
    ("question", "document", "provision", "words"),
    [
        ("窗口服务积分管理办法规定积分结果多少个工作日内公布", MEASURES, "第三条", "12个工作日"),
        ("借用会议用房要提前几个工作日申请？", "青石区会议用房管理规定", "第二条", "3个工作日"),
        ("便民服务事项目录里渡口夜航登记的办理时限是多久", "青石区便民服务事项目录", "第2行", "7个工作日"),
    ],
)
def test_an_added_file_is_cited_in_an_answer(
    filled: Path, question: str, document: str, provision: str, words: str
) -> None:
    answer = json.loads(minggui(filled, "ask", question, "--json").stdout)
    assert words in answer["answer"], answer
    cited = [(c["document"], c["provision"], c["text_status"]) for c in answer["citations"]]
    assert (document, provision, "original") in cited
    assert all(words in c["quote"] for c in answer["citations"] if c["document"] == document)


def test_a_second_add_changes_nothing(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "again.docx"
    path.write_bytes(auto_numbered())
    before = minggui(filled, "corpus", "list", "--json").stdout
    done = minggui(filled, "corpus", "add", str(path), "--yes", "--json")
    assert json.loads(done.stdout)["published"] == [] or minggui(filled, "corpus", "list", "--json").stdout == before


def test_bad_files_are_refused_with_a_hint_and_leave_nothing(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "空.docx").write_bytes(b"")
    (tmp_path / "怪.dat").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "密.txt").write_text("秘密★10年\n\n关于某事项的通知\n\n各单位：\n现通知如下。", encoding="utf-8")
    before = minggui(filled, "corpus", "list", "--json").stdout
    done = minggui(filled, "corpus", "add", str(tmp_path), "--yes", "--json")
    assert done.returncode == 1
    refused = {row["name"]: row for row in json.loads(done.stdout)["refused"]}
    assert set(refused) == {"空.docx", "怪.dat", "密.txt"}
    assert refused["密.txt"]["code"] == "classified_file"
    assert all(row["hint"] for row in refused.values())
    assert minggui(filled, "corpus", "list", "--json").stdout == before


def test_a_damaged_index_says_how_to_mend_it_and_is_mended(filled: Path) -> None:
    generation = (filled / "index" / "CURRENT").read_text().strip()
    (filled / "index" / "CURRENT").write_text("nowhere")
    mended = minggui(filled, "search", "会议用房", "-k", "1", "--json")
    assert mended.returncode == 0 or "办法：" in mended.stderr
    assert minggui(filled, "corpus", "index").returncode == 0
    assert found(filled, "借用会议用房提前几天申请")[0]["provision"] == "第二条"
    assert (filled / "index" / "CURRENT").read_text().strip() != generation
