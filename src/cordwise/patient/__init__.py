"""One person: parameters, lesion, tracts to muscles and skin, examinations, with and without cells."""
