"""The learned readers see what they were trained to see, and compute what was trained."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.clauses import split
from assistant.answering.learned.features import cue_spans, marked, names_of, network_input, word_spans
from assistant.answering.learned.model import OPEN, UNSAID, Prediction, load_model
from assistant.answering.learned.network import MAX_LENGTH, Network
from assistant.answering.learned.weighing import likely_values, organizer_by_model, weigh
from assistant.answering.lexicon import Lexicon, load_lexicon
from assistant.answering.organizations import find_organizations
from assistant.answering.readfact import ReadFact
from assistant.answering.reading import Reader
from assistant.config import Settings
from assistant.text.fold import folded

_TEXTS = st.text(alphabet='我们镇区政府想评给发牌子0123,。?教育局和"示范 村里不要', min_size=1, max_size=80)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(Settings(_env_file=None).corpus_dir / "lexicon" / "reading.yaml")


@pytest.fixture(scope="module")
def reader(lexicon: Lexicon) -> Reader:
    return Reader(lexicon, model=load_model())


def test_names_become_one_mark_each_and_numbers_become_zero(lexicon: Lexicon) -> None:
    text = folded("青石镇想从12个村里评3户,区教育局不管")
    organizations = find_organizations(text, split(text), lexicon)
    body, marks, offsets = marked(text, organizations)
    assert body.startswith("^④想从0个")
    assert "教育局" not in body
    assert len(body) == len(offsets)
    assert all(mark is None or body[mark] in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬" for mark in marks)


@given(_TEXTS)
def test_every_character_of_the_marked_text_knows_where_it_came_from(text: str) -> None:
    plain = folded(text)
    lexicon = load_lexicon(Settings(_env_file=None).corpus_dir / "lexicon" / "reading.yaml")
    body, _, offsets = marked(plain, find_organizations(plain, split(plain), lexicon))
    assert list(offsets) == sorted(offsets)
    for character, offset in zip(body[1:-1], offsets[1:-1], strict=True):
        if re.match(r"[\u4e00-\u9fff,。?]", character):
            assert plain[offset] == character


def test_a_text_longer_than_the_network_reads_keeps_its_beginning_and_its_end(lexicon: Lexicon) -> None:
    text = folded("我们镇想评先进。" + "今天天气很好," * 100 + "区教育局问要不要报批")
    clauses = split(text)
    organizations = find_organizations(text, clauses, lexicon)
    body, marks, offsets = marked(text, organizations)
    given_ = network_input(body, marks, offsets, cue_spans(text, clauses, lexicon), (), organizations)
    assert len(given_.text) == MAX_LENGTH
    assert "④想评先进" in given_.text[:12]
    assert given_.text.endswith("②问要不要报批$")
    assert all(mark is None or given_.text[mark] == body[m] for mark, m in zip(given_.marks, marks, strict=True) if m)
    assert all(0 <= first < last <= MAX_LENGTH for first, last, _ in given_.classes)


def test_the_longest_word_of_a_class_wins(lexicon: Lexicon) -> None:
    some = Lexicon((), {}, {}, {}, {"锦旗": "honour_object", "流动锦旗": "honour_object", "小红花": "honour_object"})
    assert word_spans("发流动锦旗和小红花", some) == [("honour_object", 1, 5), ("honour_object", 6, 9)]
    assert names_of(word_spans("没有", some)) == []


@given(_TEXTS)
def test_every_prediction_is_a_distribution(text: str) -> None:
    lexicon = load_lexicon(Settings(_env_file=None).corpus_dir / "lexicon" / "reading.yaml")
    plain = folded(text)
    clauses = split(plain)
    organizations = find_organizations(plain, clauses, lexicon)
    said = load_model().predict(plain, clauses, organizations, lexicon, {})
    for fact, chances in said.facts.items():
        assert sum(chances.values()) == pytest.approx(1, abs=1e-3), fact
    assert len(said.runs_it) == len(organizations)
    assert sum(said.runs_it) <= 1 + 1e-3


def test_the_numpy_network_computes_what_the_torch_network_was_trained_to() -> None:
    torch = pytest.importorskip("torch", reason="torch comes with the extra `models`")
    from assistant.answering.learned.training.data import Example, values_of
    from assistant.answering.learned.training.network import Net, _batch, _tensors

    lexicon = load_lexicon(Settings(_env_file=None).corpus_dir / "lexicon" / "reading.yaml")
    examples = []
    for n, raw in enumerate(["我们镇想评先进发牌子,区教育局不同意", "村里办个培训,不发证", "区政府拟表彰十佳"] * 12):
        text = folded(raw)
        clauses = split(text)
        organizations = find_organizations(text, clauses, lexicon)
        body, marks, offsets = marked(text, organizations)
        spans = cue_spans(text, clauses, lexicon)
        given_ = network_input(body, marks, offsets, spans, names_of(spans), organizations)
        labels = {"nature": ("commendation", "business")[n % 2], "intent": "activity", "recognition": UNSAID}
        examples.append(
            Example(
                [], given_, {**dict.fromkeys(_facts()), **labels}, tuple(i == 0 for i, _ in enumerate(organizations))
            )
        )
    values = values_of(examples)
    assert values == {"nature": ["business", "commendation"]}
    torch.manual_seed(3)
    vocabulary = "".join(sorted({c for e in examples for c in e.given.text}))
    classes = sorted({name for e in examples for _, _, name in e.given.classes})
    net = Net(len(vocabulary), len(classes), values).eval()
    rows = {c: i for i, c in enumerate(vocabulary, start=2)}
    with torch.no_grad():
        logits, runs = net(*_batch(examples[:3], rows, {c: i for i, c in enumerate(classes)}, None))
    meta = {"vocabulary": vocabulary, "classes": classes, "heads": values, "layers": len(net.convs)}
    ours = Network(_tensors(net, values), meta)
    for i, example in enumerate(examples[:3]):
        got = ours.read(example.given)
        wanted = dict(zip(values["nature"], torch.softmax(logits[0][i], 0).tolist(), strict=True))
        assert got.facts["nature"] == pytest.approx(wanted, abs=0.03)  # int8 weights
        chances = torch.softmax(runs[i], 0).tolist()[: len(got.runs_it)]
        assert got.runs_it == pytest.approx(tuple(chances), abs=0.03)


def _facts() -> tuple[str, ...]:
    from assistant.answering.learned.training.data import FACTS

    return FACTS


def test_where_a_looser_and_a_stricter_value_stay_likely_both_stay_open() -> None:
    assert set(likely_values("coverage", {"internal_staff": 0.5, "outside": 0.45, UNSAID: 0.05})) == {
        "internal_staff", "outside",
    }  # fmt: skip
    assert likely_values("coverage", {"internal_staff": 0.02, "outside": 0.9, UNSAID: 0.08}) == ("outside",)
    assert likely_values("fee", {"yes": 0.2, "no": 0.1, UNSAID: 0.7}) == ()


def _weighed(fact: str, chances: dict[str, float], known: ReadFact | None = None) -> dict[str, ReadFact]:
    facts = {fact: known} if known is not None else {}
    weigh(facts, Prediction({fact: chances}, (), {}), "发不发牌子还没定")
    return facts


def test_words_that_settle_a_fact_themselves_are_not_weighed() -> None:
    known = ReadFact("coverage", ("internal_staff",), 0, 4, sure=True)
    assert _weighed("coverage", {"outside": 0.9, UNSAID: 0.1}, known)["coverage"] == known


def test_what_is_said_to_be_undecided_stays_open() -> None:
    facts = _weighed("recognition", {OPEN: 0.8, "honor": 0.15, UNSAID: 0.05})
    assert facts["recognition"].open
    assert facts["recognition"].values == ()


def test_a_hint_of_an_honour_is_not_presumed_away() -> None:
    facts = _weighed("recognition", {"honor": 0.4, UNSAID: 0.6})
    assert facts["recognition"].open


def test_nobody_runs_it_when_nobody_was_named_to() -> None:
    said = Prediction({"organizer_kind": {UNSAID: 0.9, "township": 0.1}}, (), {})
    assert organizer_by_model((), said) == (None, ())


def test_the_words_that_a_fact_was_read_from_are_a_stretch_of_the_question(reader: Reader) -> None:
    text = "我们镇准备给村里的养蜂大户每人披红戴花,照片贴到集市口的灯箱上"
    reading = reader.read(text)
    for fact in reading.facts.values():
        assert 0 <= fact.start <= fact.end <= len(reading.folded.text)


def test_the_weights_are_small_and_need_no_torch() -> None:
    import subprocess
    import sys

    from assistant.answering.learned.model import WEIGHTS

    assert WEIGHTS.stat().st_size <= 5 * 2**20
    code = (
        "import sys; from assistant.answering.learned.model import load_model; load_model(); "
        "print('torch' in sys.modules, 'sklearn' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["False", "False"]


def test_probabilities_do_not_depend_on_what_was_read_before(reader: Reader) -> None:
    first = reader.read("区水务局想评节水企业授牌").facts
    reader.read("村里办培训")
    assert reader.read("区水务局想评节水企业授牌").facts == first
