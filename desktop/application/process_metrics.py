"""The sum of what all windows of this process count and time, also of windows that are closed."""

from messaging.telemetry.metrics import Metrics, MetricsSnapshot


class ProcessMetrics:
    """Adds up the metrics of all windows. A closed window's metrics are kept: they are small."""

    def __init__(self) -> None:
        self._windows: tuple[Metrics, ...] = ()

    def add(self, window: Metrics) -> None:
        self._windows = (*self._windows, window)

    def total(self) -> MetricsSnapshot:
        """The sum of all windows' metrics; may be called from any thread."""
        total = MetricsSnapshot.zero()
        for window in self._windows:
            total.merge(window.snapshot())
        return total
