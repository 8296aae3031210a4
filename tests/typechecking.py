"""The checker of types at run time: a whole number is taken where a real one is asked, as type checkers do."""

from beartype import BeartypeConf, beartype

check = beartype(conf=BeartypeConf(is_pep484_tower=True))
