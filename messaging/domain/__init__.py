"""Orders, stock, notices and the rules over them. Pure: no I/O, and no clock but as an argument."""
