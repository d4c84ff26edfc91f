"""Messages that could not be taken: look at them, correct them, replay them."""
