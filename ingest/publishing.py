"""Adding documents: walk, read, give each its place among what is held, publish in one transaction or keep as drafts.

`add` reads whatever it is given and reports file by file; a file that cannot be read does not stop the others. A draft waits
in `home/drafts` until `publish_drafts` or `drop_draft`.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.domain import Document, DocumentStatus, Provision, TextStatus
from assistant.errors import AssistantError, NotFound, UnreadableFile
from assistant.library import Library
from assistant.library.names import age_key, plain_key
from assistant.library.rows import document_fields, provision_fields, read_document, read_provision
from assistant.text.labels import article_number
from ingest.checks import Problem, check_document
from ingest.reading import SIDECAR, Draft, is_unnamed, read_path, with_identity
from ingest.walking import count_files, shown_name, walk

log = logging.getLogger(__name__)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Refusal:
    """A file that was not read, and why."""

    name: str
    code: str
    message: str
    hint: str


@dataclass(frozen=True)
class AddReport:
    """What became of each file."""

    drafts: tuple[Draft, ...] = ()  # read in this run, in the order of files; parts of one document are one draft
    refused: tuple[Refusal, ...] = ()
    skipped: tuple[str, ...] = ()  # names of files whose content is already in the library
    published: tuple[str, ...] = ()  # document ids that are now in the library
    draft_ids: tuple[str, ...] = ()  # where not published: what to hand to publish_drafts
    revision: int = 0  # of the library after it

    @property
    def problems(self) -> tuple[tuple[str, Problem], ...]:
        """(file name, problem) of all drafts."""
        return tuple((draft.name, problem) for draft in self.drafts for problem in draft.problems)


@dataclass
class _Gathered:
    drafts: list[Draft] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def add(
    paths: Iterable[Path],
    library: Library,
    settings: Settings,
    *,
    publish: bool,
    by: str,
    note: str = "",
    progress: Progress | None = None,
) -> AddReport:
    """Read files, folders and zip archives; publish all that could be read in one transaction, or keep them as drafts.

    Content that is already in the library is skipped without reading it again, so a second run changes nothing.
    `progress` gets (files done, files known so far, name). Raises BadInput for a path that is not there.
    """
    gathered = _gather([Path(path) for path in paths], library, settings, progress)
    refused, skipped = gathered.refused, gathered.skipped
    drafts: list[Draft] = []
    for draft in _settle(gathered.drafts, library, refused):
        grave = next((problem for problem in draft.problems if problem.severity == "refuse"), None)
        if grave is not None:
            refused.append(Refusal(draft.name, "incomplete_document", f"“{draft.name}”{grave.message}", grave.hint))
        elif library.holds(draft.document, draft.provisions):
            skipped.append(draft.name)
        else:
            drafts.append(draft)
    log.info("to add: %d, refused: %d, already there: %d", len(drafts), len(refused), len(skipped))
    published: tuple[str, ...] = ()
    draft_ids: tuple[str, ...] = ()
    revision = library.revision
    if drafts and publish:
        revision = _publish(drafts, library, by, note)
        published = tuple(draft.document.id for draft in drafts)
    elif drafts:
        draft_ids = tuple(_keep(draft, settings) for draft in drafts)
    return AddReport(tuple(drafts), tuple(refused), tuple(skipped), published, draft_ids, revision)


def _gather(paths: Sequence[Path], library: Library, settings: Settings, progress: Progress | None) -> _Gathered:
    out = _Gathered()

    def refuse(name: str, error: AssistantError) -> None:
        out.refused.append(Refusal(name, error.code, error.message, error.hint))

    held = {document.content_hash for document in library.documents() if document.content_hash}
    total = count_files(paths) if progress else 0
    done = 0
    for path in walk(paths, refused=refuse):
        name = shown_name(path)
        if progress:
            progress(done, max(total, done + 1), name)
        done += 1
        try:
            if _is_held(path, held, settings):
                out.skipped.append(name)
            else:
                out.drafts.append(replace(read_path(path, settings), name=name))
        except AssistantError as error:
            refuse(name, error)
        except OSError as error:
            refuse(name, UnreadableFile(f"“{name}”打不开（{error.strerror}）。", hint="检查路径和权限。"))
    if progress and done:
        progress(done, max(total, done), "")
    return out


def _is_held(path: Path, held: set[str], settings: Settings) -> bool:
    """Whether the very bytes are in the library. A sidecar may have changed what they mean: then the file is read again."""
    if path.with_name(path.name + SIDECAR).is_file() or path.stat().st_size > settings.max_upload_mb * 1024 * 1024:
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() in held


# --- the place of a document among the others ------------------------------------------------------------------------


def _settle(drafts: Sequence[Draft], library: Library, refused: list[Refusal]) -> list[Draft]:
    """Ids and supersession: parts joined, works recognised by title, older versions ended. Order of files is kept."""
    settled = [_adopt(draft, library) for draft in _join_parts(drafts)]
    by_id: dict[str, Draft] = {}
    for draft in settled:
        there = by_id.get(draft.document.id)
        if there is None:
            by_id[draft.document.id] = draft
        elif there.document.content_hash != draft.document.content_hash:
            if _same_text(there, draft):
                continue
            refused.append(
                Refusal(
                    draft.name, "incomplete_document", f"“{draft.name}”与“{there.name}”编号相同（{draft.document.id}），内容不同。",
                    f"在同名的 {draft.name}{SIDECAR} 里写明 version，以示区别。",
                )
            )  # fmt: skip
    titles: dict[str, Document] = {}
    for draft in by_id.values():
        titles.setdefault(plain_key(draft.document.title), draft.document)
    return [_supersede(draft, titles, library) for draft in by_id.values()]


def _same_text(one: Draft, other: Draft) -> bool:
    return [p.text for p in one.provisions] == [p.text for p in other.provisions]


def _join_parts(drafts: Sequence[Draft]) -> list[Draft]:
    """Files with the same title and date and without a common article are parts of one document (民法典 in eight files)."""
    groups: dict[tuple[str, str, str], list[Draft]] = {}
    for draft in drafts:
        document = draft.document
        version = str(document.issued_on) if is_unnamed(document) else document.version
        groups.setdefault((document.work, document.title, version), []).append(draft)
    out: list[Draft] = []
    for group in groups.values():
        ranges = [_articles(draft) for draft in group]
        disjoint = all(ranges) and sum(map(len, ranges)) == len(set().union(*ranges))
        out += [_join(group)] if len(group) > 1 and disjoint else group
    return out


def _articles(draft: Draft) -> set[tuple[int, int]]:
    return {number for p in draft.provisions if not p.parent and (number := article_number(p.label))}


def _join(parts: Sequence[Draft]) -> Draft:
    ordered = sorted(parts, key=lambda draft: min(_articles(draft)))
    first = ordered[0].document
    packed = io.BytesIO()
    with zipfile.ZipFile(
        packed, "w", zipfile.ZIP_DEFLATED
    ) as archive:  # the originals, kept as one; always the same bytes
        for part in ordered:
            archive.writestr(zipfile.ZipInfo(part.name, (1980, 1, 1, 0, 0, 0)), part.original, zipfile.ZIP_DEFLATED)
    document = replace(first, content_hash=hashlib.sha256(packed.getvalue()).hexdigest())
    provisions: list[Provision] = []
    ids: set[str] = set()
    for part in ordered:
        for provision in part.provisions:
            moved = replace(provision, document_id=document.id, ordinal=len(provisions))
            if moved.id in ids:  # two parts that both have a 序言
                moved = replace(moved, anchor=f"p-{len(provisions)}") if not moved.label else moved
            ids.add(moved.id)
            provisions.append(moved)
    problems = [problem for part in ordered for problem in part.problems if "缺第" not in problem.message]
    problems += [problem for problem in check_document(document, provisions) if "缺第" in problem.message]
    problems.append(
        Problem("info", "", f"由 {len(parts)} 个文件合成：{'、'.join(part.name for part in ordered)}。", "")
    )
    name = f"{ordered[0].name} 等 {len(parts)} 个文件"
    repeals = tuple(dict.fromkeys(title for part in ordered for title in part.repeals))
    return Draft(document, tuple(provisions), tuple(dict.fromkeys(problems)), packed.getvalue(), name, repeals)


def _adopt(draft: Draft, library: Library) -> Draft:
    """Give a document without an id of its own the work that already has its title: an original takes over a paraphrase."""
    document = draft.document
    if not is_unnamed(document):
        return draft
    known = library.find_document(document.document_number) if document.document_number else None
    if known is None or plain_key(known.title) != plain_key(document.title):
        known = library.find_document(document.title)
    if known is None or plain_key(known.title) != plain_key(document.title):
        return draft
    year = str(document.issued_on)[:4] or str(document.effective_on)[:4]
    version = document.version
    for other in library.versions(known.work):
        same_year = year and year in (other.version, str(other.issued_on)[:4], str(other.effective_on)[:4])
        same_day = str(other.issued_on) == str(document.issued_on)
        if (other.text_status is not TextStatus.ORIGINAL and (same_year or not year)) or (same_day and year):
            version = other.version
            inherited = replace(
                document,
                aliases=tuple(dict.fromkeys([*document.aliases, *other.aliases])),
                supersedes=tuple(dict.fromkeys([*document.supersedes, *other.supersedes])),
            )
            draft = replace(draft, document=inherited)
            if other.text_status is not TextStatus.ORIGINAL:
                told = Problem("info", "", f"将替换资料库里的转述或示范文本 {other.id}。", "发布后请核对引用它的规则。")
                draft = replace(draft, problems=(*draft.problems, told))
            break
    else:
        if year and all(other.version != year for other in library.versions(known.work)):
            version = year
    return with_identity(draft, known.work, version)


def _supersede(draft: Draft, batch: Mapping[str, Document], library: Library) -> Draft:
    """Documents it says it repeals end with it. Older versions of its own work do so anyway."""
    document = draft.document
    if document.status is not DocumentStatus.IN_FORCE or document.text_status is not TextStatus.ORIGINAL:
        return draft
    ended = list(document.supersedes)
    for name in draft.repeals:
        other = library.find_document(name) or batch.get(plain_key(name))
        if other is None or other.work == document.work or plain_key(other.title) != plain_key(name):
            continue
        if age_key(other) < age_key(document):
            ended.append(other.id)
    return replace(draft, document=replace(document, supersedes=tuple(dict.fromkeys(ended))))


def _publish(drafts: Sequence[Draft], library: Library, by: str, note: str) -> int:
    return library.publish([(draft.document, draft.provisions, draft.original) for draft in drafts], by=by, note=note)


# --- drafts ----------------------------------------------------------------------------------------------------------


def drafts_dir(settings: Settings) -> Path:
    return settings.home / "drafts"


def _keep(draft: Draft, settings: Settings) -> str:
    """Write a draft down; the same content again overwrites. Returns its id."""
    folder = drafts_dir(settings)
    folder.mkdir(parents=True, exist_ok=True)
    draft_id = draft.document.content_hash[:12]
    said: dict[str, Any] = {
        "document": {**document_fields(draft.document), "retired": False},
        "provisions": [provision_fields(provision) for provision in draft.provisions],
        "problems": [vars(problem) for problem in draft.problems],
        "repeals": list(draft.repeals),
        "name": draft.name,
    }
    _write(folder / f"{draft_id}.original", draft.original)
    _write(folder / f"{draft_id}.json", json.dumps(said, ensure_ascii=False).encode())
    return draft_id


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)


def waiting_drafts(settings: Settings) -> dict[str, Draft]:
    """Drafts that wait to be published, by id, in order of id."""
    out = {}
    for path in sorted(drafts_dir(settings).glob("*.json")):
        out[path.stem] = load_draft(path.stem, settings)
    return out


def load_draft(draft_id: str, settings: Settings) -> Draft:
    """One waiting draft. Raises NotFound."""
    path = drafts_dir(settings) / f"{draft_id}.json"
    if not draft_id.isalnum() or not path.is_file():
        raise NotFound(f"没有编号为 {draft_id} 的草稿。", hint="用 minggui corpus add 重新读取文件。")
    said = json.loads(path.read_text(encoding="utf-8"))
    return Draft(
        document=read_document(said["document"]),
        provisions=tuple(read_provision(row) for row in said["provisions"]),
        problems=tuple(Problem(**problem) for problem in said["problems"]),
        original=path.with_suffix(".original").read_bytes(),
        name=said["name"],
        repeals=tuple(said["repeals"]),
    )


def publish_drafts(
    draft_ids: Sequence[str] | None, library: Library, settings: Settings, *, by: str, note: str = ""
) -> int:
    """Publish waiting drafts (None: all of them) in one transaction and remove them; returns the revision. Raises NotFound."""
    ids = list(waiting_drafts(settings)) if draft_ids is None else list(draft_ids)
    drafts = [load_draft(draft_id, settings) for draft_id in ids]
    revision = _publish(drafts, library, by, note) if drafts else library.revision
    for draft_id in ids:
        drop_draft(draft_id, settings)
    return revision


def drop_draft(draft_id: str, settings: Settings) -> None:
    """Forget a draft; nothing happens when there is none."""
    for suffix in (".json", ".original"):
        if draft_id.isalnum():
            (drafts_dir(settings) / f"{draft_id}{suffix}").unlink(missing_ok=True)
