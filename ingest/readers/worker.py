"""Hostile formats are parsed in a child process with limits on memory, processor time, wall time and writing.

The parent sends a file over a pipe and gets JSON back; nothing the child says is run. The child has none of the parent's
environment, so no secrets. It lives on for the next file and is replaced after any failure. `python -m
ingest.readers.worker` is the child.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from assistant.errors import UnreadableFile
from ingest.readers.blocks import Reading

if TYPE_CHECKING:  # the child need not load the settings
    from assistant.config import Settings

_READERS = {"docx": "docx", "pdf": "pdf", "html": "html", "xlsx": "xlsx", "xls": "xlsx"}
_LENGTH = struct.Struct(">Q")
_MAX_REPLY = 256 * 1024 * 1024
_IDLE_LIMIT = 2
_MAX_FILES = 200  # then a fresh child: a slow leak in a parser stays small


class Refused(Exception):
    """Raised by readers in the child: a reason and a hint for people."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


# --- the parent ------------------------------------------------------------------------------------------------------


class _Child:
    """One child process and the pipe to it."""

    def __init__(self, memory_mb: int) -> None:
        self.memory_mb = memory_mb
        self.files = 0
        root = str(Path(__file__).resolve().parents[2])
        keep = {
            name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMPDIR", "LANG") if name in os.environ
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "ingest.readers.worker", str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**keep, "PYTHONPATH": os.pathsep.join([root, *(p for p in sys.path if p)]), "PYTHONUTF8": "1"},
        )

    def ask(self, header: dict[str, object], data: bytes, timeout_s: float) -> dict[str, object] | None:
        """The child's answer; None when it died or ran out of time (then it is dead)."""
        killed = threading.Timer(timeout_s, self._process.kill)
        killed.start()
        try:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            _send(self._process.stdin, json.dumps(header).encode())
            _send(self._process.stdin, data)
            reply = _receive(self._process.stdout)
            return None if reply is None else json.loads(reply)
        except (OSError, ValueError):
            return None
        finally:
            killed.cancel()
            self.files += 1

    def close(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()


class _Pool:
    """Idle children of this process, for the next file."""

    def __init__(self) -> None:
        self._idle: list[_Child] = []
        self._pid = os.getpid()
        self._lock = threading.Lock()

    def take(self, memory_mb: int) -> _Child:
        with self._lock:
            if self._pid != os.getpid():  # after a fork the children belong to somebody else
                self._idle, self._pid = [], os.getpid()
            for at, child in enumerate(self._idle):
                if child.memory_mb == memory_mb:
                    return self._idle.pop(at)
        return _Child(memory_mb)

    def give_back(self, child: _Child) -> None:
        with self._lock:
            if child.files < _MAX_FILES and len(self._idle) < _IDLE_LIMIT and self._pid == os.getpid():
                self._idle.append(child)
                return
        child.close()

    def close(self) -> None:
        with self._lock:
            children, self._idle = self._idle if self._pid == os.getpid() else [], []
        for child in children:
            child.close()


_pool = _Pool()
atexit.register(_pool.close)


def read_in_child(kind: str, data: bytes, name: str, settings: Settings) -> Reading:
    """Read docx, pdf, html or xlsx in the limited child. Raises UnreadableFile with the reason."""
    child = _pool.take(settings.parse_memory_mb)
    started = time.monotonic()
    # The first file pays for starting the interpreter, which is not the file's fault.
    wall_s = settings.parse_timeout_s + (10.0 if child.files == 0 else 0.0)
    reply = child.ask({"kind": kind, "cpu_s": settings.parse_timeout_s, "name": name}, data, wall_s)
    if reply is None:
        child.close()
        if time.monotonic() - started >= wall_s * 0.95:
            raise _too_slow(name)
        raise UnreadableFile(
            f"“{name}”读取时超出限制（内存上限 {settings.parse_memory_mb} MB，时间上限 {settings.parse_timeout_s:g} 秒），已停止。",
            hint="文件可能损坏或异常；请另存为新文件、去掉图片后再试。",
        )
    if "reading" in reply:
        _pool.give_back(child)
        said = reply["reading"]
        assert isinstance(said, dict)
        return Reading.from_json(said)
    child.close()
    if reply.get("limit") == "memory":
        raise UnreadableFile(
            f"“{name}”展开后太大，超过 {settings.parse_memory_mb} MB 的内存上限，已停止读取。",
            hint="去掉图片或拆成几份后再试。",
        )
    if reply.get("limit") == "time":
        raise _too_slow(name)
    raise UnreadableFile(
        f"“{name}”{reply.get('reason', '读不了')}。", hint=str(reply.get("hint") or "请另存为新文件后再试。")
    )


def _too_slow(name: str) -> UnreadableFile:
    return UnreadableFile(f"“{name}”读取时间过长，已停止。", hint="文件可能异常；请另存为新文件，或拆成几份后再试。")


# --- the pipe --------------------------------------------------------------------------------------------------------


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _MAX_REPLY:
        raise ValueError(length)
    data = pipe.read(length)
    return data if len(data) == length else None


# --- the child -------------------------------------------------------------------------------------------------------


class _OutOfTime(Exception):
    pass


def _limit_process(memory_mb: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the wall clock alone
        return
    size = memory_mb * 1024 * 1024
    for what, limit in ((resource.RLIMIT_AS, size), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(what, (limit, limit))
        except (ValueError, OSError):  # macOS refuses some of them
            continue


def _limit_cpu(seconds: float) -> None:
    try:
        import resource
        import signal
    except ImportError:
        return

    def stop(*_: object) -> None:
        raise _OutOfTime

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    signal.signal(signal.SIGXCPU, stop)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _serve() -> None:
    """Read files from stdin until it closes. Whatever a parser prints is thrown away."""
    source, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    _limit_process(int(sys.argv[1]))
    # Run as a module this file is __main__; readers raise the Refused of the importable one.
    refused = importlib.import_module("ingest.readers.worker").Refused
    while (head := _receive(source)) is not None:
        said = json.loads(head)
        data = _receive(source)
        if data is None:
            return
        reply: dict[str, object]
        try:
            _limit_cpu(float(said["cpu_s"]))
            reader = importlib.import_module(f"ingest.readers.{_READERS[said['kind']]}")
            reply = {"reading": reader.read(data, said["name"]).as_json()}
        except refused as error:
            reply = {"reason": error.reason, "hint": error.hint}
        except MemoryError:
            reply = {"limit": "memory"}
        except _OutOfTime:
            reply = {"limit": "time"}
        except RecursionError:
            reply = {"reason": "的结构嵌套过深，读不了", "hint": ""}
        except Exception as error:  # a parser may raise anything on a damaged file: the parent turns it into words
            reply = {"reason": f"内容损坏或不合格式，读不了（{type(error).__name__}）", "hint": ""}
        _send(answers, json.dumps(reply, ensure_ascii=False).encode())


if __name__ == "__main__":
    _serve()
