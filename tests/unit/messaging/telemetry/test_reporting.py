"""The numbers of running processes, in files, added up, and in Prometheus' text format."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from messaging.runtime.paths import DataDir
from messaging.telemetry.metrics import Count, Metrics, Timing
from messaging.telemetry.reporting import SILENT, ProcessReport, reporting, reports
from messaging.telemetry.system_overview import Overview, prometheus
from tests.helpers.waiting import eventually

SERIES = re.compile(r'(?P<name>[a-z_]+)(\{(?P<labels>([a-z]+="[^"\n\\]*",?)*)\})? (?P<value>[0-9.e+-]+)')


@pytest.fixture
def folder(tmp_path: Path) -> DataDir:
    return DataDir.at(str(tmp_path / "data"))


def test_a_processs_numbers_can_be_read_while_it_runs_and_are_gone_after_it(folder: DataDir) -> None:
    metrics = Metrics()
    with reporting(metrics.snapshot, folder, "warehouse"):
        metrics.count(Count.PROCESSED, 3)
        found = eventually(lambda: [one for one in reports(folder) if one.numbers.counts[Count.PROCESSED] == 3])
        assert [(one.role, one.pid) for one in found] == [("warehouse", os.getpid())]
    assert reports(folder) == []
    assert list(folder.metrics.iterdir()) == []


def test_the_file_of_a_killed_process_is_ignored_and_removed(folder: DataDir) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    path = write(folder, ended.pid)
    assert reports(folder) == []
    assert not path.exists()


def test_a_file_that_nobody_renews_is_ignored_for_its_number_may_be_another_processs_now(folder: DataDir) -> None:
    path = write(folder, os.getpid())
    assert len(reports(folder)) == 1
    old = time.time() - SILENT - 1
    os.utime(path, (old, old))
    assert reports(folder) == []


def test_what_is_no_report_is_left_alone(folder: DataDir) -> None:
    folder.metrics.mkdir()
    other = folder.metrics / "notes.json"
    other.write_text("{}")
    assert reports(folder) == []
    assert other.exists()


def test_the_sum_of_two_processes_is_what_both_counted() -> None:
    assert overview().total.counts[Count.PLACED] == 2


def test_prometheus_text_has_a_type_for_each_name_and_no_series_twice() -> None:
    seen, typed = set[str](), dict[str, str]()
    for line in prometheus(overview()).splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            assert name not in typed
            typed[name] = kind
        elif not line.startswith("# HELP "):
            series = SERIES.fullmatch(line)
            assert series, line
            whole = series["name"] + (series["labels"] or "")
            assert whole not in seen
            seen.add(whole)
            base = re.sub("_(bucket|sum|count)$", "", series["name"])
            assert typed.get(series["name"]) or typed[base] == "histogram"
    assert 'order_desk_orders{status="processed"} 2' in prometheus(overview())
    assert 'order_desk_placed_total{role="place",pid="1"} 1' in prometheus(overview())


def test_a_prometheus_histogram_grows_from_bucket_to_bucket_up_to_its_count() -> None:
    text = prometheus(overview())
    mine = [line for line in text.splitlines() if line.startswith("order_desk_placed_to_accepted_seconds")]
    mine = [line for line in mine if 'pid="1"' in line]
    buckets = [int(line.split()[-1]) for line in mine if "_bucket" in line]
    assert buckets == sorted(buckets)
    assert 'le="+Inf"' in mine[len(buckets) - 1]
    assert mine[-2:] == [
        'order_desk_placed_to_accepted_seconds_sum{role="place",pid="1"} 0.5',
        'order_desk_placed_to_accepted_seconds_count{role="place",pid="1"} 1',
    ]
    assert buckets[-1] == 1


def write(folder: DataDir, pid: int) -> Path:
    folder.metrics.mkdir()
    path = folder.metrics / f"warehouse-{pid}.json"
    path.write_bytes(msgspec.json.encode(ProcessReport("warehouse", pid, time.time(), Metrics().snapshot())))
    return path


def overview() -> Overview:
    metrics = Metrics()
    metrics.count(Count.PLACED)
    metrics.time(Timing.PLACED_TO_ACCEPTED, 0.5)
    processes = tuple(ProcessReport(role, pid, 0.0, metrics.snapshot()) for role, pid in (("place", 1), ("desktop", 2)))
    return Overview(processes, 4, {"processed": 2, "rejected": 1}, 0, 5, {"new_orders_queue": 6})
