"""The report of a study: a site made of its tables, its figures and the pages of workflow/pages."""
