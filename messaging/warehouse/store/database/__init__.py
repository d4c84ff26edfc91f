"""The database below the store: engine, tables, migrations, rows."""
