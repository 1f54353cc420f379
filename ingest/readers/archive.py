"""Looking into zip-based files before anything is unpacked: number of entries, size in all, ratio. Pure but for the bytes."""

from __future__ import annotations

import io
import zipfile

from ingest.readers.worker import Refused

MAX_ENTRIES = 5_000
MAX_TOTAL = 300 * 1024 * 1024
MAX_RATIO = 200
_SMALL = 1024 * 1024  # below this the ratio does not matter


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive, once its table of contents is harmless. Raises Refused.

    What the table says may be a lie; `read_entry` holds each entry to it.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused("已损坏，打不开", "文件可能没有下载完整，请重新取得。") from error
    if len(entries) > MAX_ENTRIES:
        raise Refused(f"内部文件过多（{len(entries)} 个）", "文件异常，请另存为新文件后再试。")
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if total > MAX_TOTAL or (total > _SMALL and total / packed > MAX_RATIO):
        raise Refused(
            f"解压后有 {total / 1024 / 1024:.0f} MB（压缩前后相差 {total / packed:.0f} 倍），可能是压缩炸弹，已拒绝",
            "请向来件单位核实；确认无误的，另存为新文件或去掉图片后再试。",
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refused("设有打开密码", "请取消密码保护后另存再试。")
    return archive


def read_entry(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """One entry; None when it is not there. Raises Refused when it is larger than the table of contents says."""
    try:
        entry = archive.getinfo(name)
    except KeyError:
        return None
    try:
        with archive.open(entry) as source:
            data = source.read(entry.file_size + 1)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as error:
        raise Refused("已损坏，打不开", "文件可能没有下载完整，请重新取得。") from error
    if len(data) > entry.file_size:
        raise Refused("内部大小与目录不符，可能是压缩炸弹，已拒绝", "请向来件单位核实。")
    return data
