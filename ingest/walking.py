"""Which files to read: folders walked, zip archives opened within limits, sidecars and hidden files left out."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from assistant.errors import BadInput, UnreadableFile
from ingest.readers.archive import MAX_ENTRIES, open_archive, read_entry
from ingest.readers.sniffing import sniff
from ingest.readers.worker import Refused
from ingest.reading import SIDECAR

MAX_FILES = 50_000


def walk(paths: Iterable[Path], *, refused: Callable[[str, UnreadableFile], None] | None = None) -> Iterator[Path]:
    """Files to read, in order of name. A zip is unpacked into a temporary folder that lives until its last file is done.

    Raises BadInput for a path that does not exist or too many files. A zip that is not harmless goes to `refused` with its
    name and the walk goes on; without `refused` its UnreadableFile is raised.
    """
    given = 0
    for path in paths:
        if not path.exists():
            raise BadInput(f"没有“{path}”这个文件或文件夹。", hint="检查路径；含空格的路径要加引号。")
        files = sorted(found for found in path.rglob("*") if found.is_file()) if path.is_dir() else [path]
        for file in files:
            relative = file.relative_to(path).parts if path.is_dir() else (file.name,)
            if _skipped(relative):
                continue
            for found in _open(file, refused):
                given += 1
                if given > MAX_FILES:
                    raise BadInput(f"文件超过 {MAX_FILES} 个。", hint="请分批导入。")
                yield found


def count_files(paths: Iterable[Path]) -> int:
    """About how many files `walk` will give, without unpacking anything; for progress only."""
    total = 0
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else [path]:
            if not file.is_file() or _skipped(file.relative_to(path).parts if path.is_dir() else (file.name,)):
                continue
            if file.suffix.lower() == ".zip" and zipfile.is_zipfile(file):
                with zipfile.ZipFile(file) as archive:
                    total += sum(1 for entry in archive.infolist() if not entry.is_dir())
            else:
                total += 1
    return total


def shown_name(path: Path) -> str:
    """A file's name for messages: inside a zip 包.zip/里面的文件.docx."""
    parts = path.parts
    for at, part in enumerate(parts[:-1]):
        if part.startswith(_UNPACKED):
            return "/".join(parts[at + 1 :])
    return path.name


_UNPACKED = "minggui-zip-"


def _skipped(parts: tuple[str, ...]) -> bool:
    name = parts[-1]
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return hidden or name.endswith(SIDECAR) or name.startswith("~$") or name.lower() in ("thumbs.db", "desktop.ini")


def _open(file: Path, refused: Callable[[str, UnreadableFile], None] | None) -> Iterator[Path]:
    try:
        with file.open("rb") as source:
            is_zip = source.read(4) == b"PK\x03\x04"
        if not is_zip or sniff(data := file.read_bytes()) != "zip":
            yield file
            return
    except OSError:
        yield file  # reading it will say what is wrong
        return
    with tempfile.TemporaryDirectory(prefix=_UNPACKED) as folder:
        try:
            yield from _unpack(data, Path(folder) / file.name)
        except Refused as error:
            told = UnreadableFile(f"压缩包“{file.name}”{error.reason}。", hint=error.hint)
            if refused is None:
                raise told from error
            refused(file.name, told)


def _unpack(data: bytes, folder: Path) -> Iterator[Path]:
    archive = open_archive(data)
    wanted: list[Path] = []
    for entry in archive.infolist()[:MAX_ENTRIES]:
        name = _name(entry)
        parts = PurePosixPath(name.replace("\\", "/")).parts
        is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
        outside = not parts or parts[0] == "/" or ".." in parts or ":" in parts[0]
        if entry.is_dir() or is_link or outside:
            continue
        if _skipped(parts) and not name.endswith(SIDECAR):
            continue
        content = read_entry(archive, entry.filename)
        if content is None:
            continue
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if not name.endswith(SIDECAR):
            wanted.append(target)
    yield from sorted(wanted)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; archives made on Chinese Windows do not say that theirs is GBK."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename
