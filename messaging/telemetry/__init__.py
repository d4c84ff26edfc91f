"""What a process counts, times, logs and traces."""
