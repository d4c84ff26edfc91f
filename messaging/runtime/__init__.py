"""What a process runs with: settings, profiles, paths, a thread for each database."""
