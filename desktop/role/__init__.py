"""What every role's page is made of: its tab, its worker thread, its session and what it remembers."""
