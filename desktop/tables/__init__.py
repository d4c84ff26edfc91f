"""Tables of typed rows: models, painting, paging, searching, and copying or exporting what they show."""
