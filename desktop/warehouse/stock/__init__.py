"""The stock and its ledger, and the forms that change them."""
