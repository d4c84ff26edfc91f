"""Messages set aside, because they could not be taken: read them, correct them, replay them."""
