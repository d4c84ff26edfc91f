"""The stock and its ledger, with the forms that change them."""
