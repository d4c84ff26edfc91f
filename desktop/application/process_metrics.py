"""What the desks of all windows of this process count and time, also of windows that are closed."""

from messaging.telemetry.metrics import Metrics, MetricsSnapshot


class ProcessMetrics:
    """One per program; a window's numbers are small, and stay when it goes."""

    def __init__(self) -> None:
        self._windows: tuple[Metrics, ...] = ()

    def add(self, window: Metrics) -> None:
        self._windows = (*self._windows, window)

    def total(self) -> MetricsSnapshot:
        """From any thread."""
        total = MetricsSnapshot.zero()
        for window in self._windows:
            total.merge(window.snapshot())
        return total
