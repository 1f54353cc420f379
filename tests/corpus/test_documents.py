"""What ships under corpus/: the central documents, the glossary and the lexicons. Reads the files as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant import domain
from assistant.text.labels import article_number, unify_document_number

CORPUS = Path(__file__).resolve().parents[2] / "corpus"

CENTRAL = {
    "chuangjian-shifan/2022": "创建示范活动管理办法(试行)",
    "chuangjian-qingli/2018": "关于清理规范创建示范活动的通知",
    "pingbi-biaozhang/2018": "评比达标表彰活动管理办法",
    "pingbi-biaozhang/2010": "评比达标表彰活动管理办法(试行)",
    "pingjiang-fumian-qingdan/2021": "评选评奖工作负面清单",
    "shehui-zuzhi-pingbi/2022": "社会组织评比达标表彰活动管理办法",
    "shehui-zuzhi-pingbi/2012": "社会组织评比达标表彰活动管理暂行规定",
    "hangye-xiehui-guifan/2023": "民政部规范全国性行业协会商会评选评奖活动和收费行为的通知(报道要点)",
    "jianfu-guiding/2024": "整治形式主义为基层减负若干规定",
    "qingli-youhua/2023": "关于清理优化创建示范和评比表彰活动的通知",
    "jieqing-huodong/2012": "节庆活动管理办法(试行)",
    "luntan-tongzhi/2023": "关于进一步加强论坛活动规范管理的通知",
    "zhanhui-banfa/2015": "党政机关境内举办展会活动管理办法(试行)",
    "gongwuyuan-jiangli/2020": "公务员奖励规定",
    "gongwuyuan-fa/2018": "中华人民共和国公务员法",
    "shiye-jiangli/2018": "事业单位工作人员奖励规定",
    "guojia-xunzhang/2015": "中华人民共和国国家勋章和国家荣誉称号法",
    "guojia-gongxun/2017": "国家功勋荣誉表彰条例",
    "dangnei-gongxun/2017": "中国共产党党内功勋荣誉表彰条例",
    "keji-jiangli/2024": "国家科学技术奖励条例",
    "shehui-keji-jiang/2023": "社会力量设立科学技术奖管理办法",
    "jingsai-banfa/2022": "面向中小学生的全国性竞赛活动管理办法",
    "shetuan-tiaoli/2016": "社会团体登记管理条例",
    "minfei-tiaoli/1998": "民办非企业单位登记管理暂行条例",
    "jijinhui-tiaoli/2004": "基金会管理条例",
    "daxing-huodong/2007": "大型群众性活动安全管理条例",
    "cishan-fa/2023": "中华人民共和国慈善法",
    "guanggao-fa/2021": "中华人民共和国广告法",
}

# Every document number that somebody has seen in print. A number outside this list is a slip of the pen or invented.
KNOWN_NUMBERS = {
    "厅字〔2022〕23号", "厅字〔2018〕5号", "中办发〔2018〕69号", "中办发〔2010〕33号", "中办发〔2012〕18号", "中发〔2017〕21号",
    "国评组发〔2011〕5号", "国评组发〔2012〕2号", "国评组发〔2022〕3号", "国清组发〔2015〕1号", "人社部规〔2018〕4号",
    "国科发奖〔2023〕11号", "教监管厅函〔2022〕4号", "民函〔2012〕125号", "国办发〔2006〕102号",
    "鲁评组办发〔2019〕2号", "鲁评组发〔2014〕1号", "鲁功勋办〔2023〕3号", "鲁政办字〔2022〕89号", "渝民发〔2014〕30号",
    "吉评组发〔2022〕2号", "甘清组发〔2022〕4号", "青民〔2024〕17号",
    "国务院令第250号", "国务院令第251号", "国务院令第400号", "国务院令第505号",
}  # fmt: skip
NOT_CONFIRMED = {
    "国评组发〔2022〕3号",
    "中办发〔2012〕18号",
}  # may be mentioned as 待核, never stand as a document's own number
BRACKETED = re.compile(r"[\u4e00-\u9fff]{2,8}〔\d{4}〕\d{1,3}号")
DECREE = re.compile(r"国务院令第\d{2,3}号")

ALLOWED_KEYS = {
    "work", "version", "title", "document_number", "issuer", "level", "region", "issued_on", "effective_on", "repealed_on",
    "status", "supersedes", "text_status", "complete", "known_articles", "aliases", "note",
}  # fmt: skip
REQUIRED_KEYS = {"work", "version", "title", "level", "region", "status", "text_status", "complete", "note"}

ARTICLE = re.compile(r"^(第[一二三四五六七八九十百零]+条)　(.*)$")
UNNUMBERED = re.compile(r"^【条号未核】\{#([a-z0-9-]+)\} \S")
POINT = re.compile(r"^要点[一二三四五六七八九十]+ \{#([a-z0-9-]+)\} \S")
ITEM = re.compile(r"^（[一二三四五六七八九十]+）")
ANCHOR = re.compile(r"\{#([^}]+)\}")


@dataclass(frozen=True)
class Shipped:
    path: Path
    head: dict[str, Any]
    body: str

    @property
    def id(self) -> str:
        return f"{self.head['work']}/{self.head['version']}"

    @property
    def articles(self) -> dict[str, list[list[str]]]:
        """Label → its 款, each a list: the paragraph and then its 项."""
        found: dict[str, list[list[str]]] = {}
        open_article: str | None = None
        for line in self.body.splitlines():
            if not line.strip():
                continue
            if start := ARTICLE.match(line):
                open_article = start[1]
                found[open_article] = [[start[2]]]
            elif line.startswith(("#", "【", "要点")) or re.match(r"^([一二三四五六七八九十]+、|\d+\. )", line):
                open_article = None
            elif open_article and ITEM.match(line):
                found[open_article][-1].append(line)
            elif open_article:
                found[open_article].append([line])
        return found

    def article(self, label: str) -> str:
        return "".join("".join(paragraph) for paragraph in self.articles[label])


def _read(path: Path) -> Shipped:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return Shipped(path, yaml.safe_load(head), body)


SHIPPED = [_read(path) for path in sorted((CORPUS / "documents").glob("*/*.md"))]
HELD = {document.id: document for document in SHIPPED if document.id in CENTRAL}
every_document = pytest.mark.parametrize("document", SHIPPED, ids=lambda d: d.id)
every_central = pytest.mark.parametrize("document", HELD.values(), ids=lambda d: d.id)


def _all_ids() -> set[str]:
    sidecars = (yaml.safe_load(p.read_text(encoding="utf-8")) for p in (CORPUS / "documents").glob("*/*.meta.yaml"))
    return {document.id for document in SHIPPED} | {f"{head['work']}/{head['version']}" for head in sidecars}


def test_every_central_document_is_there_under_its_title() -> None:
    assert {id_: document.head["title"] for id_, document in HELD.items()} == CENTRAL


@every_document
def test_the_front_matter_holds_only_known_fields_with_known_values(document: Shipped) -> None:
    head = document.head
    assert set(head) <= ALLOWED_KEYS
    assert set(head) >= REQUIRED_KEYS
    assert document.path.parent.name == head["work"]
    assert document.path.stem == head["version"]
    domain.Level(head["level"])
    domain.DocumentStatus(head["status"])
    domain.TextStatus(head["text_status"])
    assert isinstance(head["complete"], bool)
    assert isinstance(head.get("aliases", []), list)
    assert all(isinstance(alias, str) and len(alias) >= 2 for alias in head.get("aliases", []))
    assert head["note"].strip()


@every_document
def test_dates_can_be_read_and_stand_in_order(document: Shipped) -> None:
    issued, effective, repealed = (
        domain.PartialDate.parse(str(document.head[key]) if document.head.get(key) else None)
        for key in ("issued_on", "effective_on", "repealed_on")
    )
    if issued.value and effective.value:
        assert issued.earliest <= effective.latest
    if effective.value and repealed.value:
        assert effective.earliest < repealed.latest
    if document.head["status"] == "superseded":
        assert repealed.value, "a superseded document must say when it ended, at least the year"
    if document.head["status"] == "in_force":
        assert not repealed.value


@every_document
def test_what_a_document_supersedes_is_shipped_and_marked_so(document: Shipped) -> None:
    for older in document.head.get("supersedes") or []:
        assert older in _all_ids()
        if older in HELD:
            assert HELD[older].head["status"] == "superseded"


@every_document
def test_anchors_are_plain_ascii_and_unique_within_a_document(document: Shipped) -> None:
    anchors = ANCHOR.findall(document.body)
    assert len(anchors) == len(set(anchors))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", anchor) for anchor in anchors)


@every_central
def test_central_texts_are_paraphrases_and_say_so(document: Shipped) -> None:
    assert document.head["text_status"] == "paraphrase"
    assert document.head["level"] == "central"
    assert document.head["region"] == "全国"


@every_central
def test_every_document_number_is_one_that_was_seen_in_print(document: Shipped) -> None:
    text = document.path.read_text(encoding="utf-8")
    found = BRACKETED.findall(text) + DECREE.findall(text)
    # a leading verb or preposition may be swallowed by the Han run (“据厅字〔…〕”), so the ending decides
    strangers = [number for number in found if not any(number.endswith(known) for known in KNOWN_NUMBERS)]
    assert not strangers
    assert text.count("〔") == len(BRACKETED.findall(text)), "a 〔 that belongs to no well-formed number"


@every_central
def test_a_document_carries_no_unconfirmed_number_of_its_own(document: Shipped) -> None:
    number = document.head.get("document_number")
    if number is None:
        return
    assert number in KNOWN_NUMBERS - NOT_CONFIRMED
    assert unify_document_number(number) == number


@every_central
def test_unconfirmed_numbers_are_always_followed_by_a_warning(document: Shipped) -> None:
    text = document.path.read_text(encoding="utf-8")
    for number in NOT_CONFIRMED:
        for found in re.finditer(re.escape(number), text):
            assert "待核" in text[found.end() : found.end() + 6]


@every_central
def test_titles_in_book_quotes_are_titles_we_hold(document: Shipped) -> None:
    known = set(CENTRAL.values())
    assert set(re.findall(r"《([^》]+)》", document.path.read_text(encoding="utf-8"))) <= known


@every_central
def test_articles_ascend_and_never_exceed_what_the_law_has(document: Shipped) -> None:
    numbers = [article_number(label) for label in document.articles]
    assert numbers == sorted(set(numbers))  # type: ignore[type-var]
    known = document.head.get("known_articles")
    if known is not None:
        assert all(number is not None and number[0] <= known for number in numbers)
        assert document.head["complete"] == (len(numbers) == known)


@every_central
def test_points_are_numbered_without_gaps_and_each_names_its_source(document: Shipped) -> None:
    points = [line for line in document.body.splitlines() if line.startswith("要点")]
    digits = "一二三四五六七八九十"
    for place, line in enumerate(points, start=1):
        assert POINT.match(line), line
        tens, ones = divmod(place, 10)
        written = ("" if tens == 0 else ("十" if tens == 1 else digits[tens - 1] + "十")) + (
            digits[ones - 1] if ones else ""
        )
        assert line.split(" ", 1)[0] == f"要点{written}"
        assert re.search(r"（(?:[^（）]*(?:读自|读到|引述|转引|归纳|待核|报道))[^（）]*）$", line), line


@every_central
def test_a_provision_without_a_number_has_an_anchor_and_a_source(document: Shipped) -> None:
    for line in document.body.splitlines():
        if line.startswith("【"):
            assert UNNUMBERED.match(line), line
            assert line.rstrip().endswith("）"), line


def test_documents_nobody_read_have_points_and_no_articles() -> None:
    unread = ["pingbi-biaozhang/2018", "shehui-zuzhi-pingbi/2022", "shehui-zuzhi-pingbi/2012", "hangye-xiehui-guifan/2023",
              "qingli-youhua/2023", "chuangjian-qingli/2018", "zhanhui-banfa/2015", "guojia-gongxun/2017",
              "dangnei-gongxun/2017", "jingsai-banfa/2022"]  # fmt: skip
    for id_ in unread:
        assert not HELD[id_].articles
        assert not HELD[id_].head["complete"]
        assert "要点一 " in HELD[id_].body


def test_the_creation_measures_have_two_paragraphs_where_rules_cite_them() -> None:
    measures = HELD["chuangjian-shifan/2022"]
    assert list(measures.articles) == ["第一条", "第二条", "第三条", "第四条"]
    assert [len(measures.articles[label]) for label in ("第三条", "第四条")] == [2, 2]
    definition, exclusions = (paragraph[0] for paragraph in measures.articles["第三条"])
    assert all(word in definition for word in ("指标", "推动", "评估", "验收", "通报、命名、授牌"))
    assert all(word in exclusions for word in ("年度考核", "等级评定", "改革试点", "内设机构"))
    who, associations = (paragraph[0] for paragraph in measures.articles["第四条"])
    assert "市县级其他党政机关和群团机关" in who
    assert "乡镇（街道）" in who
    assert "都不得开展" in who
    assert "中央或者省级" in associations


def test_anchors_that_rules_cite_are_there() -> None:
    expected = {
        "chuangjian-shifan/2022": {"control-total", "no-fee", "revoke", "wording", "basis"},
        "pingbi-biaozhang/2018": {
            "two-levels", "no-approval-no-run", "quota", "cycle", "naming", "changes", "exit", "no-temporary",
            "no-matching", "grassroots", "publicity", "no-department", "filing",
        },
        "jianfu-guiding/2024": {"no-feedback-score", "no-trace", "no-votes", "creation-and-standards"},
        "pingjiang-fumian-qingdan/2021": {
            "wording", "key-dates", "forum-awards", "borrow-party-name", "commercial-ranking", "trademark",
            "foreign-partner", "medals-title", "medals-trade", "catch-all", "media",
        },
    }  # fmt: skip
    for id_, anchors in expected.items():
        assert anchors <= set(ANCHOR.findall(HELD[id_].body))


def test_the_negative_list_keeps_conditional_and_absolute_bans_apart() -> None:
    lines = [line for line in HELD["pingjiang-fumian-qingdan/2021"].body.splitlines() if ITEM.match(line)]
    assert [line[: line.index("）") + 1] for line in lines] == [f"（{n}）" for n in "一二三四五六七八九十"] + [
        "（十一）"
    ]
    conditional = {line[1 : line.index("）")] for line in lines if "未经批准" in line}
    assert conditional == {"一", "二", "三", "七", "八"}
    assert all("不得" in line for line in lines)
    for word in ("国家", "中国", "中华", "全国", "亚洲", "全球", "世界"):
        assert f"“{word}”" in lines[0]


def test_predecessors_are_out_of_force_once_their_successor_year_is_over() -> None:
    for id_, day, expected in [
        ("pingbi-biaozhang/2010", "2012-01-01", True),
        ("pingbi-biaozhang/2010", "2019-01-01", False),
        ("shehui-zuzhi-pingbi/2012", "2023-01-01", False),
        ("pingbi-biaozhang/2018", "2026-11-23", True),
    ]:
        head = HELD[id_].head
        document = domain.Document(
            head["work"], head["version"], head["title"], domain.Level(head["level"]),
            issued_on=domain.PartialDate.parse(str(head["issued_on"])),
            repealed_on=domain.PartialDate.parse(head.get("repealed_on")),
            status=domain.DocumentStatus(head["status"]),
        )  # fmt: skip
        assert document.in_force(domain.PartialDate.parse(day).earliest) is expected


@pytest.mark.parametrize(
    ("id_", "label", "words"),
    [
        ("keji-jiangli/2024", "第三十六条", ["一项", "群众团体", "不得设立科学技术奖"]),
        ("keji-jiangli/2024", "第三十七条", ["社会力量", "不得收取"]),
        ("daxing-huodong/2007", "第二条", ["1000人以上"]),
        ("daxing-huodong/2007", "第十二条", ["1000人以上5000人以下", "县级公安机关", "设区的市级公安机关"]),
        ("daxing-huodong/2007", "第十三条", ["20日前"]),
        ("daxing-huodong/2007", "第十四条", ["7日内"]),
        ("daxing-huodong/2007", "第二十条", ["1万元以上5万元以下", "10万元以上30万元以下"]),
        ("shetuan-tiaoli/2016", "第三十条", ["（二）", "（八）", "1倍以上3倍以下", "3倍以上5倍以下"]),
        ("minfei-tiaoli/1998", "第二十五条", ["（八）", "1倍以上3倍以下"]),
        ("jijinhui-tiaoli/2004", "第四十二条", ["责令停止活动", "撤销登记"]),
        ("cishan-fa/2023", "第一百条", ["县级以上人民政府或者有关部门", "表彰"]),
        ("gongwuyuan-fa/2018", "第五十一条", ["编制序列", "专项任务"]),
        ("gongwuyuan-fa/2018", "第五十三条", ["嘉奖", "记三等功", "记二等功", "记一等功", "授予称号"]),
        ("gongwuyuan-fa/2018", "第五十五条", ["纪念证书", "纪念章"]),
        ("guanggao-fa/2021", "第九条", ["（三）使用“国家级”“最高级”“最佳”等用语"]),
        ("guojia-xunzhang/2015", "第四条", ["冠“人民”"]),
        ("guojia-xunzhang/2015", "第六条", ["全国人大常委会决定"]),
    ],
)
def test_the_deciding_articles_carry_their_numbers_and_words(id_: str, label: str, words: list[str]) -> None:
    text = HELD[id_].article(label)
    assert [word for word in words if word not in text] == []


# ── glossary ──


GLOSSARY = yaml.safe_load((CORPUS / "glossary.yaml").read_text(encoding="utf-8"))


def test_every_glossary_entry_has_a_code_a_word_a_definition_and_aliases() -> None:
    entries = GLOSSARY["terms"] + [value for enum in GLOSSARY["enums"] for value in enum["values"]]
    for entry in entries:
        assert set(entry) == {"code", "zh", "definition", "aliases"}
        assert re.fullmatch(r"[a-z][a-z_]*", entry["code"]), entry
        assert entry["definition"].endswith("。")
        assert "\n" not in entry["definition"]
    for group in [GLOSSARY["terms"], GLOSSARY["enums"], *(enum["values"] for enum in GLOSSARY["enums"])]:
        codes = [entry["code"] for entry in group]
        assert len(codes) == len(set(codes))


def test_the_glossary_names_every_value_of_the_domain_enums() -> None:
    told = {enum["code"]: {value["code"] for value in enum["values"]} for enum in GLOSSARY["enums"]}
    for code, enum in [
        ("outcome", domain.Outcome), ("text_status", domain.TextStatus), ("document_status", domain.DocumentStatus),
        ("precision", domain.Precision), ("source", domain.Source), ("severity", domain.Severity),
    ]:  # fmt: skip
        assert told[code] == {member.value for member in enum}
    assert {member.value for member in domain.Level} <= told["level"]


def test_every_noun_of_the_domain_is_in_the_glossary() -> None:
    told = {entry["code"] for entry in GLOSSARY["terms"]} | {enum["code"] for enum in GLOSSARY["enums"]}
    nouns = [
        name for name, value in vars(domain).items() if isinstance(value, type) and value.__module__ == domain.__name__
    ]
    snake = {re.sub(r"(?<!^)(?=[A-Z])", "_", noun).lower() for noun in nouns}
    assert snake - told == set()


def test_the_glossary_covers_every_activity_and_organizer_the_rules_know() -> None:
    facts = {
        fact["name"]: fact for fact in yaml.safe_load((CORPUS / "rules" / "facts.yaml").read_text("utf-8"))["facts"]
    }
    terms = {entry["code"] for entry in GLOSSARY["terms"]}
    kinds = {
        value["code"] for enum in GLOSSARY["enums"] if enum["code"] == "organizer_kind" for value in enum["values"]
    }
    assert set(facts["nature"]["values"]) <= terms
    assert set(facts["organizer_kind"]["values"]) <= kinds


# ── lexicons ──


def _lexicon(name: str) -> list[tuple[list[str], list[str]]]:
    rows = []
    for raw in (CORPUS / "lexicon" / name).read_text(encoding="utf-8").splitlines():
        line = raw.split("#", 1)[0].strip()
        if line:
            lay, arrow, official = line.partition(" => ")
            assert arrow, raw
            rows.append(([term.strip() for term in lay.split(",")], official.split()))
    return rows


def test_the_field_lexicon_is_large_and_its_lay_terms_are_unambiguous() -> None:
    rows = _lexicon("field.txt")
    lay = [term for terms, _ in rows for term in terms]
    assert len(rows) >= 150
    assert len(lay) == len(set(lay)), sorted({term for term in lay if lay.count(term) > 1})
    assert all(len(term) >= 2 for term in lay)
    assert not set(lay) & {term for terms, _ in _lexicon("general.txt") for term in terms}


def test_every_line_of_the_field_lexicon_leads_to_words_the_corpus_uses() -> None:
    text = "".join(document.body for document in SHIPPED)
    for lay, official in _lexicon("field.txt"):
        reached = [term for term in official if term in text]
        assert len(reached) >= max(1, len(official) // 2), (lay, official)


def test_the_general_lexicon_is_the_whole_one() -> None:
    rows = _lexicon("general.txt")
    assert len(rows) == 267
    assert sum(len(terms) for terms, _ in rows) == 877
