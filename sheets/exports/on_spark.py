"""Exports judged by PySpark, on this computer or on many.

Nothing is collected but counts: rows are cleaned, judged and written where they lie. What Spark
itself keeps (warehouse, local files, logs of the workers) stays in the folder for the work, which
is removed. The computers of a cluster need Reveal installed, and paths that are the same on all.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import polars as pl
import pyarrow as pa  # noqa: TC002 - PySpark reads the annotations of what it is given
import pyspark
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's own pages call it
from pyspark.sql.pandas.functions import arrow_udf

from sheets.errors import CannotRead, MissingExtra
from sheets.exports.source import NUMBER
from sheets.rules.model import ROW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pyspark.sql import Column, DataFrame

    from sheets.exports.cleaning import Cleaning
    from sheets.exports.source import Export

_HERE = "local[*]"
_PYTHON = "PYSPARK_PYTHON"
_BATCH = 50_000
_NANOS = 1000
_LOGGERS = ("DataFrameQueryContextLogger", "SQLQueryContextLogger")  # an error may quote cells
_PATTERN = re.compile(r"[][*?{}\\]")
_LOGGING = """\
rootLogger.level = off
rootLogger.appenderRef.none.ref = none
appender.none.type = Null
appender.none.name = none
"""


class Spark:
    """The engine of a cluster.

    Args:
        work: The folder for what it puts aside.
        master: Where it runs, such as ``spark://host:7077``; on this computer if not given.

    Raises:
        MissingExtra: There is no Java.
    """

    def __init__(self, work: Path, master: str | None) -> None:
        _require_java()
        self._master = master or _HERE
        self._work = work / "spark"
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> Self:
        self._work.mkdir()
        builder = SparkSession.builder.master(self._master).appName("reveal")
        for key, value in _configuration(self._work, self._master).items():
            builder = builder.config(key, value)
        for logger in _LOGGERS:
            PySparkLogger.getLogger(logger).disabled = True
        with _environment(), _silence():
            self.session = builder.getOrCreate()
        return self

    def __exit__(self, *_: object) -> None:
        # The workers of a local cluster keep their logs where Spark is installed.
        logs = _home() / "work" / self.session.sparkContext.applicationId
        self.session.stop()
        shutil.rmtree(logs, ignore_errors=True)

    def clean(self, export: Export, cleaning: Cleaning, target: Path) -> None:
        """See `sheets.exports.engines.Engine`."""
        schema = ", ".join(
            f"{name} {'bigint' if kind == pl.Int64 else 'string'}"
            for name, kind in cleaning.schema.items()
        )

        def clean(rows: pa.Array) -> pa.Array:
            batch = pl.Series(pl.from_arrow(rows)).struct.unnest()
            return cleaning.clean(batch).to_struct().to_arrow()

        # Its declared types know no plain function of one array.
        udf = cast("Any", arrow_udf)(clean, f"struct<{schema}>")
        own = self._numbered(export)
        columns = [own[_quoted(name)] for name in cleaning.names.values()]
        cleaned = own.select(udf(F.struct(own[NUMBER].alias(ROW), *columns)).alias("cleaned"))
        cleaned.select("cleaned.*").write.parquet(str(target))

    def scan(self, path: Path) -> DataFrame:
        """See `sheets.exports.engines.Engine`."""
        return self.session.read.parquet(_path(path))

    def write(self, frame: DataFrame, target: Path) -> None:
        """See `sheets.exports.engines.Engine`."""
        frame.write.parquet(str(target))

    def collect(self, frame: DataFrame) -> pl.DataFrame:
        """See `sheets.exports.engines.Engine`."""
        return pl.DataFrame(frame.toArrow())

    def result(self, export: Export, words: DataFrame, target: Path) -> None:
        """See `sheets.exports.engines.Engine`."""
        own = self._numbered(export)
        new = words.withColumnRenamed(ROW, NUMBER)
        joined = own.join(new, on=NUMBER, how="left").orderBy(NUMBER)
        joined.drop(NUMBER).write.parquet(str(target))

    def _numbered(self, export: Export) -> DataFrame:
        """All rows of an export, numbered."""
        firsts = {part.name: first for part, first in export.numbered()}
        _require_names(firsts)
        pairs = [F.lit(one) for name, first in firsts.items() for one in (name, first)]
        rows = self.session.read.parquet(*map(_path, export.parts))
        of_file = rows.metadataColumn("_metadata")
        # Spark tells names as in addresses, with %20 for a blank; a plus is only a plus there.
        name = F.url_decode(F.replace(of_file["file_name"], F.lit("+"), F.lit("%2B")))
        unknown = F.raise_error(F.lit("a part has an unknown name")).cast("bigint")
        first = F.coalesce(F.element_at(F.create_map(*pairs), name), unknown)
        types = export.scan().collect_schema()
        own = [_of_type(rows[_quoted(name)], types[name]).alias(name) for name in export.names]
        return rows.select(*own, (of_file["row_index"] + first).alias(NUMBER))


def _require_names(names: Collection[str]) -> None:
    """Refuse names of files that Spark takes for hidden ones, or for addresses."""
    for name in names:
        if name.startswith(("_", ".")) or ":" in name:
            raise CannotRead(
                "PySpark does not read a file whose name begins with _ or . or has a colon in it.",
                hint="Give it another name.",
                where=name,
            )


def _path(path: Path) -> str:
    """A path that is to be read, in which no sign stands for others."""
    return _PATTERN.sub(r"\\\g<0>", path.as_posix())


def _of_type(column: Column, kind: pl.DataType) -> Column:
    """A column as Spark has it; nanoseconds, which it gives as numbers, as a moment again."""
    if not isinstance(kind, pl.Datetime) or kind.time_unit != "ns":
        return column
    moment = F.timestamp_micros(F.call_function("div", column, F.lit(_NANOS)))
    return moment if kind.time_zone else moment.cast("timestamp_ntz")


def _configuration(work: Path, master: str) -> Mapping[str, str]:
    """Everything in one folder, no port for browsers, no logs, names as they are written."""
    logging = work / "log4j2.properties"
    logging.write_text(_LOGGING, encoding="utf-8")
    # As an address, since a blank in it would end the option.
    quiet = f"-Dlog4j2.configurationFile={logging.as_uri()}"
    here = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return {
        **(here if master.startswith("local") else {}),
        "spark.driver.extraJavaOptions": quiet,
        "spark.executor.extraJavaOptions": quiet,
        "spark.driver.memory": "2g",
        "spark.eventLog.enabled": "false",
        "spark.local.dir": str(work / "local"),
        "spark.python.sql.dataFrameDebugging.enabled": "false",
        "spark.sql.caseSensitive": "true",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(_BATCH),
        "spark.sql.legacy.parquet.nanosAsLong": "true",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.timeType.enabled": "true",
        "spark.sql.warehouse.dir": str(work / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }


@contextmanager
def _environment() -> Iterator[None]:
    """The Python of the workers on this computer is this one."""
    before = os.environ.get(_PYTHON)
    os.environ[_PYTHON] = sys.executable
    try:
        yield
    finally:
        if before is None:
            del os.environ[_PYTHON]
        else:
            os.environ[_PYTHON] = before


@contextmanager
def _silence() -> Iterator[None]:
    """What is started meanwhile writes no errors: Java's may quote cells."""
    own = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(own, 2)
        os.close(own)
        os.close(nowhere)


def _home() -> Path:
    return Path(os.environ.get("SPARK_HOME") or Path(pyspark.__file__).parent)


def _require_java() -> None:
    java = Path(os.environ.get("JAVA_HOME", "")) / "bin" / "java"
    if not (java.is_file() or shutil.which("java")):
        raise MissingExtra(
            "PySpark needs Java, which is not installed.", hint="Install Java 17 or later."
        )


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
