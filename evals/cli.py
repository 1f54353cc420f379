"""What `minggui eval …` does, as plain functions: paths and values in, values out. click stays in `assistant.cli`.

Runs lie in `<home>/evals/<name>/` (run.json, results.jsonl, report.*); cases and accepted numbers lie beside this package.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config import Settings
from assistant.errors import BadInput
from evals import accepted_runs, seals
from evals.accepted_runs import ACCEPTED_DIR, read_accepted
from evals.cases import CASES_DIR, Case, case_files, read_cases, suite_of
from evals.gate import GateResult, check_run, write_junit
from evals.lint import Complaint, lint_files, refuse_bad
from evals.records import Record, Run, latest_run, read_run
from evals.report import report_html, report_json, report_markdown
from evals.runner import Progress, new_meta, run_cases
from evals.shelf import Shelf
from evals.targets import LABELLED_INSTRUCTIONS, Http, InProcess, OpenAi, Target
from evals.triage import Failure, failures

if TYPE_CHECKING:
    from assistant.library import Library
    from assistant.service import Assistant
    from evals.relations.operators import Phrasing

log = logging.getLogger(__name__)


def runs_dir(settings: Settings) -> Path:
    return settings.home / "evals"


def open_shelf(library: Library) -> Shelf:
    """Everything the library holds, superseded versions too, as values."""
    documents = library.documents()
    return Shelf.of(documents, (provision for document in documents for provision in library.provisions(document.id)))


def open_target(assistant: Assistant, *, url: str = "", openai: str = "", model: str = "", token: str = "",
                plain: bool = False, timeout_s: float = 300.0) -> Target:  # fmt: skip
    """In-process without a URL. `plain`: an OpenAI endpoint that does not know our labels is told them."""
    if url and openai:
        raise BadInput("--url 和 --openai 只能给一个。", hint="--url 是本产品的服务地址，--openai 是 OpenAI 兼容接口。")
    if url:
        return Http(url, token=token, timeout_s=timeout_s)
    if openai:
        return OpenAi(openai, model=model or "minggui", token=token, timeout_s=timeout_s,
                      instructions=LABELLED_INSTRUCTIONS if plain else None)  # fmt: skip
    return InProcess(assistant)


def run(settings: Settings, *, suite: str = "ask", split: str = "open", url: str = "", openai: str = "", model: str = "",
        token: str = "", plain: bool = False, workers: int = 1, name: str = "", resume: str = "", limit: int = 0,
        blind: bool = False, today: date | None = None, cases_dir: Path = CASES_DIR, accepted_dir: Path = ACCEPTED_DIR,
        assistant: Assistant | None = None, progress: Progress | None = None) -> Run:  # fmt: skip
    """Lint the cases, ask them all, score and keep what came back; returns the run.

    `resume` names an unfinished run to go on with (its name, or "latest"). `limit` > 0 asks only the first cases: for a
    look, not for the gate. A blind split needs `blind`, its seal must hold, and the run is entered in the ledger first.
    Raises BadCases, BadInput, NotFound.
    """
    path = cases_dir / f"{suite}-{split}.jsonl"
    cases = read_cases(path)
    if seals.is_blind(path):
        if not blind:
            raise BadInput(f"{path.name} 是盲测集，每次运行都要登记。", hint="确要运行的，加 --blind。")
        if limit:
            raise BadInput("盲测集不能只跑一部分。", hint="去掉 --limit。")
        seals.check_seal(path)
    if assistant is None:
        from assistant.service import Assistant as Service

        assistant = Service.open(settings)
    shelf = open_shelf(assistant.library)
    today = today or date.today()
    refuse_bad(
        one for one in lint(settings, shelf=shelf, cases_dir=cases_dir, today=today) if one.where.file == path.name
    )
    target = open_target(assistant, url=url, openai=openai, model=model, token=token, plain=plain)
    directory = _directory(settings, suite, split, name, resume)
    chosen: Sequence[Case] = cases[:limit] if limit else cases
    count = 0
    if seals.is_blind(path):
        fresh = not (directory / "run.json").is_file()
        count = (seals.enter_blind_run(accepted_dir, path, target=target.name, fingerprint=target.fingerprint()) if fresh
                 else read_run(directory).meta.blind_count)  # fmt: skip
    meta = new_meta(suite, split, target, chosen, cases_sha256=seals.sha256_of(path), today=today, blind_count=count)
    return run_cases(chosen, target, shelf, directory, meta, workers=workers, progress=progress)


def lint(
    settings: Settings, *, shelf: Shelf | None = None, cases_dir: Path = CASES_DIR, today: date | None = None
) -> list[Complaint]:
    """Complaints about every case file. Without a shelf, what only the library can tell is not checked."""
    return lint_files(case_files(cases_dir), shelf, facts=declared_facts(settings.corpus_dir), kinds=finding_kinds(),
                      today=today or date.today())  # fmt: skip


def gate(settings: Settings, names: Sequence[str] = (), *, junit: Path | None = None,
         accepted_dir: Path = ACCEPTED_DIR) -> list[GateResult]:  # fmt: skip
    """Hold runs (by name; default: the newest of each suite that was accepted) against the accepted numbers.

    The exit code is the largest of the results'. Raises NotFound when a run or accepted numbers are missing.
    """
    runs = [pick(settings, one) for one in names] or [
        latest_run(runs_dir(settings), *path.stem.split("-", 1)) for path in sorted(accepted_dir.glob("*-*.json"))]  # fmt: skip
    if not runs:
        raise BadInput(
            "还没有认可过的结果，门禁无从比较。", hint="看过报告后，运行 minggui eval accept --who … --why …。"
        )
    results = [check_run(one, read_accepted(one.meta.suite, one.meta.split, accepted_dir)) for one in runs]
    if junit is not None:
        write_junit(results, junit)
    return results


def accept(settings: Settings, name: str = "latest", *, who: str, why: str, accepted_dir: Path = ACCEPTED_DIR) -> Path:
    """Make a run the one that later runs are held against. Raises BadInput without a name and a reason."""
    return accepted_runs.accept(pick(settings, name), who, why, directory=accepted_dir)


def report(settings: Settings, name: str = "latest", *, out: Path | None = None) -> dict[str, Path]:
    """Write report.json, report.md and report.html (into the run's folder by default); gives the paths by format."""
    chosen = pick(settings, name)
    folder = out or chosen.path
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"json": report_json(chosen), "md": report_markdown(chosen), "html": report_html(chosen)}
    paths = {form: folder / f"report.{form}" for form in texts}
    for form, text in texts.items():
        paths[form].write_text(text, encoding="utf-8")
    return paths


def triage(settings: Settings, name: str = "latest") -> dict[str, list[Failure]]:
    """Failed cases by the room of the product to look in; `evals.triage.to_text` and `to_dict` show it."""
    return failures(pick(settings, name))


def seal(suite: str, split: str, *, by: str, why: str = "", cases_dir: Path = CASES_DIR) -> str:
    """Seal a blind case file; gives its sha256."""
    return seals.seal(cases_dir / f"{suite}-{split}.jsonl", by=by, why=why)


def pick(settings: Settings, name: str) -> Run:
    """A run by name, by folder, or the newest: `latest`, `latest:ask`, `latest:ask-open`. Raises NotFound."""
    head, _, rest = name.partition(":")
    if head == "latest":
        suite, _, split = rest.partition("-")
        return latest_run(runs_dir(settings), suite, split)
    inside = runs_dir(settings) / name
    return read_run(inside if inside.is_dir() else Path(name))


def print_progress(done: int, total: int, record: Record) -> None:
    """A `progress` for a person: one line on stderr that counts up on a terminal, every tenth of the way elsewhere."""
    if sys.stderr.isatty():
        print(f"\r{done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done == total or done % max(1, total // 10) == 0:
        print(f"{done}/{total}", file=sys.stderr, flush=True)


def declared_facts(corpus_dir: Path) -> Mapping[str, Collection[str]] | None:
    """Names and values of `corpus/rules/facts.yaml`; None when there is no such file."""
    path = corpus_dir / "rules" / "facts.yaml"
    if not path.is_file():
        return None
    import yaml

    raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    raw = raw.get("facts", raw) if isinstance(raw, dict) else raw
    items = raw.items() if isinstance(raw, dict) else ((one.get("name") or one.get("id"), one) for one in raw)
    out: dict[str, Collection[str]] = {}
    for name, one in items:
        values = one.get("values", ()) if isinstance(one, dict) else ()
        out[str(name)] = tuple({True: "yes", False: "no"}.get(value, str(value)) for value in values)  # YAML 1.1
    return out


def finding_kinds() -> Collection[str]:
    """Kinds that the review room reports; () while it does not say."""
    try:
        review = importlib.import_module("assistant.review")
    except ImportError:
        return ()
    return tuple(str(kind) for kind in getattr(review, "KINDS", ()))


def _directory(settings: Settings, suite: str, split: str, name: str, resume: str) -> Path:
    if resume:
        chosen = pick(settings, f"latest:{suite}-{split}" if resume == "latest" else resume).path
        assert chosen is not None
        return chosen
    directory = runs_dir(settings) / (name or f"{suite}-{split}-{datetime.now():%Y%m%d-%H%M%S}")
    if (directory / "run.json").is_file():
        raise BadInput(f"已有同名的评测结果 {directory.name}。", hint="换一个 --name，或用 --resume 接着跑。")
    suite_of(Path(f"{suite}-{split}.jsonl"))
    return directory


def _labelled(path: Path | None, day: date) -> list[Phrasing]:
    from evals.relations.pairs import read_labelled

    return read_labelled(path or CASES_DIR / "extraction-open.jsonl", on=day)


def relations(
    settings: Settings, *, path: Path | None = None, per_operator: int = 120, seed: int = 0, today: date | None = None
) -> dict[str, Any]:
    """Metamorphic pairs over labelled phrasings; one row an operator, worst share and false permits over all."""
    from assistant.domain import Question
    from assistant.service import Assistant as Service
    from evals.relations.operators import OPERATORS
    from evals.relations.pairs import make_pairs, tallies

    assistant = Service.open(settings)
    made = make_pairs(
        _labelled(path, today or date.today()), assistant.book,
        lambda text, on: assistant.ask(Question(text, (), on)).outcome, seed=seed, per_operator=per_operator,
    )  # fmt: skip
    counted = tallies(made)
    rows: list[dict[str, Any]] = [
        {
            "operator": one.name, "tuned": one.tuned, "wording": one.wording, "pairs": t.pairs, "held": t.held,
            "share": t.held / t.pairs, "should_change": t.should_change, "false_permits": t.false_permits,
            "failures": [
                {"id": f.base.id, "text": f.changed.text, "expected": f.expected.value,
                 "given": f.given.value if f.given else None}
                for f in t.failures
            ],
        }
        for one in OPERATORS if (t := counted.get(one.name)) is not None
    ]  # fmt: skip
    return {
        "pairs": len(made), "worst": min((row["share"] for row in rows), default=0.0),
        "false_permits": sum(t.false_permits for t in counted.values()), "operators": rows,
    }  # fmt: skip


def simulated_users(settings: Settings, *, path: Path | None = None, today: date | None = None) -> dict[str, Any]:
    """How many questions it takes to a verdict, and how many of them could not have changed it."""
    from assistant.service import Assistant as Service
    from evals.relations.users import converse, median

    assistant = Service.open(settings)
    talks = [
        converse(one, assistant.ask, assistant.judged, assistant.book) for one in _labelled(path, today or date.today())
    ]
    counts = [talk.questions for talk in talks]
    return {
        "talks": len(talks), "median": median(counts), "mean": sum(counts) / max(1, len(counts)),
        "final": sum(talk.final for talk in talks), "idle": sum(talk.idle for talk in talks),
        "not_final": [
            {"id": talk.id, "asked": talk.asked, "told_branches": talk.told_branches} for talk in talks if not talk.final
        ],
    }  # fmt: skip


def extraction(settings: Settings, *, path: Path | None = None, today: date | None = None) -> dict[str, Any]:
    """F1 by fact, the facts in the order of facts.yaml: the cues alone, the model shown less and less, and all together.

    `cues`: patterns and scope; `letters`: the model shown the letters alone; `model`: with the word classes; `both`: with
    the cues too, which is what users get; `decided`: that again with what the rules presume anyway. Nothing is trained
    anew, so `letters` is a lower bound.
    """
    from assistant.answering.learned.model import load_model
    from assistant.answering.lexicon import load_lexicon
    from assistant.answering.reading import Reader
    from assistant.rules.loading import load
    from evals.relations.reading import ablation, extraction_as_decided

    lexicon = load_lexicon(settings.corpus_dir / "lexicon" / "reading.yaml")
    model = load_model()
    readers = {
        "cues": Reader(lexicon), "letters": Reader(replace(lexicon, words={}), model=model.without_cues()),
        "model": Reader(lexicon, model=model.without_cues()), "both": Reader(lexicon, model=model),
    }  # fmt: skip
    phrasings = _labelled(path, today or date.today())
    book = load(settings.corpus_dir / "rules")
    counted = ablation(phrasings, readers)
    counted["decided"] = extraction_as_decided(phrasings, readers["both"], book)
    both = counted["both"]
    facts = [fact.name for fact in book.facts if fact.name in both]
    rows = [
        {
            "fact": name, "labelled": both[name].right + both[name].missed,
            "precision": both[name].precision, "recall": both[name].recall,
            **{reader: counts[name].f1 if name in counts else 0.0 for reader, counts in counted.items()},
        }
        for name in facts
    ]  # fmt: skip
    return {"readers": list(counted), "facts": rows}
