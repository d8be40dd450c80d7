"""The book on paper: one PDF an edition, from the pages of the built site."""
