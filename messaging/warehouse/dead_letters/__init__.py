"""Messages that came back dead-lettered or misrouted, and their replay."""
