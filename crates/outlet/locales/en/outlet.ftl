# Texts of the outlet: the public page, the index of block lists, errors people read.

site-name = noroshi
