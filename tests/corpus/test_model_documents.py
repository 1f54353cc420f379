"""The model district (XX省XX市XX区): bannered, consistent with itself, free of real places, and readable by machines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml
from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from python_calamine import CalamineWorkbook

from assistant.domain import PartialDate

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
DOCUMENTS = CORPUS / "documents"
BANNER = "示范文本·非真实规定（虚构的XX省XX市XX区，仅供演示）。"
WORKS = [
    "xx-qu-banfa/2026.docx",
    "xx-qu-fumian-qingdan/2026.md",
    "xx-qu-huitoukan/2025.md",
    "xx-qu-jihua/2026.xlsx",
    "xx-qu-mulu/2026.xlsx",
    "xx-qu-zhengmian-qingdan/2026.md",
    "xx-qu-zhuguan/2026.md",
    "xx-qu-zicha/2026.pdf",
    "xx-sheng-chuangjian/2023.md",
    "xx-sheng-pingbi/2023.md",
    "xx-shi-tongzhi/2025.md",
]
CATALOG_HEADER = [
    "编号", "项目名称", "类别", "主办（落款）", "归口", "依据（文件+条款）", "批准机关", "批准文号及日期",
    "批准的周期/范围/名额/奖项", "下次开展年", "本年状态", "最近评估（年+结论）", "公开属性", "县级承担的环节",
]  # fmt: skip
PLAN_HEADER = [
    "项目编号", "启动/评选/决定月", "对象与名额", "经费金额与来源", "公示起止", "基层需提供材料（件数，0为优）", "与上年变化", "联系岗位",
]  # fmt: skip
REAL_PLACES = re.findall(
    r"\w+",
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 "
    "甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 广州 深圳 成都 武汉 西安 杭州 南京 青岛 渭南 衢州 韶关 济源 鸠江 阳城 绥化",
)
DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}


def chinese_number(text: str) -> int:
    """Read 一 … 九十九."""
    tens, ten, units = text.rpartition("十")
    return (DIGITS[tens] if tens else 1) * 10 * bool(ten) + (DIGITS[units] if units else 0)


def split_front_matter(path: Path) -> tuple[dict[str, Any], str]:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), body.strip()


def metadata(name: str) -> dict[str, Any]:
    path = DOCUMENTS / name
    if path.suffix == ".md":
        return split_front_matter(path)[0]
    loaded: dict[str, Any] = yaml.safe_load(Path(f"{path}.meta.yaml").read_text(encoding="utf-8"))
    return loaded


def docx_lines(path: Path) -> list[str]:
    document = Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return [text for text in chain((p.text for p in document.paragraphs), cells) if text.strip()]


def sheet(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def lines(path: Path) -> list[str]:
    """The non-empty lines of a text, whatever the format; a front matter and a title of its own line come off."""
    if path.suffix == ".md":
        text = path.read_text(encoding="utf-8")
        body = split_front_matter(path)[1] if text.startswith("---\n") else text
        found = body.splitlines()
    elif path.suffix == ".docx":
        found = docx_lines(path)
    elif path.suffix == ".xlsx":
        found = [line for row in sheet(path) for cell in row for line in str(cell).splitlines()]
    else:
        pages = pypdfium2.PdfDocument(path)
        found = [line for page in pages for line in page.get_textpage().get_text_bounded().splitlines()]
    return [line.strip() for line in found if line.strip()]


def load(relative: str) -> Any:
    return yaml.safe_load((CORPUS / relative).read_text(encoding="utf-8"))


def model_files() -> list[Path]:
    templates, notices = CORPUS / "templates", CORPUS / "notices"
    return [*(DOCUMENTS / name for name in WORKS), *sorted(templates.glob("*.docx")), *sorted(notices.glob("*.md"))]


@pytest.mark.parametrize("path", model_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_model_text_opens_with_the_banner(path: Path) -> None:
    assert BANNER in lines(path)[:2]  # below the title, or above it in a notice


@pytest.mark.parametrize("name", WORKS)
def test_the_metadata_says_model_and_fits_the_folder(name: str) -> None:
    meta, path = metadata(name), DOCUMENTS / name
    assert (meta["work"], meta["version"]) == (path.parent.name, path.stem)
    assert (meta["text_status"], meta["status"], meta["complete"]) == ("model", "in_force", True)
    assert meta["region"] == {"province": "XX省", "city": "XX省XX市", "district": "XX省XX市XX区"}[meta["level"]]
    assert PartialDate.parse(str(meta["issued_on"])).latest <= PartialDate.parse(str(meta["effective_on"])).earliest
    assert lines(path)[0].removeprefix("# ").startswith(meta["title"])


@pytest.mark.parametrize("name", WORKS)
def test_a_document_number_is_visibly_fictional(name: str) -> None:
    assert re.fullmatch(r"X\w+〔20\d\d〕XX号|", metadata(name).get("document_number", ""))


@pytest.mark.parametrize(("name", "most"), [("xx-sheng-chuangjian/2023.md", 25), ("xx-sheng-pingbi/2023.md", 30)])
def test_the_provincial_articles_run_without_a_gap(name: str, most: int) -> None:
    labels = [m[1] for line in lines(DOCUMENTS / name) if (m := re.match(r"第([一二三四五六七八九十]+)条　", line))]
    assert [chinese_number(label) for label in labels] == list(range(1, len(labels) + 1))
    assert len(labels) == metadata(name)["known_articles"] <= most


@pytest.mark.parametrize(("name", "count"), [("xx-qu-fumian-qingdan", 15), ("xx-qu-zhengmian-qingdan", 12)])
def test_the_two_lists_have_the_promised_number_of_items(name: str, count: int) -> None:
    body = lines(DOCUMENTS / name / "2026.md")
    labels = [m[1] for line in body if (m := re.match(r"([一二三四五六七八九十]+)、", line))]
    assert [chinese_number(label) for label in labels] == list(range(1, count + 1))


def test_each_thing_one_may_do_directly_names_its_limit() -> None:
    body = lines(DOCUMENTS / "xx-qu-zhengmian-qingdan/2026.md")
    items = [place for place, line in enumerate(body) if re.match(r"[一二三四五六七八九十]+、", line)]
    assert all(body[place + 1].startswith("边界：") for place in items)


@pytest.fixture(scope="module")
def measures() -> Docx:
    return Document(str(DOCUMENTS / "xx-qu-banfa/2026.docx"))


def numbering_level(paragraph: Paragraph) -> int | None:
    """The list level of a paragraph, its own or its style's; None when it carries no number."""
    for element in (paragraph._p.pPr, paragraph.style.element.pPr if paragraph.style else None):
        if element is not None and element.numPr is not None:
            return int(element.numPr.ilvl.val)
    return None


def articles_of(document: Docx) -> list[str]:
    found: list[str] = []
    for paragraph in document.paragraphs:
        level = numbering_level(paragraph)
        if level == 1:
            found.append(paragraph.text)
        elif found and level != 0:
            found[-1] += "\n" + paragraph.text
    return found


def test_no_article_or_chapter_number_stands_in_the_text_of_the_word_file(measures: Docx) -> None:
    texts = "".join(node.text or "" for node in measures.element.iter(qn("w:t")))
    assert not re.search(r"第[一二三四五六七八九十百]+[条章]", texts)
    assert not any(paragraph.text.startswith("（") for paragraph in measures.paragraphs)


def test_word_numbers_chapters_articles_and_items_by_itself(measures: Docx) -> None:
    levels = list(measures.part.numbering_part.element.iter(qn("w:lvl")))
    shown = [(lvl.find(qn("w:lvlText")).get(qn("w:val")), lvl.find(qn("w:numFmt")).get(qn("w:val"))) for lvl in levels]
    assert shown == [(text, "chineseCountingThousand") for text in ("第%1章", "第%2条", "（%3）")]
    restart = levels[1].find(qn("w:lvlRestart"))
    assert restart.get(qn("w:val")) == "0"  # articles go on counting across chapters


def test_the_word_file_has_the_articles_its_metadata_promises(measures: Docx) -> None:
    articles = articles_of(measures)
    assert len(articles) == metadata("xx-qu-banfa/2026.docx")["known_articles"] <= 25
    fifth, sixth, fourteenth, last = articles[4], articles[5], articles[13], articles[-1]
    assert "报省委、省政府审批" in fifth
    assert "每年不超过1项" in fifth
    assert sixth.startswith("下列单位不得设立")
    assert "不产生批准效力" in fourteenth
    assert "2026年1月1日起施行" in last


@pytest.mark.parametrize(
    ("name", "header"), [("xx-qu-mulu/2026.xlsx", CATALOG_HEADER), ("xx-qu-jihua/2026.xlsx", PLAN_HEADER)]
)
def test_a_sheet_has_a_title_then_the_exact_header_then_full_rows(name: str, header: list[str]) -> None:
    title, head, *rows = sheet(DOCUMENTS / name)
    assert title[0].startswith(metadata(name)["title"])
    assert head == header
    assert len(rows) >= 6
    assert all(cell != "" for row in rows for cell in row)


def test_the_plan_holds_only_projects_of_the_catalog() -> None:
    catalog = {row[0]: row[1] for row in sheet(DOCUMENTS / "xx-qu-mulu/2026.xlsx")[2:]}
    for row in sheet(DOCUMENTS / "xx-qu-jihua/2026.xlsx")[2:]:
        number, name = row[0].split(" ", 1)
        assert re.sub(r"（(推荐|申报)）$", "", name) == catalog[number]


def test_at_most_one_district_commendation_is_planned_for_a_year() -> None:
    catalog = {row[0]: row for row in sheet(DOCUMENTS / "xx-qu-mulu/2026.xlsx")[2:]}
    planned = [row[0].split(" ")[0] for row in sheet(DOCUMENTS / "xx-qu-jihua/2026.xlsx")[2:]]
    own = [n for n in planned if "XX区委" in catalog[n][3] and catalog[n][2] == "评比达标表彰"]
    assert len(own) <= 1


def repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


@pytest.mark.parametrize(
    ("path", "top", "name"),
    [
        ("catalogs/projects.yaml", "projects", "name"),
        ("catalogs/authorities.yaml", "authorities", "matter"),
        ("templates/index.yaml", "templates", "title"),
    ],
)
def test_keys_and_aliases_of_a_table_are_unique(path: str, top: str, name: str) -> None:
    rows = load(path)[top]
    assert repeated(row["key"] for row in rows) == []
    assert repeated(row[name] for row in rows) == []
    assert repeated(alias for row in rows for alias in row["aliases"]) == []


def test_a_project_nobody_checked_carries_no_document_number() -> None:
    for project in load("catalogs/projects.yaml")["projects"]:
        assert project["kind"] in {"creation", "commendation"}
        assert set(project["approver"]) <= {"central", "province"}
        assert project["district"] in {"recommend", "apply", "run"}
        assert project["verified"] in {"source", "reported", "model", "no"}
        assert bool(project["number"]) == (project["verified"] == "model")


def test_the_fictional_projects_agree_with_the_sheet() -> None:
    catalog = {row[0]: dict(zip(CATALOG_HEADER, row, strict=True)) for row in sheet(DOCUMENTS / "xx-qu-mulu/2026.xlsx")}
    own = [project for project in load("catalogs/projects.yaml")["projects"] if project["district"] == "run"]
    assert len(own) == 2
    for project in own:
        row = catalog[project["catalog_number"]]
        assert project["name"] == row["项目名称"]
        assert row["批准文号及日期"].startswith(project["number"])
        assert row["批准的周期/范围/名额/奖项"].startswith(f"每{project['cycle_years']}年一次")
        assert row["下次开展年"] == str(project["next_year"])


def test_every_other_sheet_project_is_known_to_the_machine_readable_catalog() -> None:
    words = [w for p in load("catalogs/projects.yaml")["projects"] for w in (p["name"], *p["aliases"])]
    for row in sheet(DOCUMENTS / "xx-qu-mulu/2026.xlsx")[2:]:
        assert any(word in row[1] for word in words), row[1]


def test_who_governs_what_reads_the_same_in_the_table_and_in_the_catalog() -> None:
    table = [line.strip("|").split("|") for line in lines(DOCUMENTS / "xx-qu-zhuguan/2026.md") if line.startswith("|")]
    header, _, *rows = [[cell.strip() for cell in row] for row in table]
    assert header == ["事项", "主管单位", "说明"]
    offices = {row["matter"]: row["office"] for row in load("catalogs/authorities.yaml")["authorities"]}
    assert offices == {matter: office for matter, office, _ in rows}


def test_every_template_opens_and_offers_blanks_to_fill() -> None:
    listed = {row["file"] for row in load("templates/index.yaml")["templates"]}
    assert listed == {path.name for path in (CORPUS / "templates").glob("*.docx")}
    assert len(listed) == 10
    for name in listed:
        document = Document(str(CORPUS / "templates" / name))
        empty = [cell for table in document.tables for row in table.rows for cell in row.cells if not cell.text]
        assert empty or any("____" in paragraph.text for paragraph in document.paragraphs), name


def test_a_corrected_notice_drops_every_flaw_and_keeps_its_organizer() -> None:
    pairs = load("notices/index.yaml")["notices"]
    assert len(pairs) == 3
    for pair in pairs:
        bad, corrected = ((CORPUS / "notices" / pair[side]).read_text("utf-8") for side in ("bad", "corrected"))
        for flaw in pair["flaws"]:
            assert flaw["quote"] in bad
            assert flaw["quote"] not in corrected
        assert f"\n{pair['organizer']}\n" in bad
        assert f"\n{pair['organizer']}\n" in corrected
        assert not re.search(r"授予|命名|授牌|牌匾|证书|名单|称号|打分|得分|报名费|App|[“”]", corrected)


def test_the_checklist_has_eighteen_points_and_cites_articles_that_exist() -> None:
    text = "\n".join(lines(DOCUMENTS / "xx-qu-zicha/2026.pdf"))
    assert re.findall(r"^([A-E])[ 　]", text, re.MULTILINE) == list("ABCDE")
    points = [int(n) for n in re.findall(r"^(\d{1,2})(?=\s)", text, re.MULTILINE)]
    assert points == list(range(1, 19))
    works = {
        "区办法": "xx-qu-banfa/2026.docx",
        "省创建细则": "xx-sheng-chuangjian/2023.md",
        "省评比细则": "xx-sheng-pingbi/2023.md",
    }
    cited = re.findall(r"(区办法|省创建细则|省评比细则)第([一二三四五六七八九十、]+)条", text)
    assert len(cited) == 18
    for short, numbers in cited:
        assert all(chinese_number(n) <= metadata(works[short])["known_articles"] for n in numbers.split("、"))


def test_no_model_document_lets_a_filing_stand_in_for_an_approval() -> None:
    for name in WORKS:
        text = "".join(lines(DOCUMENTS / name))
        assert not re.search(
            r"备案(后)?(即可|方可|可以|就可)|(区|市)(级)?(可以)?(自行)?审批权限|报(区|市)审批", text
        ), name
    for work in ("xx-sheng-chuangjian/2023.md", "xx-qu-banfa/2026.docx"):
        assert "不得以备案、报备、登记、征求意见等方式开展" in "".join(lines(DOCUMENTS / work))


def test_the_checklist_carries_its_own_font() -> None:
    raw = (DOCUMENTS / "xx-qu-zicha/2026.pdf").read_bytes()
    assert b"/FontFile" in raw


def test_no_real_place_is_named_anywhere_in_the_model_district() -> None:
    tables = [CORPUS / "catalogs/projects.yaml", CORPUS / "catalogs/authorities.yaml", CORPUS / "templates/index.yaml"]
    texts = {path: "\n".join(lines(path)) for path in model_files()}
    texts |= {path: path.read_text("utf-8") for path in [*tables, CORPUS / "notices/index.yaml"]}
    texts |= {path: path.read_text("utf-8") for path in DOCUMENTS.glob("xx-*/*.meta.yaml")}
    assert [(path.name, place) for path, text in texts.items() for place in REAL_PLACES if place in text] == []
