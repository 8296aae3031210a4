"""The restricted likelihood of one trial written out patient by patient, and maximised without derivatives."""

import numpy as np
from scipy.optimize import minimize


def plain_restricted_fit(treated, baseline, outcome, observed):
    """Return log likelihood, treatment effect at the last visit and its standard error."""
    visits = outcome.shape[1]
    lower = np.tril_indices(visits)

    def parts(parameters):
        root = np.zeros((visits, visits))
        root[lower] = parameters
        covariance = root @ root.T
        information, target, value = np.zeros((3 * visits, 3 * visits)), np.zeros(3 * visits), 0.0
        rows = []
        for arm, before, scores, seen in zip(treated, baseline, outcome, observed, strict=True):
            if not seen.any():
                continue
            design = np.kron(np.eye(visits), [1.0, arm, before])[seen]
            part = covariance[np.ix_(seen, seen)]
            inverse = np.linalg.inv(part)
            information += design.T @ inverse @ design
            target += design.T @ inverse @ scores[seen]
            value += np.log(np.linalg.det(part))
            rows.append((design, inverse, scores[seen]))
        coefficients = np.linalg.solve(information, target)
        for design, inverse, scores in rows:
            residual = scores - design @ coefficients
            value += residual @ inverse @ residual
        count = sum(len(scores) for _, _, scores in rows) - 3 * visits
        value += np.linalg.slogdet(information)[1] + count * np.log(2 * np.pi)
        return -value / 2, coefficients, np.linalg.inv(information)

    start = (np.eye(visits) * outcome[observed].std())[lower]
    found = minimize(lambda p: -parts(p)[0], start, method="BFGS", options={"gtol": 1e-4})
    value, coefficients, spread = parts(found.x)
    return value, coefficients[-2], np.sqrt(spread[-2, -2])
