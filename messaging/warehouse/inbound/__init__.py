"""Reading what came from a queue, before the database is asked: messages, their deaths, and replays."""
