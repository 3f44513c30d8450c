from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import event
from sqlmodel import Session, create_engine

from config import settings

is_sqlite = settings.database_url.startswith("sqlite")
connect_args: dict = {}
if is_sqlite:
    connect_args = {"check_same_thread": False, "timeout": 30}
    Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)

engine = create_engine(
    settings.database_url, connect_args=connect_args, pool_size=settings.db_pool_size, max_overflow=0
)

if is_sqlite:

    @event.listens_for(engine, "connect")
    def _set_pragmas(dbapi_connection, _record) -> None:
        cursor = dbapi_connection.cursor()
        cursor.execute(f"PRAGMA journal_mode={settings.sqlite_journal_mode}")
        cursor.execute(f"PRAGMA synchronous={settings.sqlite_synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session
