"""Assistant: the one object every door talks to. Wires library, index, rules and answering; decides nothing itself."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from filelock import FileLock

from assistant import render
from assistant.answering.compose import Composer
from assistant.answering.dialogue import Part, Situation, split_activities, understand
from assistant.answering.intent import Aim, Intent, aim_of
from assistant.answering.learned.model import load_model
from assistant.answering.lexicon import load_lexicon
from assistant.answering.reading import Reader
from assistant.config import Settings
from assistant.domain import (
    Abstention,
    ActivityAnswer,
    Answer,
    Document,
    Level,
    Outcome,
    Passage,
    Provision,
    Question,
    Review,
)
from assistant.errors import BadInput, QuestionTooLong
from assistant.library import Library
from assistant.rules.engine import Verdict, judge
from assistant.rules.loading import load
from assistant.rules.model import RuleBook

if TYPE_CHECKING:
    from assistant.answering.open_questions import OpenQuestions
    from assistant.retrieval.hybrid import HybridRetriever
    from assistant.review import Reviewer
    from ingest.publishing import AddReport

log = logging.getLogger(__name__)
Progress = Callable[[int, int, str], None]
_BUILT_FROM_PARTS = frozenset({"_open_questions", "_reviewer"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with the document and provision it points at."""

    passage: Passage
    document: Document
    provision: Provision


class Assistant:
    """Thread-safe. Open once a process; everything heavy (Chroma, vectors) opens on first use."""

    def __init__(self, settings: Settings, library: Library, book: RuleBook) -> None:
        self.settings = settings
        self.library = library
        self.book = book
        corpus = settings.corpus_dir
        projects = _read_yaml(corpus / "catalogs" / "projects.yaml").get("projects", [])
        self._model = load_model()
        self._reader = Reader(load_lexicon(corpus / "lexicon" / "reading.yaml"), _known_projects(projects), self._model)
        authorities = {
            row["key"]: row for row in _read_yaml(corpus / "catalogs" / "authorities.yaml").get("authorities", [])
        }
        self._composer = Composer(library, book, authorities)
        self._lock = threading.Lock()
        self._retriever: HybridRetriever | None = None
        self._remembers = True

    @classmethod
    def open(cls, settings: Settings, *, progress: Progress | None = None) -> Assistant:
        """Open the home; a new one is filled from the corpus and indexed first, under the lock, while others wait."""
        from assistant.retrieval.hybrid import ensure_index

        settings.home.mkdir(parents=True, exist_ok=True)
        library = Library.open(settings.sql_url, settings.originals_dir)
        if not library.revision:
            with FileLock(str(settings.home / "lock")):
                from ingest.seeding import seed

                seed(library, settings, progress)
        ensure_index(library, settings, progress=progress)  # also after an upgrade that changed the vectors
        return cls(settings, library, load(settings.corpus_dir / "rules"))

    def variant(
        self, *, book: RuleBook | None = None, library: Library | None = None, reader: Reader | None = None,
        retriever: HybridRetriever | None = None,
    ) -> Assistant:  # fmt: skip
        """The same assistant with some parts replaced, to see what would change. It remembers no answers."""
        made = Assistant.__new__(Assistant)
        stale = _BUILT_FROM_PARTS if library is not None or retriever is not None else {"_reviewer"}
        made.__dict__ |= {name: part for name, part in self.__dict__.items() if name not in stale}
        made.book, made.library = book or self.book, library or self.library
        made._reader = reader or self._reader
        made._composer = replace(self._composer, library=made.library, book=made.book)
        made._retriever = retriever or (self.retriever if library is None else None)
        made._remembers = False
        return made

    @property
    def reader(self) -> Reader:
        return self._reader

    # ── asking ──

    def ask(self, question: Question) -> Answer:
        """Answer one question as of its day (default today). Raises QuestionTooLong, BadInput (empty)."""
        text = question.text.strip()
        if not text:
            raise BadInput("问题是空的。", hint="请写出谁想办什么活动，例如“我们街道想评十佳商户发牌子，要报批吗”。")
        if len(text) > self.settings.max_question_chars:
            raise QuestionTooLong(
                f"问题有 {len(text)} 字，最多 {self.settings.max_question_chars} 字。",
                hint="请只写谁主办、办什么、发不发称号牌匾；整篇通知稿请用 review。",
            )
        on = question.as_of or date.today()
        parts = split_activities(text)
        answer = self._several(parts, question, on) if len(parts) > 1 else self._one(text, question, on)
        answer = replace(answer, answer_id=uuid.uuid4().hex[:16], question=text, as_of=on, fingerprint=self.fingerprint)
        if self._remembers:
            self._remember(answer, question)
        return answer

    def _one(self, text: str, question: Question, on: date) -> Answer:
        situation = understand(text, question.context, self._reader, self.book)
        aim = self._aim(situation)
        if aim.intent is Intent.HARMFUL:
            return _abstain("harmful", "这类忙帮不了。弄虚作假、规避监管的做法请不要做；办活动的合规问题可以继续问。")
        if aim.intent is Intent.OFF_TOPIC:
            return _abstain("off_topic", "这不在我的范围内。我只答创建示范、评比表彰和相邻活动该不该批、怎么批。")
        if aim.intent is Intent.OPEN:
            return self._open(text, aim, question, situation, on)
        verdict = judge(situation.stated(), self.book, on=on)
        return self._composer.compose(text, situation, verdict, on=on)

    def judged(self, question: Question) -> Verdict:
        """The verdict behind the answer to a question about one activity, with its proof and branches."""
        situation = understand(question.text.strip(), question.context, self._reader, self.book)
        return judge(situation.stated(), self.book, on=question.as_of or date.today())

    def _aim(self, situation: Situation) -> Aim:
        assert situation.current is not None
        has_activity = any(name in situation.facts for name in ("nature", "organizer_kind", "recognition"))
        return aim_of(
            situation.current.folded.text, situation.current, has_activity=has_activity, follow_up=situation.follow_up
        )

    def _several(self, parts: Sequence[Part], question: Question, on: date) -> Answer:
        """Several activities: each is judged; the strictest answers, the others are listed."""
        turn = len(question.context)
        answers = [_placed(self._one(part.text, question, on), part, turn) for part in parts]
        judged = [(part, answer) for part, answer in zip(parts, answers, strict=True) if answer.outcome is not None]
        if not judged:
            return answers[0]
        _, top = max(judged, key=lambda pair: _rank(pair[1].outcome))
        activities = tuple(
            ActivityAnswer(f"{part.text[:40]}：{answer.label}", answer.outcome)
            for part, answer in judged
            if answer.outcome is not None
        )
        return replace(top, activities=activities if len(activities) > 1 else ())

    def _open(self, text: str, aim: Aim, question: Question, situation: Situation, on: date) -> Answer:
        earlier = [turn.content for turn in question.context if turn.role == "user"]
        if earlier:  # “依据是哪条？” is about what was just decided
            verdict = judge(situation.stated(), self.book, on=on)
            cited = self._composer.compose(text, situation, verdict, on=on).citations
            earlier += [f"《{citation.document}》{citation.provision}" for citation in cited]
        found = self._open_questions.answer(text, aim.topic, on=on, situation_text=" ".join(earlier))
        return Answer(
            answer_id="", question=text, outcome=None, label="", text=found.text, citations=found.citations,
            abstained=found.abstained, notices=found.notices, as_of=on,
        )  # fmt: skip

    @cached_property
    def _open_questions(self) -> OpenQuestions:
        from assistant.answering.open_questions import OpenQuestions

        return OpenQuestions(self.library, lambda: self.retriever, self.settings.corpus_dir, self.settings.region)

    def _remember(self, answer: Answer, question: Question) -> None:
        """Keep what replaying needs: the question with its context, and the answer as given."""
        payload = {
            "question": question.text,
            "context": [{"role": turn.role, "content": turn.content} for turn in question.context],
            "as_of": answer.as_of.isoformat(),
            "region": question.region,
            "answer": render.answer_to_dict(answer),
        }
        self.library.save_answer(answer.answer_id, payload)

    def replay(self, answer_id: str) -> tuple[Mapping[str, Any], Answer]:
        """The answer as it was given, and the same question asked again today as of the same day."""
        kept = self.library.answer(answer_id)
        from assistant.domain import Turn

        again = Question(
            kept["question"], tuple(Turn(t["role"], t["content"]) for t in kept["context"]),
            date.fromisoformat(kept["as_of"]), kept.get("region"),
        )  # fmt: skip
        return kept["answer"], self.ask(again)

    # ── finding ──

    @property
    def retriever(self) -> HybridRetriever:
        """Opened on first use. Raises IndexDamaged with the way to mend it."""
        if self._retriever is None:
            from assistant.retrieval.hybrid import HybridRetriever

            with self._lock:
                if self._retriever is None:
                    self._retriever = HybridRetriever.open(self.library, self.settings)
        return self._retriever

    def search(
        self, query: str, k: int = 10, *, as_of: date | None = None, region: str | None = None,
        level: Level | None = None, document: str | None = None,
    ) -> list[Hit]:  # fmt: skip
        """The best k provisions in force on the day, best first."""
        passages = self.retriever.search(
            query, k, on=as_of or date.today(), region=region, level=level, document=document
        )
        return [
            Hit(passage, self.library.document(passage.document_id), self.library.provision(passage.provision_id))
            for passage in passages
        ]

    # ── notices ──

    def review(self, text: str, *, organizer: str | None = None, as_of: date | None = None) -> Review:
        """Pre-check a draft notice; nothing is stored."""
        return self._reviewer.review(text, organizer=organizer, on=as_of or date.today())

    @cached_property
    def _reviewer(self) -> Reviewer:
        from assistant.review import Reviewer

        return Reviewer(self._reader, self.book, self._composer)

    def read_notice(self, data: bytes, name: str) -> str:
        """All the text of an uploaded notice, in order."""
        from ingest.reading import plain_text

        return plain_text(data, name, self.settings)

    # ── the shelf ──

    def documents(self) -> list[Document]:
        return self.library.documents()

    def document(self, document_id: str) -> tuple[Document, list[Provision]]:
        document = self.library.document(document_id)
        return document, self.library.provisions(document.id)

    def add_paths(
        self, paths: Sequence[Path], *, publish: bool, by: str, progress: Progress | None = None
    ) -> AddReport:
        """Read files, folders or zips; publish them and rebuild the index, or keep drafts."""
        from assistant.retrieval.hybrid import build_index
        from ingest.publishing import add

        report = add(paths, self.library, self.settings, publish=publish, by=by, progress=progress)
        if report.published:
            build_index(self.library, self.settings, progress=progress)
        return report

    def add(self, files: Sequence[tuple[str, bytes]], *, publish: bool, by: str) -> AddReport:
        """The same for uploaded bytes."""
        import tempfile

        with tempfile.TemporaryDirectory(prefix="minggui-") as folder:
            paths = []
            for number, (name, data) in enumerate(files):
                place = Path(folder) / str(number)
                place.mkdir()
                path = place / (Path(name).name or "未命名")
                path.write_bytes(data)
                paths.append(path)
            return self.add_paths(paths, publish=publish, by=by)

    def publish_drafts(self, draft_ids: Sequence[str] | None, *, by: str) -> int:
        """Publish waiting drafts (None: all) and rebuild the index; returns the library's revision."""
        from ingest.publishing import publish_drafts

        revision = publish_drafts(draft_ids, self.library, self.settings, by=by)
        self.rebuild_index()
        return revision

    def retire(self, document_id: str, *, by: str, note: str) -> None:
        """Take a document out of use; answers stop citing it at once, search once the index is rebuilt (here)."""
        self.library.retire(document_id, by=by, note=note)
        self.rebuild_index()

    def restore(self, document_id: str, *, by: str, note: str) -> None:
        self.library.restore(document_id, by=by, note=note)
        self.rebuild_index()

    def rebuild_index(self, *, fresh: bool = False, progress: Progress | None = None) -> str:
        """Build the next generation beside the serving one; returns its name."""
        from assistant.retrieval.hybrid import build_index

        return build_index(self.library, self.settings, progress=progress, fresh=fresh)

    # ── the rest ──

    def feedback(self, answer_id: str, right: bool, comment: str) -> None:
        self.library.save_feedback(answer_id, right, comment)

    def forwardable(self, answer: Answer, tone: str) -> str:
        return render.forwardable(answer, tone)

    @property
    def fingerprint(self) -> str:
        """Corpus + rules + reading lexicon + reading model: one value per state of the product."""
        return (
            f"{self.library.fingerprint()[:12]}-{self.book.fingerprint}-{self._lexicon_mark}-{self._model.fingerprint}"
        )

    @cached_property
    def _lexicon_mark(self) -> str:
        path = self.settings.corpus_dir / "lexicon" / "reading.yaml"
        return hashlib.sha256(path.read_bytes()).hexdigest()[:8]

    def health(self) -> dict[str, Any]:
        """Whether this process can answer, and from what."""
        documents = self.library.documents()
        model = sum(document.text_status.value == "model" for document in documents)
        return {
            "ok": True, "documents": len(documents), "model_documents": model, "rules": len(self.book.rules),
            "revision": self.library.revision, "fingerprint": self.fingerprint,
        }  # fmt: skip


def _placed(answer: Answer, part: Part, turn: int) -> Answer:
    """The same answer, with the words that its facts were read from where they stand in the whole question."""
    facts = tuple(
        replace(fact, span=replace(fact.span, start=part.place(fact.span.start), end=part.place(fact.span.end - 1) + 1))
        if fact.span is not None and fact.span.turn == turn else fact
        for fact in answer.facts
    )  # fmt: skip
    return replace(answer, facts=facts)


def _rank(outcome: Outcome | None) -> tuple[int, int]:
    """Strictest first; open questions outrank permits, never a prohibition."""
    if outcome is None:
        return (-1, 0)
    if outcome.strictness >= Outcome.APPROVAL_REQUIRED.strictness:
        return (2, outcome.strictness)
    if outcome.strictness == 0:
        return (1, 0)
    return (0, outcome.strictness)


def _abstain(why: str, text: str) -> Answer:
    return Answer(
        answer_id="", question="", outcome=None, label="", text=text, abstained=Abstention(why, text), as_of=date.min
    )


def _read_yaml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    value = yaml.safe_load(path.read_text(encoding="utf-8"))
    return value if isinstance(value, dict) else {}


def _known_projects(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(name, level of fact project_level) of projects that central or provincial bodies run, longest name first."""
    out = [
        (str(name), "central_province")
        for row in rows
        if row.get("verified") != "model"
        for name in (row["name"], *row.get("aliases", ()))
    ]
    return sorted(out, key=lambda pair: -len(pair[0]))


def dump_json(value: Any) -> str:
    """JSON as the doors write it: Chinese readable, keys in order."""
    return json.dumps(value, ensure_ascii=False)
