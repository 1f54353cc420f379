"""Opening: tables made and migrated, refused when they cannot be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from assistant.errors import AssistantError
from assistant.library import Library, schema
from tests.library.conftest import make_document, publish


def test_the_migrations_build_exactly_the_declared_tables(library: Library, url: str) -> None:
    inspector = inspect(create_engine(url))
    made = {
        name: {(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(name)}
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }
    declared_engine = create_engine("sqlite://")
    schema.metadata.create_all(declared_engine)
    declared_inspector = inspect(declared_engine)
    declared = {
        name: {
            (column["name"], str(column["type"]), column["nullable"]) for column in declared_inspector.get_columns(name)
        }
        for name in declared_inspector.get_table_names()
    }
    assert made == declared
    for name in declared:
        found = {(i["name"], tuple(i["column_names"]), i["unique"]) for i in inspector.get_indexes(name)}
        assert found == {
            (i["name"], tuple(i["column_names"]), i["unique"]) for i in declared_inspector.get_indexes(name)
        }


def test_the_newest_migration_is_the_one_the_program_expects(library: Library, url: str) -> None:
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    assert scripts.get_current_head() == schema.HEAD
    with create_engine(url).connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == schema.HEAD


def test_opening_again_keeps_what_is_there(library: Library, url: str) -> None:
    publish(library, make_document())
    library.close()
    with Library.open(url) as again:
        assert [document.id for document in again.documents()] == ["chuangjian/2022"]


def test_a_library_of_a_newer_program_is_refused_with_a_hint(library: Library, url: str) -> None:
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(AssistantError, match="更新版本") as error:
        Library.open(url)
    assert "升级" in error.value.hint


def test_a_file_that_is_no_database_is_refused_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_text("这不是数据库" * 100)
    with pytest.raises(AssistantError, match="资料库打不开") as error:
        Library.open(f"sqlite:///{path}")
    assert error.value.hint


def test_opening_an_up_to_date_library_does_not_load_alembic(library: Library, url: str) -> None:
    program = "import sys; from assistant.library import Library; Library.open(sys.argv[1]).documents(); sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program, url], check=False).returncode == 0


def test_several_processes_may_open_a_new_library_together(url: str) -> None:
    program = "import sys; from assistant.library import Library; print(Library.open(sys.argv[1]).revision)"
    started = [subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[0].strip() for process in started] == [b"0"] * 4


def test_a_library_in_memory_works_too() -> None:
    with Library.open("sqlite://") as library:
        publish(library, make_document())
        assert library.revision == 1
        assert library.provision("chuangjian/2022/第一条").label == "第一条"
