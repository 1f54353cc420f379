"""Whatever is said in whatever order, a conversation is understood and judged: no turn breaks it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.dialogue import understand
from assistant.answering.learned.model import load_model
from assistant.answering.lexicon import load_lexicon
from assistant.answering.reading import Reader
from assistant.config import Settings
from assistant.domain import Turn
from assistant.rules.engine import judge
from assistant.rules.loading import load
from assistant.rules.model import RuleBook

CORPUS = Settings(_env_file=None).corpus_dir
_SAID = st.sampled_from([
    "我们镇想评几户干净人家挂牌", "区水务局办个培训", "村里自己弄的", "B", "第二个", "说不清楚", "没定", "不发", "发的，还给奖金",
    "另外一件事，协会评星级店", "说错了，是区政府发文", "听说隔壁备案就行", "省里批过，文号记不得", "那不收钱了", "谢谢", "依据哪条",
    "管委会授权谁晓得", "", "。", "😂", "A，不过只是个证书", "推荐省劳模", "就我们自己科室", "论坛上颁个奖", "12345", "改名字行不行",
])  # fmt: skip
_ASKED = st.sampled_from([
    "这项活动具体做什么？", "由哪个单位主办（文件以谁的名义印发）？", "评的是哪些单位、哪些人？A 只评本单位；B 外面的。", "不能办。",
    "活动最后发不发称号？A. 发；B. 不发。", "上级项目由谁批准，批准文号是多少？", "这个专班设在哪里？", "管委会有没有省级授权？", "",
    "方案、经费、名单实际由谁定？", "是哪一级的主管部门委托的？", "试点由哪一级批准？",
])  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_lexicon(CORPUS / "lexicon" / "reading.yaml"), model=load_model())


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load(CORPUS / "rules")


@settings(max_examples=250, deadline=None)
@given(st.lists(st.tuples(_SAID, _ASKED), max_size=4), _SAID)
def test_every_conversation_ends_in_a_verdict(
    reader: Reader, book: RuleBook, before: list[tuple[str, str]], last: str
) -> None:
    context = [turn for said, asked in before for turn in (Turn("user", said), Turn("assistant", asked))]
    situation = understand(last, context, reader, book)
    verdict = judge(situation.stated(), book, on=date(2026, 11, 23))
    assert verdict.outcome is not None
